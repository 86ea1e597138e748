"""Whose turn it is, against a slow and obvious oracle in fractions."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from pipeline.turns import UNIT, Place, Rep, hindrances, preview, take_turn

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)


def queue(*shares, **facts):
    return [Place(Rep(number, f"Rep {number}", **facts), share) for number, share in enumerate(shares)]


def deal(places, number):
    return [take_turn(places, at=NOW + timedelta(minutes=n)).place.rep.user_id for n in range(number)]


class Oracle:
    """The rule as design and issue word it, with fractions and no cleverness."""

    def __init__(self, shares):
        self.shares = dict(enumerate(shares))
        self.credit = dict.fromkeys(self.shares, Fraction(0))
        self.expected = dict.fromkeys(self.shares, Decimal(0))
        self.last = dict.fromkeys(self.shares, -1)

    def give(self, eligible, number, value):
        total = sum(self.shares[user] for user in eligible)
        for user in eligible:
            self.credit[user] += Fraction(self.shares[user], total)
        best = [user for user in eligible if self.credit[user] == max(self.credit[u] for u in eligible)]
        poorest = [user for user in best if self.expected[user] == min(self.expected[u] for u in best)]
        receiver = min(poorest, key=lambda user: (self.last[user], user))
        self.credit[receiver] -= 1
        self.expected[receiver] += value
        self.last[receiver] = number
        return receiver


@given(
    shares=st.lists(st.integers(1, 6), min_size=1, max_size=6),
    turns=st.lists(st.tuples(st.sets(st.integers(0, 5)), st.integers(0, 3)), max_size=60),
)
def test_every_turn_is_that_of_the_oracle_whoever_is_away(shares, turns):
    places, oracle = queue(*shares), Oracle(shares)
    for number, (away, value) in enumerate(turns):
        eligible = [user for user in range(len(shares)) if user not in away]
        if not eligible:
            continue
        able = [places[user] for user in eligible]
        turn = take_turn(able, at=NOW + timedelta(minutes=number))
        turn.place.rep.receive(Decimal(value))
        assert turn.place.rep.user_id == oracle.give(eligible, number, Decimal(value))
        assert [Fraction(place.credit, UNIT) for place in places] == list(oracle.credit.values())


@given(number=st.integers(0, 500), reps=st.integers(1, 60))
def test_equal_shares_get_the_same_number_to_within_one(number, reps):
    got = deal(queue(*[1] * reps), number)
    counts = [got.count(user) for user in range(reps)]
    assert max(counts) - min(counts) <= 1


@given(away=st.lists(st.sets(st.integers(3, 7)), min_size=1, max_size=200))
def test_those_who_are_there_throughout_are_fair_whatever_the_others_do(away):
    places = queue(*[1] * 8)
    got = [
        take_turn([p for p in places if p.rep.user_id not in out], at=NOW).place.rep.user_id for out in away
    ]
    counts = [got.count(user) for user in range(3)]
    assert max(counts) - min(counts) <= 1


def test_two_shares_are_twice_as_much_in_every_round_of_three():
    got = deal(queue(2, 1), 30)
    assert [sorted(got[start : start + 3]) for start in range(0, 30, 3)] == [[0, 0, 1]] * 10


def test_credits_add_up_to_nothing_also_when_shares_divide_badly():
    places = queue(*range(1, 14))  # 91 shares, by which UNIT cannot be divided
    deal(places, 91)
    assert [place.credit for place in places] == [0] * 13


def test_who_was_away_gets_no_more_than_before_when_back():
    places = queue(1, 1, 1)
    deal(places[:2], 40)
    got = deal(places, 30)
    assert [got.count(user) for user in range(3)] == [10, 10, 10]


def test_between_equals_the_least_expected_value_decides_then_the_longest_wait():
    rich, poor, patient = queue(1, 1, 1)
    rich.rep.expected = Decimal(900)
    poor.last_at, patient.last_at = NOW, NOW - timedelta(days=1)
    turn = take_turn([rich, poor, patient], at=NOW)
    assert turn.place is patient
    assert turn.reason == "next of 3 with a credit of +0.33; level with 2 others, but waiting longest"
    poor.rep.expected = Decimal(-1)
    turn = preview([rich, poor])
    assert (turn.place.rep, turn.decided_by) == (poor.rep, "with less expected value")


def test_a_preview_changes_nothing():
    places = queue(1, 2)
    assert preview(places).place.rep.user_id == 1
    assert [(place.credit, place.received) for place in places] == [(0, 0), (0, 0)]


def test_whoever_cannot_take_leads_is_counted_in_words():
    away, gone, full, free = (
        Rep(1, "A", is_absent=True),
        Rep(2, "B", is_active=False),
        Rep(3, "C", capacity=0),
        Rep(4, "D", works_today=False),
    )
    assert hindrances([away, gone, full, free, Rep(5, "E", is_absent=True), Rep(6, "F", capacity=1)]) == (
        "2 absent, 1 deactivated, 1 full, 1 off today"
    )
