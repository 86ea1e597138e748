"""What is asked of the report on scoring; page, lists, files and API read it here."""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any

from django import forms
from django.db.models import Q

from leads.models import User
from leads.models.leads import Outcome
from leads.organisation import organisation, today
from pipeline.models import Deal
from pipeline.querysets import DealQuerySet
from reports.asking import NamedField, ScopeForm, WordField, check_length, looking_back, offer
from reports.effectiveness import CLOSED, EffectivenessQuery, closed_deals, periods_of, window_asked
from reports.periods import YEAR_MONTHS, By, Period
from reports.quality import open_on
from reports.splits import ENTRY_BAND, FIXED, Split, own_splits, split_deals
from reports.versions import Window, entered_between
from scoring.models import Band, ScoreState

WINDOWS = ("90", "30", "60", "180", "365")  # days; the first is usual


class EffectivenessForm(ScopeForm):
    """Which closed deals, split by what, and how long before and after a version."""

    by = WordField(*By)
    split = NamedField[Split]("split")
    window = WordField(*WINDOWS)

    def __init__(self, asked: Mapping[str, Any], *, user: User) -> None:
        super().__init__(asked, user=user)
        offer(self, "split", {split.key: split for split in (*FIXED, *own_splits())})

    def clean(self) -> dict[str, Any]:
        """A year over time, two by quarters, where no days are asked for; all deals count then."""
        cleaned = super().clean()
        if not self.errors:
            months = YEAR_MONTHS if cleaned["by"] == By.MONTH else 2 * YEAR_MONTHS
            cleaned["span"] = looking_back(cleaned, months)
            check_length(self, vars(cleaned["span"]))
            cleaned["split"] = cleaned["split"] or ENTRY_BAND
        return cleaned

    @property
    def windows(self) -> list[int]:
        """The days to choose from, in order."""
        return sorted(int(days) for days in WINDOWS)

    def query(self) -> EffectivenessQuery:
        """What is asked, of a valid form."""
        cleaned = self.cleaned_data
        return EffectivenessQuery(
            span=cleaned["span"],
            start=cleaned["start"],
            end=cleaned["end"],
            by=By(cleaned["by"]),
            split=cleaned["split"],
            window=int(cleaned["window"]),
            **self.scope,
        )


class Shown(StrEnum):
    """Which deals a list shows; open ones as they were at the end of a period."""

    CLOSED = "closed"
    WON = "won"
    LOST = "lost"
    UNDATED = "undated"
    FILLED = "filled"
    OPEN = "open"
    EXCLUDED = "excluded"
    UNSCORED = "unscored"
    ENTERED = "entered"
    PENDING = "pending"

    @property
    def is_stock(self) -> bool:
        """It counts leads at the end of a period, not what closed in it."""
        return self in (Shown.OPEN, Shown.EXCLUDED, Shown.UNSCORED)

    @property
    def is_of_a_version(self) -> bool:
        return self in (Shown.ENTERED, Shown.PENDING)


TITLES = {
    Shown.CLOSED: "Won and lost deals",
    Shown.WON: "Won deals",
    Shown.LOST: "Lost deals",
    Shown.UNDATED: "Closed deals, date unknown",
    Shown.FILLED: "Closed deals with scores computed afterwards",
    Shown.OPEN: "Open leads",
    Shown.EXCLUDED: "Open leads excluded from scoring",
    Shown.UNSCORED: "Open leads not scored by then",
    Shown.ENTERED: "Leads that entered the pipeline",
    Shown.PENDING: "Leads that entered the pipeline and are open",
}
CONDITIONS = {
    Shown.CLOSED: Q(lead__outcome__in=CLOSED),
    Shown.WON: Q(lead__outcome=Outcome.WON),
    Shown.LOST: Q(lead__outcome=Outcome.LOST),
    Shown.UNDATED: Q(lead__outcome__in=CLOSED, lead__closed_on=None),
    Shown.FILLED: Q(lead__outcome__in=CLOSED, scores_filled_later=True),
    Shown.PENDING: Q(lead__outcome=Outcome.OPEN),
    Shown.ENTERED: Q(),
}


