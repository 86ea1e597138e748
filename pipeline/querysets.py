"""Questions about deals, stages and their history."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from leads.querysets import visible_leads

if TYPE_CHECKING:
    from leads.models import User
    from pipeline.models import Deal


class DealQuerySet(models.QuerySet["Deal"]):
    def visible_to(self, user: User) -> Self:
        """Deals follow their leads."""
        return self.filter(visible_leads(user, "lead__"))

    def in_pipeline(self) -> Self:
        """Open deals that stand on the board and in the open forecast."""
        return self.filter(lead__outcome="open", lead__status__in=["working", "qualified"])

    def entered(self) -> Self:
        """Deals that are part of the funnel."""
        return self.exclude(entered_at=None)

    def due_in(self, start: date, end: date) -> Self:
        """Expected to close between two days, both included."""
        return self.filter(expected_close_on__range=(start, end))

    def overdue(self, today: date) -> Self:
        return self.filter(expected_close_on__lt=today)

    def undated(self) -> Self:
        return self.filter(expected_close_on=None)

    def manual_until_past(self, today: date) -> Self:
        """Set by hand with a date of return that has come."""
        return self.filter(Q(confidence_source="manual"), manual_until__lte=today)

    def locked(self, lead_ids: Iterable[int]) -> Self:
        """These deals, locked in id order against other writers (not against foreign keys)."""
        return self.filter(pk__in=list(lead_ids)).order_by("pk").select_for_update(no_key=True, of=("self",))
