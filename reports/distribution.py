"""Distribution: what each rep got of each band, against what was theirs, and what became of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db import connection

from leads.models import User
from pipeline.models import RoutingPool
from pipeline.turns import UNIT
from reports.assigned import UNRECORDED, DistributionQuery, ask_fates, received_by, receivers, turns
from reports.chance import Chance, chance_of
from scoring.models import Band

LEAD = Decimal(1)
IN_TURN = "turn"
# The rows of all bands come after those of leads without a band, which look the same.
TALLIES = """
SELECT band_id, user_id, way, count(*), count(*) FILTER (WHERE fate = 'accepted'),
    count(*) FILTER (WHERE fate = 'rejected'),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY response)
FROM given GROUP BY GROUPING SETS ((way, band_id, user_id), (way, user_id), (way, band_id), (way))
ORDER BY GROUPING(band_id, user_id)
"""
# What each turn was worth to each member of its circle, in units, and who got it.
SHARES = """
WITH turns AS ({turns}),
worth AS (SELECT pool_id, band_id, circle_id, count(*) AS leads FROM turns GROUP BY 1, 2, 3),
fair AS (
    SELECT pool_id, band_id, member.user_id,
        sum(leads::numeric * member.share * (%s / circle.shares)) AS units
    FROM worth JOIN pipeline_circle AS circle ON circle.id = worth.circle_id
        JOIN pipeline_circlemember AS member ON member.circle_id = circle.id
    GROUP BY 1, 2, 3
),
got AS (SELECT pool_id, band_id, after_id AS user_id, count(*) AS leads FROM turns GROUP BY 1, 2, 3)
SELECT fair.pool_id, fair.band_id, fair.user_id, COALESCE(got.leads, 0), fair.units
FROM fair LEFT JOIN got ON got.pool_id IS NOT DISTINCT FROM fair.pool_id AND got.band_id = fair.band_id
    AND got.user_id = fair.user_id
"""


@dataclass(frozen=True)
class Tally:
    """Leads that people got, and what these did with them while they had them."""

    received: int = 0
    accepted: int = 0
    rejected: int = 0
    response: timedelta | None = None  # median, of those that were answered

    @property
    def waiting(self) -> int:
        return self.received - self.accepted - self.rejected


@dataclass(frozen=True)
class Balance:
    """Leads dealt out in turn to somebody, against their shares of all turns that they could have had."""

    received: int
    expected: Decimal

    @property
    def difference(self) -> Decimal:
        return self.received - self.expected


@dataclass(frozen=True)
class RepRow:
    """A rep's leads of one band that came in turn."""

    rep: User
    balance: Balance
    tally: Tally


@dataclass(frozen=True)
class Fairness:
    """Everybody's balances of a band, in one pool or in all; also of those whose figures one does not see."""

    leads: int
    reps: int
    largest: Decimal  # difference, by size
    chance: Chance | None

    @property
    def is_within_one(self) -> bool:
        """Nobody got a lead more or less than their share."""
        return self.largest <= LEAD


@dataclass(frozen=True)
class BandPart:
    """The leads of one band over the pools that are asked for; rows only of people whom one sees."""

    band: Band
    fairness: Fairness
    rows: list[RepRow]
    tally: Tally

    @property
    def balance(self) -> Balance:
        """Of the rows together."""
        return Balance(
            sum(row.balance.received for row in self.rows),
            sum((row.balance.expected for row in self.rows), Decimal(0)),
        )


@dataclass(frozen=True)
class PoolPart:
    """One pool and band; `pool` is None where the pool was deleted."""

    pool: RoutingPool | None
    band: Band
    fairness: Fairness


@dataclass(frozen=True)
class WayRow:
    """All leads that a rep got, by the way on which they came."""

    rep: User
    tallies: Mapping[str, Tally]

    @property
    def received(self) -> int:
        return sum(tally.received for tally in self.tallies.values())


@dataclass(frozen=True)
class Distribution:
    """Bands from the best down; `totals` are by way, over the people whom one sees."""

    bands: list[BandPart]
    pools: list[PoolPart]
    ways: list[WayRow]
    totals: Mapping[str, Tally]

    @property
    def received(self) -> int:
        return sum(tally.received for tally in self.totals.values())

    @property
    def in_turn(self) -> Tally:
        return self.totals.get(IN_TURN, Tally())

    @property
    def unrecorded(self) -> int:
        """Turns that stand in no balance, for nobody noted who could have had them."""
        return self.totals.get(UNRECORDED, Tally()).received

    @property
    def largest(self) -> Decimal:
        """The largest difference of anybody in any band."""
        return max((part.fairness.largest for part in self.bands), default=Decimal(0))

    @property
    def dealt(self) -> int:
        """Leads that were dealt out in turn, also to people whose figures one does not see."""
        return sum(part.fairness.leads for part in self.bands)


