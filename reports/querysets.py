"""Which scheduled reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Max, Q

if TYPE_CHECKING:
    from leads.models import User
    from reports.models import ReportSchedule  # noqa: F401  named in the string of the base class


class ReportScheduleQuerySet(models.QuerySet["ReportSchedule"]):
    def running(self) -> Self:
        """Those that are sent: neither stopped, nor of somebody who has left."""
        return self.filter(is_active=True, view__user__is_active=True)

    def visible_to(self, user: User) -> Self:
        """One's own, and those that one gets."""
        return self.filter(Q(view__user=user) | Q(readers=user)).distinct()

    def with_last_issue(self) -> Self:
        """Annotates `last_sent_at`, null before the first."""
        return self.annotate(last_sent_at=Max("issues__sent_at"))
