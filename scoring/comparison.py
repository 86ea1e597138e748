"""A lead's score under every active model, side by side: computed, not stored."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from leads.models import Lead
from leads.organisation import remembered, today
from scoring.engine import moment_values
from scoring.explain import compiled, rows_of
from scoring.models import Band, BandThreshold, ScoreState, ScoringModel


@dataclass(frozen=True, slots=True)
class ModelScore:
    """A score under one model, halves in tenths, no numbers while excluded; `is_own` decides the band."""

    model: ScoringModel
    state: str
    total: int | None
    fit: int | None
    engagement: int | None
    grade: str
    band: Band | None
    is_own: bool
    is_best: bool = False


def scores_under_all(lead: Lead) -> list[ModelScore]:
    """The best first; the lead's own model shows the stored score, with the band that it has kept.

    Best is the highest total, among equals the better fit. One statement for each model.
    """
    active = ScoringModel.objects.active().select_related("product_line")
    models = {model.product_line_id: model for model in active}
    own = models.get(lead.product_line_id) or models.get(None)
    thresholds = _thresholds(models.values())
    with remembered():
        scores = [
            _stored(lead, model) if model == own else _computed(lead, model, thresholds.get(model.pk, []))
            for model in models.values()
        ]
    ranked = sorted(scores, key=_rank)
    return [_marked(score, is_best=place == 0) for place, score in enumerate(ranked)]


def _rank(score: ModelScore) -> tuple[int, int, str]:
    missing = -1_000_000
    return (
        -(missing if score.total is None else score.total),
        -(missing if score.fit is None else score.fit),
        str(score.model),
    )


def _marked(score: ModelScore, *, is_best: bool) -> ModelScore:
    return replace(score, is_best=is_best and score.total is not None)


def _thresholds(models: Iterable[ScoringModel]) -> dict[int, list[BandThreshold]]:
    found: dict[int, list[BandThreshold]] = {}
    rows = BandThreshold.objects.filter(model__in=list(models)).select_related("band").order_by("-enter")
    for row in rows:
        found.setdefault(row.model_id, []).append(row)
    return found


def _stored(lead: Lead, model: ScoringModel) -> ModelScore:
    score = lead.score
    return ModelScore(
        model, score.state, score.total, score.fit, score.engagement, score.grade, score.band, is_own=True
    )


def _computed(lead: Lead, model: ScoringModel, thresholds: list[BandThreshold]) -> ModelScore:
    """As if the lead came to this model today: bands begin where they are entered."""
    values = moment_values([lead.pk], today())
    [totals] = rows_of(compiled(model.pk, is_past=False).totals, values)
    if totals["excluded"]:
        return ModelScore(model, ScoreState.EXCLUDED, None, None, None, "", None, is_own=False)
    band = next((row.band for row in thresholds if totals["total"] >= row.enter), None)
    return ModelScore(
        model,
        ScoreState.SCORED,
        totals["total"],
        totals["fit"],
        totals["engagement"],
        totals["grade"],
        band,
        is_own=False,
    )