Places = dict[tuple[int | None, int], dict[int, Balance]]  # people's balances by pool and band
Tallies = dict[tuple[int | None, int | None, str], Tally]  # by band, person (None for all) and way


def distribution(user: User, query: DistributionQuery) -> Distribution:
    """Who got what, among the people whose figures this user may see."""
    people = {person.pk: person for person in receivers(user, query)}
    tallies, places = _tallies(user, query), _balances(query)
    bands = sorted(Band.objects.filter(pk__in={band for _, band in places}), key=lambda band: band.order)
    return Distribution(
        bands=[_band_part(band, places, people, tallies) for band in bands],
        pools=_pool_parts(bands, places),
        ways=_way_rows(people, tallies),
        totals={way: tally for (band, rep, way), tally in tallies.items() if band is rep is None},
    )


def _tallies(user: User, query: DistributionQuery) -> Tallies:
    """By band, person and way; what has no band goes under None with all bands, the finer rows first."""
    found: Tallies = {}
    for band_id, user_id, way, *figures in ask_fates(received_by(user, query), TALLIES):
        found[band_id, user_id, way] = Tally(*figures)
    return found


def _balances(query: DistributionQuery) -> Places:
    asked, params = turns(query).values("pool_id", "band_id", "circle_id", "after_id").query.sql_with_params()
    places: Places = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(SHARES.format(turns=asked), (*params, UNIT))
        for pool_id, band_id, user_id, received, units in cursor.fetchall():
            places[pool_id, band_id][user_id] = Balance(received, Decimal(units) / UNIT)
    return places


def _band_part(band: Band, places: Places, people: Mapping[int, User], tallies: Tallies) -> BandPart:
    shared = [balances for (_, of_band), balances in places.items() if of_band == band.pk]
    over_pools = _added(shared)
    rows = [
        RepRow(people[pk], balance, tallies.get((band.pk, pk, IN_TURN), Tally()))
        for pk, balance in over_pools.items()
        if pk in people
    ]
    tally = tallies.get((band.pk, None, IN_TURN), Tally())
    return BandPart(band, _fairness(over_pools, shared), sorted(rows, key=_by_name), tally)


def _added(shared: Iterable[Mapping[int, Balance]]) -> dict[int, Balance]:
    """What people got in several pools together."""
    found: dict[int, Balance] = {}
    for balances in shared:
        for pk, balance in balances.items():
            so_far = found.get(pk, Balance(0, Decimal(0)))
            found[pk] = Balance(so_far.received + balance.received, so_far.expected + balance.expected)
    return found


def _fairness(people: Mapping[int, Balance], shared: Iterable[Mapping[int, Balance]]) -> Fairness:
    return Fairness(
        leads=sum(balance.received for balance in people.values()),
        reps=len(people),
        largest=max(abs(balance.difference) for balance in people.values()),
        chance=chance_of(
            [(balance.received, float(balance.expected)) for balance in balances.values()]
            for balances in shared
        ),
    )


def _pool_parts(bands: Sequence[Band], places: Places) -> list[PoolPart]:
    """In the order in which pools are asked, those that were deleted last."""
    pools = RoutingPool.objects.in_bulk([pool for pool, _ in places if pool])
    order: list[RoutingPool | None] = [*sorted(pools.values(), key=lambda pool: (pool.order, pool.pk)), None]
    return [
        PoolPart(pool, band, _fairness(balances, [balances]))
        for pool in order
        for band in bands
        if (balances := places.get((pool.pk if pool else None, band.pk)))
    ]


def _way_rows(people: Mapping[int, User], tallies: Tallies) -> list[WayRow]:
    by_rep: dict[int, dict[str, Tally]] = defaultdict(dict)
    for (band_id, user_id, way), tally in tallies.items():
        if user_id and band_id is None:
            by_rep[user_id][way] = tally
    rows = [WayRow(people[user_id], of_rep) for user_id, of_rep in by_rep.items()]
    return sorted(rows, key=_by_name)


def _by_name(row: RepRow | WayRow) -> tuple[str, int]:
    return str(row.rep).lower(), row.rep.pk
