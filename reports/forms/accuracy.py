"""Which forecasts are judged; page, list, files and API read it here."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Q

from leads.models import User
from leads.organisation import organisation, today
from pipeline.querysets import DealQuerySet
from reports.accuracy import Accuracy, AccuracyQuery, accuracy
from reports.asking import DayField, ScopeForm, WordField, check_length, looking_back
from reports.movement import Moved, Movement, moved_deals, movement
from reports.periods import DAY, By, Span, add_months, period_start


class AccuracyForm(ScopeForm):
    """Which periods, and since which snapshot the open pipeline is compared."""

    by = WordField(*By)
    since = DayField(required=False)
    show = WordField("", *Moved)

    def __init__(self, asked: Mapping[str, Any], *, user: User) -> None:
        super().__init__(asked, user=user)
        self.figures: Accuracy | None = None

    def clean(self) -> dict[str, Any]:
        """The last twelve months, this one included."""
        cleaned = super().clean()
        if not self.errors:
            cleaned |= vars(looking_back(cleaned))
            check_length(self, cleaned)
        return cleaned

    def query(self) -> AccuracyQuery:
        """What is asked, of a valid form."""
        cleaned = self.cleaned_data
        return AccuracyQuery(cleaned["start"], cleaned["end"], By(cleaned["by"]), **self.scope)

    def accuracy(self) -> Accuracy:
        """The figures of a valid form, counted once."""
        if self.figures is None:
            self.figures = accuracy(self.user, self.query())
        return self.figures

    def movement(self) -> Movement | None:
        """What moved in this month or quarter; None before there are two snapshots."""
        days = self._compared
        return movement(self.user, self.query(), self._now, *days) if days else None

    def deals(self) -> DealQuerySet:
        """The deals behind one step of the movement."""
        days = self._compared or (date.min, date.min)
        moved = moved_deals(self.user, self.query(), self._now, *days)
        shown = self.cleaned_data["show"]
        return moved.filter(Q(moved=shown)) if shown else moved

    @property
    def title(self) -> str:
        shown = self.cleaned_data["show"]
        return f"{Moved(shown).label if shown else 'All deals'}, {self._now.label}"

    @property
    def _now(self) -> Span:
        by = By(self.cleaned_data["by"])
        start = period_start(today(), by, organisation().fiscal_year_start)
        return Span(start, add_months(start, by.months) - DAY)

    @property
    def _compared(self) -> tuple[date, date] | None:
        """The newest snapshot and the one before it, or the last one up to the day that is asked for."""
        days, since = self.accuracy().snapshots, self.cleaned_data["since"]
        earlier = [day for day in days[:-1] if not since or day <= since]
        return (earlier[-1], days[-1]) if earlier else None
