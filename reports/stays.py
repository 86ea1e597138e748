"""How long deals stay in a stage."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce

from leads.models import User
from pipeline.models import StageChange
from reports.funnel import FunnelQuery, in_funnel
from reports.percentiles import Percentile


@dataclass(frozen=True)
class Stay:
    """Half of the stays were no longer than the median, nine in ten no longer than `p90`."""

    median: timedelta
    p90: timedelta


def stays_in_stages(user: User, query: FunnelQuery) -> dict[str, Stay]:
    """By the stage's key, of the stays that ended; of reconstructed ones only a deal's last is known.

    A removed stage counts as the one in which its deals went on.
    """
    later = StageChange.objects.filter(deal=OuterRef("deal"), entered_at__gt=OuterRef("entered_at"))
    stays = StageChange.objects.filter(
        Q(reconstructed=False) | ~Exists(later),
        in_funnel(user, query, "deal__"),
        to_stage__pipeline=query.pipeline,
        left_at__isnull=False,
    )
    lasted = F("left_at") - F("entered_at")
    by_stage = stays.values(stage=Coalesce("to_stage__successor__key", "to_stage__key"))
    rows = by_stage.annotate(median=Percentile(lasted), p90=Percentile(lasted, 0.9))
    return {row["stage"]: Stay(row["median"], row["p90"]) for row in rows}
