"""What a funnel is compared with, as it stands in the address: another period, or another segment."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from leads.organisation import organisation, today
from reports.asking import SCOPE, DayField, NamedField, ScopeForm
from reports.comparison import Against
from reports.dimensions import NONE, Dimension, Segment, nameless
from reports.funnel import FunnelQuery
from reports.funnel_parts import SPLITS
from reports.periods import Span, before, presets, year_before

REST = "~rest"  # in place of a name: all but the segment that is asked for
EARLIER: dict[str, Callable[[Span], Span]] = {"previous": before, "year": year_before}
UNKNOWN = "“{}” is not known here. Choose previous, year, or a segment such as source:Website."


@dataclass(frozen=True)
class Choice:
    """Something to compare with: what it is called, and what it changes in the address."""

    label: str
    changes: dict[str, Any]
    is_current: bool


class AgainstForm(ScopeForm):
    """Adds to the filters of a report what its figures are compared with.

    `against` is “previous”, “year”, or a dimension and a name in it (“source:Website”); `against_start` and
    `against_end` are any other period. Subclasses have `query`.
    """

    against = forms.CharField(required=False)
    against_start = DayField(required=False)
    against_end = DayField(required=False)
    rival: Against | None = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors:
            try:
                self.rival = self._rival(cleaned)
            except ValidationError as refusal:
                self.add_error("against", refusal)
        return cleaned

    def query(self) -> FunnelQuery:
        """What is asked, of a valid form."""
        raise NotImplementedError

    def chosen(self, dimension: Dimension) -> Segment | None:
        """The segment of this dimension to which the report is filtered."""
        row = self.cleaned_data.get(dimension)
        return _segment(dimension, row) if row else None

    def segments(self, dimension: Dimension) -> dict[str, Segment]:
        """Those that can be chosen, by their names in addresses."""
        field = self.fields[dimension]
        assert isinstance(field, NamedField)
        return {name: _segment(dimension, row) for name, row in field.rows.items()}

    def segment(self, dimension: Dimension, name: str) -> Segment | None:
        """The segment with this name in addresses, among those that the user sees."""
        known = {NONE: Segment(dimension, NONE, nameless(dimension))} | self.segments(dimension)
        if name in known:
            return known[name]
        return Segment(dimension, name, name) if dimension == Dimension.PAIN and name else None

    def _rival(self, cleaned: dict[str, Any]) -> Against | None:
        word, start, end = (cleaned[name] for name in ("against", "against_start", "against_end"))
        if start or end:
            return self._other_period(start, end)
        if word in EARLIER:
            return self._earlier(EARLIER[word])
        return self._other_segment(word) if word else None

    def _earlier(self, shift: Callable[[Span], Span]) -> Against:
        query = self.query()
        if not query.start or not query.end:
            raise ValidationError("Choose a first and a last day; then compare them with earlier ones.")
        span = shift(Span(query.start, query.end))
        return self._other_period(span.start, span.end)

    def _other_period(self, start: date | None, end: date | None) -> Against:
        query = self.query()
        if not (query.start and query.end and start and end):
            raise ValidationError("Choose a first and a last day of both periods that you compare.")
        if end < start:
            raise ValidationError(f"The period ends on {end}, before it begins on {start}.")
        if start <= query.end and query.start <= end:
            raise ValidationError("Both periods share days. Choose one that ends before the other begins.")
        names = (Span(query.start, query.end).label, Span(start, end).label)
        return Against(*names, replace(query, start=start, end=end))

    def _other_segment(self, word: str) -> Against:
        kind, _, name = word.partition(":")
        if kind not in SPLITS:
            raise ValidationError(UNKNOWN.format(word[:60]))
        dimension = Dimension(kind)
        ours = self.chosen(dimension)
        if not ours:
            raise ValidationError(f"Filter by {dimension.label.lower()} first; then compare it with another.")
        theirs = replace(ours, is_rest=True) if name == REST else self.segment(dimension, name)
        if theirs is None:
            raise ValidationError(
                f"There is no {dimension.label.lower()} “{name[:60]}” among those that you can see."
            )
        if theirs == ours:
            raise ValidationError(f"{ours} is compared with itself. Choose another.")
        return Against(str(ours), str(theirs), _with(self.query(), theirs))

    @property
    def choices(self) -> list[Choice]:
        """Of a valid form: what there is to compare with."""
        return [*self._periods(), *(choice for dimension in SPLITS for choice in self._segments(dimension))]

    def _periods(self) -> list[Choice]:
        spans = presets(today(), organisation().fiscal_year_start)
        asked = self.cleaned_data["start"], self.cleaned_data["end"]
        if all(asked):
            words = {"previous": "The period before", "year": "The same days a year before"}
            return [self._choice(label, word) for word, label in words.items()]
        return [
            self._choice(label, "previous", start=span.start, end=span.end)
            for name, label in (
                ("This quarter", "This quarter with the last"),
                ("This year", "This year with the last"),
            )
            for span in [spans[name]]
        ]

    def _segments(self, dimension: Dimension) -> list[Choice]:
        chosen = self.chosen(dimension)
        if not chosen:
            return []
        others = {name: str(one) for name, one in self.segments(dimension).items() if one != chosen}
        every = {REST: f"All but {chosen}", **others}
        return [self._choice(label, f"{dimension}:{name}") for name, label in every.items()]

    def _choice(self, label: str, word: str, **changes: Any) -> Choice:
        cleared = {"against_start": None, "against_end": None}
        return Choice(
            label, {"against": word, **cleared, **changes}, is_current=self.cleaned_data["against"] == word
        )


def _segment(dimension: Dimension, row: Any) -> Segment:
    return row if isinstance(row, Segment) else Segment(dimension, str(row.pk), str(row))


def _with(query: FunnelQuery, segment: Segment) -> FunnelQuery:
    """The same question about another segment of its dimension."""
    kept = tuple(other for other in query.segments if other.dimension != segment.dimension)
    freed: dict[str, Any] = {str(segment.dimension): None} if segment.dimension in SCOPE else {}
    return replace(query, segments=(*kept, segment), **freed)
