"""How far deals came: the furthest stage that each one ever entered in its present pipeline."""

from django.db.models import Case, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce

from pipeline.models import StageChange
from pipeline.querysets import DealQuerySet


def with_reach(deals: DealQuerySet) -> DealQuerySet:
    """Annotates `furthest`, the order of that stage.

    It is the present one's, unless the deal once went back or came from another pipeline; those are few, so
    the history of the others is not looked at.
    """
    back = Q(to_stage__order__lt=F("from_stage__order")) | ~Q(from_stage__pipeline=F("to_stage__pipeline"))
    went_back = StageChange.objects.filter(back, from_stage__isnull=False).values("deal")
    entries = StageChange.objects.filter(deal=OuterRef("pk"), to_stage__pipeline=OuterRef("stage__pipeline"))
    highest = Subquery(entries.order_by("-to_stage__order").values("to_stage__order")[:1])
    present = F("stage__order")
    return deals.annotate(
        furthest=Case(When(pk__in=went_back, then=Coalesce(highest, present)), default=present)
    )
