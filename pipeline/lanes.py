"""Which lane, pool and programme a lead is for: pure questions about plain facts."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from scoring.models import Lane


@dataclass(frozen=True, slots=True)
class Facts:
    """What routing looks at in a lead; `value` is in the organisation's currency, null when nobody knows."""

    band_id: int
    band_order: int
    lane: str
    is_qualified: bool
    product_line_id: int | None = None
    source_id: int | None = None
    country: str = ""
    employees: int | None = None
    value: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a pool or programme asks for; nothing chosen means anything."""

    product_lines: frozenset[int] = frozenset()
    countries: frozenset[str] = frozenset()
    sources: frozenset[int] = frozenset()
    bands: frozenset[int] = frozenset()

    def meets(self, facts: Facts) -> bool:
        """Whether a lead fulfils all of them; what is unknown fulfils none."""
        return (
            (not self.product_lines or facts.product_line_id in self.product_lines)
            and (not self.countries or facts.country in self.countries)
            and (not self.sources or facts.source_id in self.sources)
            and (not self.bands or facts.band_id in self.bands)
        )


@dataclass(frozen=True, slots=True)
class Large:
    """From which band on, and from which size, a lead gets a second person."""

    from_order: int | None = None
    value: Decimal | None = None
    employees: int | None = None

    def is_met(self, facts: Facts) -> bool:
        """In the band or a better one, and as large as one of the two sizes, where any is given."""
        if self.from_order is None or facts.band_order > self.from_order:
            return False
        if self.value is None and self.employees is None:
            return True
        by_value = self.value is not None and facts.value is not None and facts.value >= self.value
        by_size = (
            self.employees is not None and facts.employees is not None and facts.employees >= self.employees
        )
        return by_value or by_size


@dataclass(frozen=True, slots=True)
class Choice:
    """A pool or programme with its conditions; `number` is its row."""

    number: int
    name: str
    conditions: Conditions
    large: Large = field(default_factory=Large)


def lane_of(facts: Facts) -> str:
    """A qualified lead is a person's, whatever its band says."""
    return Lane.PERSONAL if facts.is_qualified else facts.lane


def first_met(choices: Iterable[Choice], facts: Facts) -> Choice | None:
    """The first whose conditions the lead meets."""
    return next((choice for choice in choices if choice.conditions.meets(facts)), None)
