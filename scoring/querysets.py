"""Questions about scores and models."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q


class ScoringModelQuerySet(models.QuerySet["ScoringModel"]):
    def active(self) -> Self:
        """The published versions: at most one per product line, and the default."""
        return self.filter(status="active")


class LeadScoreQuerySet(models.QuerySet["LeadScore"]):
    def locked(self, lead_ids: Iterable[int]) -> Self:
        """These rows, locked in id order against other writers (not against foreign keys)."""
        return self.filter(pk__in=list(lead_ids)).order_by("pk").select_for_update(no_key=True, of=("self",))

    def scored_by(self, day: date) -> Self:
        """Those that were not scored on a later date already."""
        return self.filter(Q(as_of=None) | Q(as_of__lte=day))

    def due(self, day: date) -> Self:
        """Those that time alone may have changed by this date."""
        return self.filter(next_change_on__lte=day)
