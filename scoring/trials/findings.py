"""What a backtest has found, in figures: one document that page, command and API show."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import numpy as np

from scoring.catalogue import read_catalogue
from scoring.definition.specs import ModelSpec, RuleSpec, comparisons
from scoring.models import BacktestedLead, Band, Trial
from scoring.rows import load_definition
from scoring.statistics import (
    EXCLUDED,
    Sample,
    auc,
    auc_interval,
    rate,
    tally,
    tenths_of_leads,
    threshold_for,
    thresholds,
    wilson,
)
from scoring.tenths import to_tenths
from scoring.trials.jobs import counts_of
from scoring.trials.leaking import Leak, label_of, suspects

FEWEST = 40  # won, and as many lost, that prove anything
Rows = list[tuple[bool, bool, int | None, int | None, int | None, int | None]]


def conclude_backtest(trial: Trial) -> dict[str, Any]:
    """The figures of a finished backtest; of too little history only how much is missing."""
    assert trial.model
    won, lost = trial.options["n_won"], trial.options["n_lost"]
    found: dict[str, Any] = {"n_won": won, "n_lost": lost, "missing_won": max(0, FEWEST - won)}
    found["missing_lost"] = max(0, FEWEST - lost)
    if found["missing_won"] or found["missing_lost"]:
        return found | {"verdict": not_enough(found["missing_won"], found["missing_lost"])}
    columns = ("is_won", "is_recorded", "total", "band", "live_total", "live_band")
    rows: Rows = list(BacktestedLead.objects.filter(trial=trial).order_by("place").values_list(*columns))
    precision = trial.options["precision"]
    found["unrecorded"] = sum(not recorded for _, recorded, *_ in rows)
    found["draft"] = figures([(won, total, band) for won, _, total, band, *_ in rows], precision)
    found["live"] = (
        figures([(won, total, band) for won, _, _, _, total, band in rows], precision) if trial.live else None
    )
    sample = [tuple(row) for part in trial.ranges.all() for row in counts_of(part)["sample"]]
    found["warnings"] = [asdict(leak) for leak in suspects(field_leaks(load_definition(trial.model), sample))]
    return found | {"verdict": verdict(found)}


def not_enough(missing_won: int, missing_lost: int) -> str:
    """How many closed leads are still missing."""
    parts = [f"{n} more {word}" for n, word in ((missing_won, "won"), (missing_lost, "lost")) if n]
    return f"Not enough history: {' and '.join(parts)} leads are needed, of at least {FEWEST} each."


def figures(rows: list[tuple[bool, int | None, int | None]], precision: float) -> dict[str, Any]:
    """The figures of one model: outcome, total and band of each lead, none while excluded."""
    sample = tally((EXCLUDED if total is None else total for _, total, _ in rows), (won for won, *_ in rows))
    interval = auc_interval(sample)
    steps = thresholds(sample)
    wished = threshold_for(precision, steps)
    return {
        "auc": asdict(interval) if interval else None,
        "tenths": [asdict(part) for part in tenths_of_leads(sample)],
        "bands": list(_by_band(rows, sample)),
        "thresholds": [asdict(step) for step in steps],
        "wished": asdict(wished) if wished else None,
        "excluded": sum(total is None for _, total, _ in rows),
    }


def _by_band(rows: list[tuple[bool, int | None, int | None]], sample: Sample) -> Iterator[dict[str, Any]]:
    """Leads, wins, win rate with its interval and lift of each band, and of the excluded under null."""
    leads: dict[int | None, list[bool]] = defaultdict(list)
    for won, _, band in rows:
        leads[band].append(won)
    keys = {band.pk: band.key for band in Band.objects.all()}
    for pk, key in [*keys.items(), (None, None)]:
        if outcomes := leads.get(pk):
            share = sum(outcomes) / len(outcomes)
            low, high = wilson(sum(outcomes), len(outcomes))
            yield {
                "band": key,
                "leads": len(outcomes),
                "won": sum(outcomes),
                "rate": share,
                "low": low,
                "high": high,
                "lift": rate(share, sample.win_rate or 0),
            }


def field_leaks(model: ModelSpec, sample: list[tuple[Any, ...]]) -> Iterator[Leak]:
    """For each field that rules look at: the ROC AUC of its points alone, and what they add to the model's.

    `sample` has outcome, total and the worth of every rule in tenths, null without a line.
    """
    if not sample:
        return
    won = [bool(row[0]) for row in sample]
    worths = np.array([row[2] for row in sample], dtype=float)  # null becomes nan
    whole = auc(tally(_totals(model, worths), won))
    catalogue = read_catalogue()
    for path in sorted({path for rule in _rules(model) for path in _paths(rule)}):
        concerned = np.array([path in _paths(rule) for rule in _rules(model)])
        alone = auc(tally(np.nansum(worths[:, concerned], axis=1), won))
        rest = auc(tally(_totals(model, worths, without=path), won))
        lift = whole - rest if whole is not None and rest is not None else None
        yield Leak(path, label_of(path, catalogue), alone, lift)


def _rules(model: ModelSpec) -> list[RuleSpec]:
    return [rule for group in model.groups for rule in group.rules]


def _paths(rule: RuleSpec) -> set[str]:
    return {comparison.field for comparison in comparisons(rule.when)}


def _totals(model: ModelSpec, worths: Any, without: str = "") -> Any:
    """Sums of the groups within their bounds, without one field; a measure for warnings, never a score."""
    total, at = np.zeros(len(worths)), 0
    for group in model.groups:
        kept = [at + place for place, rule in enumerate(group.rules) if without not in _paths(rule)]
        at += len(group.rules)
        if kept:
            points = np.nan_to_num(worths[:, kept])
            one = points.max(axis=1) if group.combine == "best" else points.sum(axis=1)
            total += np.clip(one, to_tenths(group.min), to_tenths(group.max))
    return total


def verdict(found: dict[str, Any]) -> str:
    """The finding in words."""
    area = found["draft"]["auc"]
    closed = found["n_won"] + found["n_lost"]
    text = f"On {closed:,} closed leads the model tells won from lost with a ROC AUC of {area['value']:.3f}"
    text += f" (95 % interval {area['low']:.3f} to {area['high']:.3f})"
    if area["low"] <= 0.5:
        return f"{text}: no better than chance."
    if not found["live"]:
        return f"{text}."
    other = found["live"]["auc"]["value"]
    return f"{text}; the live model has {other:.3f}."


def printed(trial: Trial) -> dict[str, Any]:
    """The figures under the names that scripts rely on, those of the draft at the top."""
    found: dict[str, Any] = trial.result or {}
    draft, live = found.get("draft") or {}, found.get("live") or {}
    area, other = draft.get("auc"), live.get("auc")
    return {
        "model": trial.model_id,
        "auc": round(area["value"], 4) if area else None,
        "auc_interval": [round(area["low"], 4), round(area["high"], 4)] if area else None,
        "auc_live": round(other["value"], 4) if other else None,
        "leaks": found.get("warnings", []),
        "threshold": draft.get("wished"),
        "tenths": draft.get("tenths", []),
        "bands": draft.get("bands", []),
        **{key: found.get(key) for key in ("n_won", "n_lost", "missing_won", "missing_lost", "unrecorded")},
        "verdict": found["verdict"],
    }
