"""How long deals stay in a stage."""

from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Q

from leads.models import User
from pipeline.models import StageChange
from reports.funnel import FunnelQuery, in_funnel
from reports.percentiles import Percentile


def median_stays(user: User, query: FunnelQuery) -> dict[str, timedelta]:
    """By the stage's key, of the stays that ended; of reconstructed ones only a deal's last is known."""
    later = StageChange.objects.filter(deal=OuterRef("deal"), entered_at__gt=OuterRef("entered_at"))
    stays = StageChange.objects.filter(
        Q(reconstructed=False) | ~Exists(later),
        in_funnel(user, query, "deal__"),
        to_stage__pipeline=query.pipeline,
        left_at__isnull=False,
    )
    medians = stays.values("to_stage__key").annotate(median=Percentile(F("left_at") - F("entered_at")))
    return dict(medians.values_list("to_stage__key", "median"))
