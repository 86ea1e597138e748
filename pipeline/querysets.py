"""Questions about deals, stages and their history."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models
from django.db.models import Case, ExpressionWrapper, F, Func, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, TruncDate

from config.prepared import Parameter
from leads.organisation import zone
from leads.querysets import LockableQuerySet, visible_leads

if TYPE_CHECKING:
    from leads.models import User
    from pipeline.models import Deal, LostReason, Stage  # noqa: F401  named in the strings of the base classes


CATEGORY_FROM = {"commit": 80, "best_case": 50, "pipeline": 10}  # per cent of confidence, the surest first


class StageQuerySet(models.QuerySet["Stage"]):
    def current(self) -> Self:
        """Those that deals can stand in; removed ones are only history."""
        return self.filter(removed_at=None)


class LostReasonQuerySet(models.QuerySet["LostReason"]):
    def last_given_first(self, user: User) -> Self:
        """In the order in which this user last gave them, then the others; annotates `given_at`."""
        given = apps.get_model("leads", "StatusChange").objects.filter(
            by=user, outcome_after="lost", lead__deal__lost_reason=OuterRef("pk")
        )
        last = Subquery(given.order_by("-at").values("at")[:1])
        return self.annotate(given_at=last).order_by(F("given_at").desc(nulls_last=True), "order", "name")


class DealQuerySet(LockableQuerySet["Deal"]):
    def visible_to(self, user: User) -> Self:
        """Deals follow their leads."""
        return self.filter(visible_leads(user, "lead__"))

    def in_pipeline(self) -> Self:
        """Open deals that stand on the board and in the open forecast."""
        return self.filter(lead__outcome="open", lead__status__in=["working", "qualified"])

    def entered(self) -> Self:
        """Deals that are part of the funnel."""
        return self.exclude(entered_at=None)

    def with_rot(self, today: date) -> Self:
        """Annotates `rots`: that the deal stands in its stage for more days than that allows."""
        latest = Func(
            Value(today),
            F("stage__rot_days"),
            arg_joiner=" - ",
            template="(%(expressions)s)",
            output_field=models.DateField(),
        )
        entered = self.annotate(stage_day=TruncDate("stage_entered_at", tzinfo=zone()))
        rots = Case(When(stage_day__lt=latest, then=Value(True)), default=Value(False))
        return entered.annotate(rots=rots)

    def rotting(self, today: date) -> Self:
        """Open deals that stand in their stage for more days than it allows."""
        return self.with_rot(today).in_pipeline().filter(Q(rots=True))

    def manual_until_past(self, today: date) -> Self:
        """Set by hand with a date of return that has come."""
        return self.filter(Q(confidence_source="manual"), manual_until__lte=today)

    def with_category(self) -> Self:
        """Annotates `category`: how sure the forecast is, by hand, else by the confidence."""
        steps = [When(confidence__gte=least, then=Value(key)) for key, least in CATEGORY_FROM.items()]
        by_hand = When(~Q(category_by_hand=""), then=F("category_by_hand"))
        return self.annotate(
            category=Case(by_hand, *steps, default=Value("omitted"), output_field=models.CharField())
        )

    def with_money(self, currency: str | Parameter, today: date | Parameter) -> Self:
        """Annotates `converted`, the value in `currency`, null without a rate, and `weighted` by confidence.

        The rate is that of the day on which the deal closed, of today while it is open; not rounded.
        """
        day = today if isinstance(today, Parameter) else Value(today)
        rates = apps.get_model("pipeline", "ExchangeRate").objects.filter(
            currency=OuterRef("currency"), valid_from__lte=Coalesce(OuterRef("lead__closed_on"), day)
        )
        rate = Subquery(rates.order_by("-valid_from").values("rate")[:1])
        money = models.DecimalField(max_digits=30, decimal_places=10)
        converted = Case(
            When(currency=currency, then=F("value")), default=F("value") * rate, output_field=money
        )
        weighted = ExpressionWrapper(F("converted") * F("confidence") / Decimal(100), output_field=money)
        return self.annotate(converted=converted).annotate(weighted=weighted)
