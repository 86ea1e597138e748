"""Exchange rates: set by currency and day, in sets, and removed."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from config.refusals import Refusal
from leads.actions.audit import audited
from leads.models import User
from leads.organisation import organisation
from pipeline.models import ExchangeRate


class RateWrong(Refusal):
    """A rate that cannot be, or that is given twice."""


@dataclass(frozen=True)
class Rate:
    """Units of the organisation's currency for 1 unit of `currency`, from a day on."""

    currency: str
    valid_from: date
    rate: Decimal


@dataclass(frozen=True)
class RatesSet:
    """How many rates were new, were replaced, and stood there already."""

    added: int
    changed: int
    same: int


@audited
def set_rates(rows: Sequence[Rate], *, by: User | None) -> RatesSet:
    """Set them all, or none and raise the refusal; a rate of the same currency and day is replaced."""
    own = organisation().currency
    counted = Counter((row.currency, row.valid_from) for row in rows)
    for row in rows:
        if row.currency == own:
            raise RateWrong(f"{own} is the organisation's own currency: its rate is always 1.")
        if counted[row.currency, row.valid_from] > 1:
            raise RateWrong(f"{row.currency} from {row.valid_from} is given more than once.")
    before = _rates_now({row.currency for row in rows})
    new = [row for row in rows if before.get((row.currency, row.valid_from)) != row.rate]
    ExchangeRate.objects.bulk_create(
        [ExchangeRate(currency=row.currency, valid_from=row.valid_from, rate=row.rate) for row in new],
        update_conflicts=True,
        unique_fields=["currency", "valid_from"],
        update_fields=["rate"],
    )
    added = sum((row.currency, row.valid_from) not in before for row in new)
    return RatesSet(added, len(new) - added, len(rows) - len(new))


@audited
def remove_rates(rates: Iterable[ExchangeRate], *, by: User | None) -> None:
    """Take rates out; what only they converted is listed as unconverted from then on."""
    ExchangeRate.objects.filter(pk__in=[rate.pk for rate in rates]).delete()


def _rates_now(currencies: set[str]) -> dict[tuple[str, date], Decimal]:
    known = ExchangeRate.objects.select_for_update().filter(currency__in=currencies)
    return {(rate.currency, rate.valid_from): rate.rate for rate in known}
