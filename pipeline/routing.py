"""What routing reads before it decides, in a constant number of statements whatever the number of leads."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Sum

from leads.actions.recycling import was_worked
from leads.models import Absence, Lead, User
from leads.models.leads import Outcome, Status
from leads.organisation import organisation
from pipeline.lanes import Choice, Conditions, Facts, Large
from pipeline.models import (
    Deal,
    ExchangeRate,
    NurtureProgramme,
    PoolMember,
    RoutingCredit,
    RoutingPool,
)
from pipeline.turns import Place, Rep
from scoring.models import Band, BandCrossing, ScoreState

PREFETCHED = ("product_lines", "bands")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An open lead that is nobody's, with what decides about it."""

    lead_id: int
    facts: Facts
    band: str
    status: str
    was_worked: bool
    has_risen: bool
    company_id: int | None
    company: str
    expected: Decimal

    @property
    def is_resting(self) -> bool:
        """Sent to nurturing, and not better since: nobody is to be bothered with it."""
        return self.status == Status.NURTURING and not self.has_risen


@dataclass(slots=True)
class Pool:
    """A pool with its members' places, by part and band; a place without a stored credit starts at nought."""

    choice: Choice
    members: list[PoolMember]
    stored: dict[tuple[str, int], list[Place]] = field(default_factory=dict)
    queues: dict[tuple[str, int], list[Place]] = field(default_factory=dict)

    def queue(self, part: str, band_id: int, reps: Mapping[int, Rep]) -> list[Place]:
        """Everybody who shares leads of this band, or helps with them."""
        key = part, band_id
        if key not in self.queues:
            known = {place.rep.user_id: place for place in self.stored.get(key, ())}
            self.queues[key] = [
                known.get(member.user_id) or Place(reps[member.user_id], member.share)
                for member in self.members
                if member.part == part
            ]
        return self.queues[key]


@dataclass(frozen=True, slots=True)
class CompanyOwner:
    """Who has most of a company's open and won leads."""

    user_id: int
    leads: int


def read_pools(*, lock: bool) -> list[Pool]:
    """Active pools in the order in which they are asked; locked, nobody else routes until the commit."""
    rows = RoutingPool.objects.filter(is_active=True).select_related("second_from").order_by("pk")
    if lock:
        rows = rows.select_for_update(no_key=True, of=("self",))
    found = rows.prefetch_related(*PREFETCHED, "sources", "members")
    return [read_pool(row) for row in sorted(found, key=lambda row: (row.order, row.pk))]


def read_pool(row: RoutingPool) -> Pool:
    """One pool with its conditions and members."""
    return Pool(_pool_choice(row), list(row.members.all()))


def read_programmes() -> list[Choice]:
    """Active programmes in the order in which they are asked."""
    rows = NurtureProgramme.objects.filter(is_active=True).prefetch_related(*PREFETCHED)
    return [
        Choice(row.pk, row.name, Conditions(product_lines=_ids(row.product_lines), bands=_ids(row.bands)))
        for row in rows
    ]


def read_credits(pools: Iterable[Pool], reps: Mapping[int, Rep]) -> None:
    """Seat the members of the pools with the credits that they have."""
    of = {pool.choice.number: {member.user_id: member for member in pool.members} for pool in pools}
    by_number = {pool.choice.number: pool for pool in pools}
    for row in RoutingCredit.objects.filter(pool__in=list(of)).order_by("user"):
        member = of[row.pool_id].get(row.user_id)
        if member:
            place = Place(reps[row.user_id], member.share, row.credit, row.received, row.last_at)
            by_number[row.pool_id].stored.setdefault((member.part, row.band_id), []).append(place)


def read_reps(user_ids: Collection[int], day: date) -> dict[int, Rep]:
    """These people on a day: whether they are there, and what they have to do already."""
    absences = Absence.objects.filter(user=OuterRef("pk"), starts_on__lte=day, ends_on__gte=day)
    users = User.objects.with_leads_in_hand().filter(pk__in=user_ids).annotate(is_absent=Exists(absences))
    expected = _expected(user_ids, day)
    return {
        user.pk: Rep(
            user.pk,
            str(user),
            is_active=user.is_active,
            is_absent=user.is_absent,
            works_today=not user.working_days or day.isoweekday() in user.working_days,
            capacity=user.capacity,
            open_leads=user.open_leads,
            expected=expected.get(user.pk, Decimal(0)),
        )
        for user in users
    }


