"""Questions about scores and models."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from leads.querysets import LockableQuerySet

if TYPE_CHECKING:
    from scoring.models import LeadScore, ScoringModel  # noqa: F401  named in the strings of base classes


class ScoringModelQuerySet(models.QuerySet["ScoringModel"]):
    def active(self) -> Self:
        """The published versions: at most one per product line, and the default."""
        return self.filter(status="active")


class LeadScoreQuerySet(LockableQuerySet["LeadScore"]):
    def scored_by(self, day: date) -> Self:
        """Those that were not scored on a later date already."""
        return self.filter(Q(as_of=None) | Q(as_of__lte=day))

    def due(self, day: date) -> Self:
        """Those that time alone may have changed by this date."""
        return self.filter(next_change_on__lte=day)
