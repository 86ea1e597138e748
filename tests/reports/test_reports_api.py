"""Reports through the API: the same figures as the pages, in the shapes of the contract."""

from datetime import timedelta

import pytest

from leads.organisation import today
from tests.api import program_of

FIGURES = {"won", "open", "weighted", "expected", "deals"}


@pytest.fixture
def program(admin):
    return program_of(admin)


@pytest.fixture
def deal(program):
    """10,000 at 20 %, expected tomorrow."""
    tomorrow = str(today() + timedelta(days=1))
    body = {"deal": {"value": "10000", "currency": "EUR", "confidence": 20, "expected_close_on": tomorrow}}
    return program.post("/leads", body, expect=201)


def ask(program, **asked):
    start, end = today() - timedelta(days=31), today() + timedelta(days=31)
    return program.get("/reports/forecast", start=start, end=end, **asked)


def test_10_000_at_20_per_cent_adds_2_000_weighted_and_10_000_plain(program, deal):
    weighted, plain = ask(program, weighted="true"), ask(program, weighted="false")
    assert (weighted["total"]["expected"], weighted["total"]["weighted"]) == ("2000.00", "2000.00")
    assert (plain["total"]["expected"], plain["total"]["open"]) == ("10000.00", "10000.00")
    assert weighted["total"]["deals"] == 1
    assert weighted["unconverted"] == []


def test_the_shape_is_the_contracts(program, deal):
    answer = ask(program, by="quarter")
    contract = {"currency", "weighted", "buckets", "overdue", "undated", "total", "unconverted"}
    assert set(answer) == contract | {"categories", "slices"}
    assert set(answer["buckets"][0]) == FIGURES | {"period"}
    assert all(set(answer[part]) == FIGURES for part in ("overdue", "undated", "total"))


def test_what_was_won_stands_in_its_month(program, deal):
    program.post(f"/leads/{deal['id']}/close", {"outcome": "won"})
    answer = ask(program)
    assert (answer["total"]["won"], answer["total"]["open"]) == ("10000.00", "0.00")
    assert sum(bucket["deals"] for bucket in answer["buckets"]) == 1


def test_bad_questions_are_answered_with_their_path(program):
    for asked, path in [
        ({"start": "2026-02-01", "end": "2026-01-01"}, "end"),
        ({"start": "soon"}, "start"),
        ({"by": "week"}, "by"),
        ({"owner": "nobody"}, "owner"),
        ({"team": "none"}, "team"),
    ]:
        answer = program.get("/reports/forecast", expect=422, **asked)
        assert [fault["path"] for fault in answer["errors"]] == [path]


def test_a_rep_gets_their_own_figures_only(charlie, deal):
    program = program_of(charlie)
    assert ask(program, owner="charlie")["total"]["deals"] == 0
    program.get("/reports/forecast", owner="ada", expect=422)


def test_the_funnel_adds_up(program, deal):
    program.post(f"/leads/{deal['id']}/move", {"stage": "demo"})
    program.post(f"/leads/{deal['id']}/close", {"outcome": "lost", "reason": "price"})
    answer = program.get("/reports/funnel")
    contract = {"stages", "won", "lost", "disqualified", "open", "win_rate"}
    more = {"currency", "entered", "value", "unconverted", "months", "split", "parts", "comparison"}
    assert set(answer) == contract | more
    for stage in answer["stages"]:
        assert stage["entered"] == stage["lost"] + stage["here"] + stage["advanced"]
    demo = answer["stages"][2]
    assert (demo["stage"], demo["lost"], demo["lost_value"]) == ("demo", 1, "10000.00")
    assert (answer["lost"], answer["won"], answer["win_rate"]) == (1, 0, 0.0)