def read_candidates(lead_ids: Collection[int], day: date) -> list[Candidate]:
    """Open leads among these that have a band and no owner, locked, in the order in which they were given."""
    rates, bands = _rates(day), Band.objects.in_bulk()
    rows = (
        Lead.objects.open()
        .filter(owner=None, score__state=ScoreState.SCORED, score__band__isnull=False)
        .locked(lead_ids)
        .annotate(was_worked=was_worked(), has_risen=_has_risen())
        .values_list(
            "pk", "status", "was_worked", "has_risen", "product_line_id", "source_id", "company_id",
            "company__name", "company__country", "company__employees", "score__band_id", "deal__value",
            "deal__currency", "deal__confidence",
        )
    )  # fmt: skip
    found = {row[0]: _candidate(row, bands, rates) for row in rows}
    return [found[pk] for pk in dict.fromkeys(lead_ids) if pk in found]


def _candidate(row: Any, bands: Mapping[int, Band], rates: Mapping[str, Decimal]) -> Candidate:
    """What stands in a row of `read_candidates`, its columns in that order."""
    pk, status, worked, risen, line, source, company_id, name, country, employees, band_id, *deal = row
    given, currency, confidence = deal
    band, value = bands[band_id], _converted(given, currency, rates)
    facts = Facts(
        band_id=band_id,
        band_order=band.order,
        lane=band.lane,
        is_qualified=status == Status.QUALIFIED,
        product_line_id=line,
        source_id=source,
        country=str(country or ""),
        employees=employees,
        value=value,
    )
    expected = Decimal(0) if value is None else value * confidence / 100
    return Candidate(pk, facts, band.name, status, worked, risen, company_id, name or "", expected)


def read_company_owners(company_ids: Collection[int]) -> dict[int, CompanyOwner]:
    """Who has most of a company's open and won leads; between equals the newest decides."""
    owned = Lead.objects.filter(
        company__in=company_ids, owner__isnull=False, outcome__in=[Outcome.OPEN, Outcome.WON]
    )
    rows = owned.values("company", "owner").annotate(n=Count("pk"), newest=Max("pk")).order_by("n", "newest")
    return {row["company"]: CompanyOwner(row["owner"], row["n"]) for row in rows}


def _has_risen() -> Exists:
    """Whether the lead reached a better band since it has its status."""
    crossings = BandCrossing.objects.filter(lead=OuterRef("pk"), at__gte=OuterRef("status_since"))
    return Exists(crossings.filter(after__order__lt=F("before__order")))


def _pool_choice(row: RoutingPool) -> Choice:
    conditions = Conditions(
        product_lines=_ids(row.product_lines),
        countries=frozenset(country.code for country in row.countries),
        sources=_ids(row.sources),
        bands=_ids(row.bands),
    )
    large = Large(row.second_from.order if row.second_from else None, row.second_value, row.second_employees)
    return Choice(row.pk, row.name, conditions, large)


def _ids(related: object) -> frozenset[int]:
    return frozenset(row.pk for row in related.all())  # type: ignore[attr-defined]


def _expected(user_ids: Collection[int], day: date) -> dict[int, Decimal]:
    """Weighted value of everybody's open leads; what cannot be converted counts nothing."""
    deals = Deal.objects.filter(lead__outcome=Outcome.OPEN, lead__owner__in=user_ids)
    worth = deals.with_money(organisation().currency, day).values("lead__owner")
    sums = worth.annotate(sum=Sum("weighted")).order_by().values_list("lead__owner", "sum")
    return {user_id: total or Decimal(0) for user_id, total in sums}


def _rates(day: date) -> dict[str, Decimal]:
    """Each currency's rate on a day."""
    rows = ExchangeRate.objects.filter(valid_from__lte=day).order_by("currency", "-valid_from")
    rates = dict(rows.distinct("currency").values_list("currency", "rate"))
    return rates | {organisation().currency: Decimal(1)}


def _converted(value: Decimal | None, currency: str, rates: Mapping[str, Decimal]) -> Decimal | None:
    return value * rates[currency] if value is not None and currency in rates else None
