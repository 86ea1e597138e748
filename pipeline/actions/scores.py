"""The scores and bands that deals had on entering the pipeline and on closing."""

from collections.abc import Iterable, Sequence

from django.db.models import F, Max, Q

from leads.actions import store
from leads.models.leads import Outcome
from leads.organisation import local_date
from pipeline.models import Deal, StageChange
from scoring.models import ScoreState


def fill_scores(lead_ids: Iterable[int]) -> None:
    """Compute what is missing for the days of entry and closing; unscored leads wait their turn."""
    without_entry = Q(entry_score=None, entered_at__isnull=False)
    without_closing = Q(close_score=None) & ~Q(lead__outcome=Outcome.OPEN)
    ids = list(lead_ids)
    scored = Deal.objects.exclude(lead__score__state=ScoreState.UNSCORED) if ids else Deal.objects.none()
    deals = list(scored.filter(without_entry | without_closing).locked(ids))
    if deals:
        _fill_entries([deal for deal in deals if deal.entered_at and deal.entry_score is None])
        _fill_closings([deal for deal in deals if deal.close_score is None])
        store(deals, "entry_score", "entry_band", "close_score", "close_band", "scores_filled_later")


def _fill_entries(deals: Sequence[Deal]) -> None:
    from scoring.history import scores_on  # noqa: PLC0415

    known = scores_on([(deal.pk, local_date(deal.entered_at)) for deal in deals if deal.entered_at])
    for deal in deals:
        if deal.pk in known:
            deal.entry_score, deal.entry_band_id = known[deal.pk]
            deal.scores_filled_later = True


def _fill_closings(deals: Sequence[Deal]) -> None:
    """A closing whose day is unknown counts on the day on which it was recorded."""
    closings = (
        StageChange.objects.filter(deal__in=deals)
        .exclude(deal__lead__outcome=Outcome.OPEN)
        .values_list("deal", closed_on=F("deal__lead__closed_on"))
        .annotate(recorded_at=Max("left_at"))
        .order_by()
    )
    days = {lead_id: closed_on or local_date(recorded_at) for lead_id, closed_on, recorded_at in closings}
    from scoring.history import scores_on  # noqa: PLC0415

    known = scores_on(list(days.items()))
    for deal in deals:
        if deal.pk in known:
            deal.close_score, deal.close_band_id = known[deal.pk]
            deal.scores_filled_later = True
