"""Fitted models: learnt from the oldest closed leads, judged on the newest, written as a readable draft."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils import timezone

from config.refusals import Refusal
from leads.models import ProductLine, User
from leads.organisation import remembered, today
from scoring.actions import import_model
from scoring.catalogue import read_catalogue
from scoring.compiler.plan import Plan
from scoring.compiler.storing import Version
from scoring.compiler.trying import cutting_statement
from scoring.definition import ModelSpec, write_definition
from scoring.fields import Catalogue, Field
from scoring.learning.candidates import Candidate
from scoring.learning.history import History
from scoring.learning.readable import Scale, bands_of, groups_of, labels_of, simplify
from scoring.learning.regression import Examples, find_suspects, fit
from scoring.learning.shares import shares
from scoring.models import RunStatus, ScoringModel, Trial, TrialKind, TrialRange
from scoring.statistics import EXCLUDED, Interval, auc_interval, tally, threshold_for, thresholds
from scoring.trials.backtesting import scored_by
from scoring.trials.closed import closed_under, count_outcomes, write_places
from scoring.trials.findings import FEWEST, not_enough
from scoring.trials.jobs import KINDS, Work, begin, lock_trials
from scoring.trials.lessons import take_lesson

PRECISION = 0.8  # wished of the best band
NOTHING = 0.55  # ROC AUC below which there is nothing worth a rule
KEPT = ("n_learnt", "n_judged", "left_out", "suspects", "shares", "rules", "definition")
TOO_GOOD = 0.95  # ROC AUC that speaks for a leak rather than for a model


class UnknownField(Refusal):
    """There is no such field."""


@transaction.atomic
def start_fit(
    line: ProductLine | None,
    *,
    by: User | None,
    ignore: Sequence[str] = (),
    order: str | None = None,
    stores: bool = True,
) -> Trial:
    """Fit a model to the closed leads of a product line; a draft comes of it only where `stores`.

    `ignore` and `order` name fields by path, key or label; leads stand in order of the day on which they are
    looked at, or of the field `order`.
    """
    lock_trials()
    with remembered():
        catalogue = read_catalogue()
        options = {
            "ignore": sorted({named_field(name, catalogue).path for name in ignore}),
            "order": named_field(order, catalogue).path if order else None,
            "stores": stores,
        }
        same = Trial.objects.filter(kind=TrialKind.FIT, product_line=line, status=RunStatus.RUNNING)
        running = same.first() if stores else None
        trial = Trial(kind=TrialKind.FIT, product_line=line, as_of=today(), options=options, by=by)
        return running or begin(trial, _cut)


def named_field(name: str, catalogue: Catalogue) -> Field:
    """The field of this path, key or label, without regard to case."""
    if field := catalogue.named(name):
        return field
    raise UnknownField(f"There is no field “{name}”.")


def _cut(trial: Trial) -> None:
    closed = closed_under(ScoringModel(product_line=trial.product_line))
    won, lost = count_outcomes(closed)
    trial.options |= {"n_won": won, "n_lost": lost}
    if won >= FEWEST and lost >= FEWEST:
        write_places(trial.pk, closed, days_before=None)
        trial.total = 1
        TrialRange.objects.create(trial=trial, first=0, last=0)
    trial.save(update_fields=["options"])


def fit_range(taken: TrialRange) -> dict[str, Any]:
    """The whole fit; it is no more than some thousand leads."""
    with remembered():
        return learn(taken.trial)


def learn(trial: Trial) -> dict[str, Any]:
    """What the leads that the trial has noted teach; `definition` is null when that is nothing."""
    lesson = take_lesson(trial)
    history, honest = lesson.history, lesson.honest
    found: dict[str, Any] = {
        "n_learnt": honest.size,
        "n_judged": len(history.leads) - honest.size,
        "leaks": lesson.leaks,
        "shares": [asdict(share) for share in shares(honest)],
        "suspects": [asdict(leak) for leak in find_suspects(honest, labels_of(honest.candidates))],
        "left_out": lesson.left_out,
    }
    regression = auc_interval(honest.judged(fit(honest).scores)) if honest.candidates else None
    if regression is None or regression.low <= 0.5 or regression.value < NOTHING:
        return found | {"regression": _asdict(regression), "readable": None, "definition": None}
    return found | {"regression": asdict(regression)} | _readable(trial, history, honest)


def _asdict(interval: Interval | None) -> dict[str, Any] | None:
    return asdict(interval) if interval else None


def _readable(trial: Trial, history: History, honest: Examples) -> dict[str, Any]:
    """The draft, its bands chosen on the leads that were learnt from, and judged as it will score."""
    kept, _, scale = simplify(honest)
    line = trial.product_line.name if trial.product_line else None
    totals = totals_of(history, _draft(kept.candidates, scale, line, history.catalogue, totals=[0, 100]))
    learnt = tally(totals[: kept.size], kept.is_won[: kept.size])
    wished = threshold_for(PRECISION, thresholds(learnt))
    hot = wished.score if wished else None
    draft = _draft(kept.candidates, scale, line, history.catalogue, totals=totals[: kept.size], hot=hot)
    return {
        "readable": _asdict(auc_interval(kept.judged(totals))),
        "rules": sum(len(group.rules) for group in draft.groups),
        "definition": write_definition(draft),
    }


def _draft(
    candidates: Sequence[Candidate],
    scale: Scale,
    line: str | None,
    catalogue: Catalogue,
    *,
    totals: Sequence[int],
    hot: int | None = None,
) -> ModelSpec:
    name = f"{line or 'Default'}, fitted {today():%d %b %Y}"
    bands = bands_of(totals, hot, catalogue.bands)
    return ModelSpec(name=name[:120], product_line=line, groups=groups_of(candidates, scale), bands=bands)


def totals_of(history: History, draft: ModelSpec) -> list[int]:
    """What the draft gives every lead, computed as scores are."""
    version = Version(0, timezone.now(), is_silent=True, thresholds=((1, 0, 0),))
    statement = cutting_statement(Plan(draft, history.catalogue), version)
    totals: dict[int, int] = {}
    for by_day in history.batches():
        found = scored_by(statement, by_day)
        totals |= {lead_id: EXCLUDED if row[0] is None else row[0] for lead_id, row in found.items()}
    return [totals[lead_id] for lead_id in history.leads]


def conclude_fit(trial: Trial) -> dict[str, Any]:
    """The figures under the names that scripts rely on; the draft is stored, where that was asked for."""
    won, lost = trial.options["n_won"], trial.options["n_lost"]
    counts = next((part.counts for part in trial.ranges.all()), None) or {}
    found = {"n_won": won, "n_lost": lost, "leaks": counts.get("leaks", [])}
    for name in ("readable", "regression"):
        interval = counts.get(name)
        found[f"auc_{name}"] = round(interval["value"], 4) if interval else None
        bounds = [round(interval["low"], 4), round(interval["high"], 4)] if interval else None
        found[f"auc_{name}_interval"] = bounds
    found |= {
        key: counts.get(key)
        for key in ("n_learnt", "n_judged", "left_out", "suspects", "shares", "rules", "definition")
    }
    if counts.get("definition") and trial.options["stores"]:
        trial.model = import_model(counts["definition"], by=trial.by)
    trial.closed_leads.all().delete()
    return found | {"verdict": verdict(found)}


def verdict(found: dict[str, Any]) -> str:
    """The finding in words."""
    missing = [max(0, FEWEST - found[key]) for key in ("n_won", "n_lost")]
    if any(missing):
        return not_enough(*missing)
    area, interval = found["auc_regression"], found["auc_regression_interval"]
    if found["auc_readable"] is None:
        measured = f" (ROC AUC {area:.3f}, {interval[0]:.3f} to {interval[1]:.3f})" if area else ""
        return f"Nothing that is known of these leads before their outcome predicts winning{measured}."
    leaks = ", ".join(leak["label"] for leak in found["leaks"])
    named = f" Left out, for they seem to know the outcome: {leaks}." if leaks else ""
    leaks = ", ".join(leak["label"] for leak in found["suspects"] or ())
    named += f" Kept, but much hangs on it: {leaks}." if leaks else ""
    caution = " That is too good to be true: look for a leak." if area > TOO_GOOD else ""
    return (
        f"The readable draft tells won from lost with a ROC AUC of {found['auc_readable']:.3f} on the newest "
        f"{found['n_judged']:,} leads, the regression behind it with {area:.3f}.{caution}{named}"
    )


KINDS[TrialKind.FIT] = Work(fit_range, conclude_fit)
