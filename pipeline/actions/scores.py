"""The scores and bands that deals had on entering the pipeline and on closing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from django.db.models import Max, Q

from leads.actions import store
from leads.models.leads import Outcome
from leads.organisation import local_date
from pipeline.models import Deal
from scoring.history import scores_on
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
    days = {deal.pk: local_date(deal.entered_at) for deal in deals if deal.entered_at}
    for deal, total, band_id in _scores(deals, days):
        deal.entry_score, deal.entry_band_id = total, band_id


def _fill_closings(deals: Sequence[Deal]) -> None:
    """A closing whose day is unknown counts on the day on which it was recorded."""
    closed = Deal.objects.filter(pk__in=[deal.pk for deal in deals]).exclude(lead__outcome=Outcome.OPEN)
    dates = closed.annotate(recorded_at=Max("stage_changes__left_at")).values_list(
        "pk", "lead__closed_on", "recorded_at"
    )
    days = {pk: day or local_date(recorded_at) for pk, day, recorded_at in dates if day or recorded_at}
    for deal, total, band_id in _scores(deals, days):
        deal.close_score, deal.close_band_id = total, band_id


def _scores(deals: Iterable[Deal], days: Mapping[int, date]) -> Iterator[tuple[Deal, int | None, int | None]]:
    known = scores_on(list(days.items())) if days else {}
    for deal in deals:
        if deal.pk in known:
            deal.scores_filled_later = True
            yield deal, *known[deal.pk]