class EffectivenessDealsForm(EffectivenessForm):
    """One number of the report: of a part, of a period, or of one side of a version."""

    shows_scores = True  # lists of other reports have the category there

    show = WordField(*Shown)
    part = forms.CharField(required=False)
    period = forms.CharField(required=False)
    band_then = NamedField[Band]("band")
    version = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)
    side = WordField("before", "after")

    def __init__(self, asked: Mapping[str, Any], *, user: User) -> None:
        super().__init__(asked, user=user)
        offer(self, "band_then", {band.key: band for band in Band.objects.all()})
        self.compared: Window | None = None

    def clean(self) -> dict[str, Any]:
        """Find the period by its key and the version by its number; open leads are those of a period."""
        cleaned = super().clean()
        if not self.errors:
            shown = Shown(cleaned["show"])
            if cleaned["period"] or shown.is_stock:
                cleaned["period"] = self._period(cleaned["period"])
            if cleaned["version"] or shown.is_of_a_version:
                self.compared = self._window(cleaned["version"])
        return cleaned

    def _period(self, key: str) -> Period | None:
        periods = {period.key: period for period in periods_of(self.query())}
        if key not in periods:
            self.add_error("period", f"There is no {self.cleaned_data['by']} “{key[:20]}” in this report.")
        return periods.get(key)

    def _window(self, version: int | None) -> Window | None:
        window = window_asked(self.user, self.query(), version) if version else None
        if not window or not window.is_long_enough:
            self.add_error("version", "There is no such version to compare here.")
        return window

    @property
    def is_stock(self) -> bool:
        """The list is of leads that were open, and has their scores then."""
        return Shown(self.cleaned_data["show"]).is_stock

    @property
    def title(self) -> str:
        """What the number is, and of what."""
        cleaned = self.cleaned_data
        return ", ".join(filter(None, [TITLES[Shown(cleaned["show"])], self._of, self._when]))

    @property
    def _of(self) -> str:
        cleaned = self.cleaned_data
        if self.compared:
            return f"{self.compared.days} days {cleaned['side']} {self.compared.model}"
        if cleaned["band_then"]:
            return str(cleaned["band_then"])
        split = cleaned["split"]
        return f"{split.label}: {self._answer(split)}" if cleaned["part"] else ""

    def _answer(self, split: Split) -> str:
        bands = self.fields["band_then"].rows if split.is_band else {}  # type: ignore[attr-defined]  # NamedField
        part = self.cleaned_data["part"]
        return str(bands.get(part) or split.names([part]).get(part, part))

    @property
    def _when(self) -> str:
        period = self.cleaned_data["period"]
        if period and self.is_stock:
            return f"at the end of {period.name}"
        if period:
            return str(period.name)
        return self.query().span.label if self.query().is_dated and not self.compared else ""

    def deals(self) -> DealQuerySet:
        """The deals behind the number."""
        return self._deals().with_money(organisation().currency, today())

    def _deals(self) -> DealQuerySet:
        cleaned, query, shown = self.cleaned_data, self.query(), Shown(self.cleaned_data["show"])
        if self.compared:
            entered = entered_between(query, self.compared, after=cleaned["side"] == "after")
            return Deal.objects.visible_to(self.user).filter(entered, CONDITIONS[shown])
        if self.is_stock:
            return self._stock(query, shown)
        if shown == Shown.UNDATED:
            query = replace(query, start=None, end=None)
        elif cleaned["period"]:
            query = replace(query, start=cleaned["period"].start, end=cleaned["period"].end)
        closed = closed_deals(self.user, query).filter(CONDITIONS[shown])
        if not cleaned["part"]:
            return closed
        return split_deals(closed, query.split).filter(Q(part=cleaned["part"]))

    def _stock(self, query: EffectivenessQuery, shown: Shown) -> DealQuerySet:
        stock = open_on(self.user, query, self.cleaned_data["period"].end)
        if shown == Shown.EXCLUDED:
            return stock.filter(Q(state_then=ScoreState.EXCLUDED))
        if shown == Shown.UNSCORED:
            return stock.filter(Q(state_then=ScoreState.UNSCORED))
        if band := self.cleaned_data["band_then"]:
            return stock.filter(Q(state_then=ScoreState.SCORED, band_then=band.key))
        return stock
