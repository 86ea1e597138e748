"""Distribution: shares of turns, what became of leads, whom one sees; random histories in plain Python."""

from collections import defaultdict
from datetime import date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leads.actions import reject_lead, set_status
from leads.models import ActivityKind, Organisation, Team
from leads.organisation import zone
from pipeline.actions import assign_lead, route_leads
from pipeline.actions.circles import store_circles
from pipeline.models import Assignment, RoutingCredit
from pipeline.turns import UNIT
from reports.assigned import DistributionQuery
from reports.distribution import distribution
from reports.forms.distribution import AssignedForm, DistributionForm
from scoring.models import Band
from tests.api import program_of
from tests.factories import (
    AbsenceFactory,
    ActivityFactory,
    CompanyFactory,
    LeadFactory,
    ProductLineFactory,
    StatusChangeFactory,
    UserFactory,
)
from tests.factories_routing import RoutingPoolFactory
from tests.reports import handing
from tests.reports.facts import NOON
from tests.reports.handing import Done, Handed
from tests.scored import score
from tests.statements import statements_of

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
generated = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def ask(user, **asked):
    return distribution(user, DistributionQuery(**asked))


def dealt(number, total=80, at=None, **facts):
    """Leads that routing has dealt out."""
    leads = [score(LeadFactory(**({"company": None} | facts)), total) for _ in range(number)]
    route_leads([lead.pk for lead in leads], by=None, at=at)
    return [type(lead).objects.get(pk=lead.pk) for lead in leads]


def rows(report, band="hot"):
    part = next(part for part in report.bands if part.band.key == band)
    return {row.rep.username: row for row in part.rows}


def balance(report, band="hot"):
    return {
        name: (row.balance.received, round(row.balance.expected, 4))
        for name, row in rows(report, band).items()
    }


def ways_of(report):
    return {
        row.rep.username: {way: tally.received for way, tally in row.tallies.items()} for row in report.ways
    }


# ---- what was whose


def test_a_share_of_two_expects_twice_as_much(admin, alice, bob):
    RoutingPoolFactory(members=[(alice, 2), bob])
    dealt(3)
    assert balance(ask(admin)) == {"alice": (2, 2), "bob": (1, 1)}


def test_whoever_is_absent_expects_nothing_meanwhile(admin, alice, bob):
    RoutingPoolFactory(members=[alice, bob])
    absence = AbsenceFactory(user=alice)
    dealt(4)
    absence.delete()
    dealt(2)
    assert balance(ask(admin)) == {"alice": (1, 1), "bob": (5, 5)}


def test_a_share_that_is_changed_later_moves_no_past_figure(admin, alice, bob):
    pool = RoutingPoolFactory(members=[alice, bob])
    dealt(4)
    before = balance(ask(admin))
    pool.members.all().delete()
    assert balance(ask(admin)) == before == {"alice": (2, 2), "bob": (2, 2)}


def test_received_minus_expected_is_the_credit_with_its_sign_turned_round(admin, alice, bob, charlie):
    RoutingPoolFactory(members=[alice, (bob, 2), (charlie, 4)])
    dealt(5)
    dealt(3, total=50)
    report = ask(admin)
    for credit in RoutingCredit.objects.select_related("band", "user"):
        row = rows(report, credit.band.key)[credit.user.username]
        assert float(row.balance.difference) == pytest.approx(-credit.credit / UNIT)


def test_only_turns_are_compared_and_the_other_ways_stand_beside_them(admin, alice, bob):
    RoutingPoolFactory(members=[alice, bob])
    company = CompanyFactory()
    LeadFactory(company=company, owner=alice)
    dealt(3, company=company)
    by_hand = LeadFactory(owner=None)
    assign_lead(by_hand, to=bob, by=admin, why="For Bob")
    dealt(2)
    report = ask(admin)
    assert balance(report) == {"alice": (1, 1), "bob": (1, 1)}
    ways = {
        row.rep.username: {way: tally.received for way, tally in row.tallies.items()} for row in report.ways
    }
    assert ways == {"alice": {"turn": 1, "together": 3}, "bob": {"turn": 1, "hand": 1}}
    assert report.received == 6


def test_a_lead_counts_for_who_got_it_whoever_has_it_now(admin, alice, bob):
    RoutingPoolFactory(members=[alice])
    lead, *_ = dealt(1)
    assign_lead(lead, to=bob, by=admin, why="Knows them")
    report = ask(admin)
    assert balance(report) == {"alice": (1, 1)}
    assert ways_of(report) == {"alice": {"turn": 1}, "bob": {"hand": 1}}


def test_turns_of_which_nobody_knows_the_circle_stand_apart(admin, alice):
    RoutingPoolFactory(members=[alice])
    dealt(2)
    Assignment.objects.update(circle=None)
    report = ask(admin)
    assert (report.bands, report.unrecorded, report.received) == ([], 2, 2)


def test_a_deleted_pool_keeps_its_turns(admin, alice, bob):
    RoutingPoolFactory(members=[alice, bob])
    dealt(2)
    Assignment.objects.update(pool=None)
    report = ask(admin)
    assert balance(report) == {"alice": (1, 1), "bob": (1, 1)}
    assert [part.pool for part in report.pools] == [None]


def test_a_pool_alone_and_all_pools(admin, alice, bob):
    line = ProductLineFactory()
    one = RoutingPoolFactory(members=[alice, bob], product_lines=[line], order=1)
    RoutingPoolFactory(members=[alice], order=2)
    dealt(2, product_line=line)
    dealt(3)
    assert balance(ask(admin)) == {"alice": (4, 4), "bob": (1, 1)}
    assert balance(ask(admin, pool=one)) == {"alice": (1, 1), "bob": (1, 1)}
    assert balance(ask(admin, product_line=line)) == {"alice": (1, 1), "bob": (1, 1)}
    assert [part.fairness.leads for part in ask(admin).pools] == [2, 3]


# ---- what became of it


def log(lead, by, at, kind="call"):
    ActivityFactory(lead=lead, actor=by, occurred_at=at, kind=ActivityKind.objects.get(key=kind))


def test_the_first_thing_that_the_rep_does_is_the_response(admin, alice):
    RoutingPoolFactory(members=[alice])
    called, seen, untouched = dealt(3, at=NOON - 10 * HOUR)
    log(called, alice, NOON - 7 * HOUR)
    log(called, alice, NOON - 2 * HOUR)
    set_status(seen, "working", by=alice)
    log(untouched, admin, NOON)
    log(untouched, alice, NOON, kind="page_view")
    tally = rows(ask(admin))["alice"].tally
    assert (tally.received, tally.accepted, tally.rejected, tally.waiting) == (3, 2, 0, 1)
    assert tally.response == 6.5 * HOUR


def test_a_lead_given_back_to_marketing_is_rejected_though_it_was_called(admin, alice, bob):
    RoutingPoolFactory(members=[alice])
    called, by_another = dealt(2)
    log(called, alice, NOON)
    reject_lead(called, by=alice, note="Students")
    reject_lead(by_another, by=admin, note="Students")
    tally = rows(ask(admin))["alice"].tally
    assert (tally.accepted, tally.rejected, tally.waiting) == (0, 1, 1)


def test_a_lead_sent_to_nurturing_after_work_was_accepted(admin, alice):
    RoutingPoolFactory(members=[alice])
    lead, fresh = dealt(2)
    set_status(lead, "working", by=alice)
    set_status(lead, "nurturing", by=alice)
    set_status(fresh, "nurturing", by=alice)
    tally = rows(ask(admin))["alice"].tally
    assert (tally.accepted, tally.rejected) == (1, 1)


def test_work_before_the_lead_came_or_after_it_went_does_not_count(admin, alice, bob):
    RoutingPoolFactory(members=[alice])
    lead, *_ = dealt(1, at=NOON - 10 * HOUR)
    assign_lead(lead, to=bob, by=admin, why="Knows them")
    log(lead, alice, NOON - 11 * HOUR)
    log(lead, alice, NOON + HOUR)
    log(lead, bob, NOON - HOUR)
    assert rows(ask(admin))["alice"].tally.waiting == 1
    assert ask(admin).totals["hand"].waiting == 1


# ---- random histories

PEOPLE = ["alice", "bob", "charlie"]
hours = st.integers(0, 200)


@st.composite
def histories(draw):
    handed, used = [], set()
    for _ in range(draw(st.integers(1, 12))):
        lead, at = draw(st.integers(0, 4)), draw(hours)
        if (lead, at) in used:
            continue
        used.add((lead, at))
        to, how = draw(st.sampled_from(PEOPLE)), draw(st.sampled_from(["turn", "turn", "hand", "together"]))
        circle = draw(st.dictionaries(st.sampled_from(PEOPLE), st.integers(1, 5), max_size=3))
        circle.setdefault(to, 1)
        pool, band = draw(st.integers(0, 1)), draw(st.sampled_from(["hot", "warm"]))
        handed.append(Handed(lead, to, at, how, band, pool, circle if how == "turn" else {}))
    steps = st.builds(Done, st.integers(0, 4), st.sampled_from(PEOPLE), hours, st.booleans())
    return handed, draw(st.lists(steps, max_size=12))


def write(handed, done, people):
    leads = [LeadFactory(owner=None) for _ in range(5)]
    pools = [RoutingPoolFactory() for _ in range(2)]
    bands = {band.key: band for band in Band.objects.all()}
    for row in handed:
        circle = tuple((people[name].pk, share) for name, share in row.circle.items())
        routed = row.how != "hand"
        Assignment.objects.create(
            lead=leads[row.lead],
            before=None,
            after=people[row.to],
            why="So it was",
            how=row.how,
            at=NOON + row.at * HOUR,
            band=bands[row.band] if routed else None,
            pool=pools[row.pool] if routed else None,
            circle_id=store_circles({circle})[circle] if circle else None,
        )
    for step in done:
        at = NOON + step.at * HOUR
        if step.rejects:
            facts = {"before": "working", "after": "nurturing", "reason": "Rejected by sales"}
            StatusChangeFactory(lead=leads[step.lead], by=people[step.by], at=at, **facts)
        else:
            log(leads[step.lead], people[step.by], at)
    return pools


def check_balances(report, handed, pools):
    by_pool, merged = handing.balances(handed), defaultdict(lambda: [0, 0])
    for (_, band, person), (received, expected) in by_pool.items():
        merged[band, person][0] += received
        merged[band, person][1] += expected
    found = {
        (part.band.key, row.rep.username): [row.balance.received, float(row.balance.expected)]
        for part in report.bands
        for row in part.rows
    }
    assert found == {key: [got, pytest.approx(float(fair))] for key, (got, fair) in merged.items()}
    for part in report.pools:
        place = pools.index(part.pool), part.band.key
        here = [both for key, both in by_pool.items() if key[:2] == place]
        assert part.fairness.leads == sum(received for received, _ in here)
        largest = max(abs(received - fair) for received, fair in here)
        assert float(part.fairness.largest) == pytest.approx(float(largest))


def check_tally(tally, fates):
    words = [fate for fate, _ in fates]
    assert tally.received == len(words)
    found = {"accepted": tally.accepted, "rejected": tally.rejected, "waiting": tally.waiting}
    assert found == {name: words.count(name) for name in found}
    took = handing.middle([hours for _, hours in fates if hours is not None])
    hours = None if tally.response is None else tally.response / HOUR
    assert hours == (None if took is None else pytest.approx(took))


@generated
@given(history=histories())
def test_every_figure_is_what_plain_python_counts(admin, alice, bob, charlie, history):
    handed, done = history
    with transaction.atomic():
        pools = write(handed, done, {"alice": alice, "bob": bob, "charlie": charlie})
        report = ask(admin)
        check_balances(report, handed, pools)
        fates = list(zip(handed, handing.fates(handed, done), strict=True))
        assert set(report.totals) == {row.how for row in handed}
        for way, tally in report.totals.items():
            check_tally(tally, [fate for row, fate in fates if row.how == way])
        for part in report.bands:
            for row in part.rows:
                wanted = "turn", part.band.key, row.rep.username
                check_tally(row.tally, [fate for h, fate in fates if (h.how, h.band, h.to) == wanted])
        transaction.set_rollback(True)


# ---- whom one sees


def test_a_rep_sees_their_own_row_against_what_all_shared(alice, charlie):
    RoutingPoolFactory(members=[alice, charlie])
    dealt(4)
    report = ask(alice)
    assert balance(report) == {"alice": (2, 2)}
    assert (report.bands[0].fairness.reps, report.bands[0].fairness.leads) == (2, 4)
    assert report.totals["turn"].received == 2


def test_a_manager_sees_the_team_and_gets_no_other_by_asking(client, manager, alice, charlie):
    RoutingPoolFactory(members=[alice, charlie])
    dealt(4)
    assert balance(ask(manager)) == {"alice": (2, 2)}
    client.force_login(manager)
    for address in ("/reports/distribution/", "/reports/distribution/leads/", "/reports/distribution/csv/"):
        assert client.get(address, {"owner": "charlie"}).status_code == 422
        assert client.get(address, {"team": charlie.team.name}).status_code == 422


def test_a_list_says_how_many_leads_have_gone_out_of_sight(client, alice, charlie, admin):
    RoutingPoolFactory(members=[alice])
    lead, *_ = dealt(3)
    assign_lead(lead, to=charlie, by=admin, why="South")
    client.force_login(alice)
    page = client.get("/reports/distribution/leads/?show=received&way=turn").content.decode()
    assert "2 leads · 1 more belongs to people" in page
    assert f"/leads/{lead.pk}/" not in page


# ---- days


def test_the_period_is_of_the_assignment_in_the_organisation_s_days(admin, alice):
    Organisation.objects.update(time_zone="Pacific/Auckland")
    RoutingPoolFactory(members=[alice])
    dealt(1, at=datetime(2026, 6, 30, 23, 59, tzinfo=zone()))
    dealt(2, at=datetime(2026, 7, 1, 0, 0, tzinfo=zone()))
    assert ask(admin, end=date(2026, 6, 30)).received == 1
    assert ask(admin, start=date(2026, 7, 1)).received == 2
    Organisation.objects.update(time_zone="America/Los_Angeles")
    assert ask(admin, start=date(2026, 7, 1)).received == 0


@pytest.mark.parametrize(
    "asked",
    [
        {"start": "2026-07-02", "end": "2026-07-01"},
        {"start": "1800-01-01"},
        {"owner": "nobody"},
        {"pool": "No such pool"},
        {"currency": "euro"},
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_sentence(client, admin, asked):
    client.force_login(admin)
    assert client.get("/reports/distribution/", asked).status_code == 422
    assert program_of(admin).get("/reports/distribution", expect=422, **asked)["errors"]


def test_a_century_an_empty_team_and_a_currency_without_a_rate_are_answered(admin, alice):
    RoutingPoolFactory(members=[alice])
    dealt(1)
    assert ask(admin, start=date(1990, 1, 1), end=date(2089, 12, 31)).received == 1
    empty = ask(admin, team=Team.objects.create(name="Empty"))
    assert (empty.ways, empty.received, [part.rows for part in empty.bands]) == ([], 0, [[]])
    assert ask(admin, currency="XXX").received == 0


# ---- page, list, file, API


@pytest.fixture
def look(client, admin):
    client.force_login(admin)

    def open_page(address, expect=200):
        response = client.get(address)
        assert response.status_code == expect
        body = b"".join(response.streaming_content) if response.streaming else response.content
        return body.decode().replace("\N{NO-BREAK SPACE}", " ")

    return open_page


def test_a_report_with_nothing_in_it_says_so(look):
    assert "No lead was given to anybody" in look("/reports/distribution/")


def test_the_page_says_that_all_is_fair(look, alice, bob):
    RoutingPoolFactory(members=[alice, bob])
    dealt(5)
    page = look("/reports/distribution/")
    assert "<b>Fair to within one lead</b>: of 5 leads dealt out in turn" in page
    assert "so it was tried out" in page


def test_the_page_says_who_got_too_much(look, alice, bob):
    RoutingPoolFactory(members=[alice, bob])
    dealt(40)
    Assignment.objects.update(after=alice)
    page = look("/reports/distribution/")
    assert "<b>The largest difference is 20.0 hot leads</b>, of Alice Abel (+20.0 against 20.0)" in page
    assert "fewer than 1 of 100 such distributions (a chi-square test): hardly chance" in page


@pytest.fixture
def some_leads(admin, alice, bob):
    """Four dealt out to two people, of which one is worked; one given by hand."""
    RoutingPoolFactory(members=[alice, bob])
    lead, *_ = dealt(4)
    set_status(lead, "working", by=lead.owner)
    assign_lead(LeadFactory(owner=None), to=alice, by=admin, why="For Alice")


@pytest.mark.parametrize(
    ("asked", "leads"),
    [
        ("show=received&way=turn&band=hot&rep=alice", 2),
        ("show=expected&band=hot&rep=alice", 4),
        ("show=accepted&way=turn", 1),
        ("show=waiting&way=turn", 3),
        ("show=rejected", 0),
        ("show=received&way=hand", 1),
        ("show=received", 5),
    ],
)
def test_each_number_opens_its_leads(look, some_leads, asked, leads):
    assert f"{leads} lead" in look(f"/reports/distribution/leads/?{asked}")
    assert len(look(f"/reports/distribution/leads/csv/?{asked}").splitlines()) == 1 + leads


def test_names_with_formulas_stay_text_in_files(look, alice):
    type(alice).objects.filter(pk=alice.pk).update(first_name="=1+1", last_name="")
    RoutingPoolFactory(members=[alice], name="@sum")
    dealt(1)
    assert ",'=1+1," in look("/reports/distribution/csv/")
    assert "'=1+1" in look("/reports/distribution/leads/csv/?show=received")


def test_the_api_has_the_page_s_figures(admin, alice, bob):
    pool = RoutingPoolFactory(members=[(alice, 2), bob])
    dealt(4)
    answer = program_of(admin).get("/reports/distribution", pool=pool.name)
    (band,) = answer["bands"]
    assert {row["rep"]: (row["received"], row["expected"]) for row in band["rows"]} == {
        "alice": (3, 2.6667),
        "bob": (1, 1.3333),
    }
    assert (band["largest_difference"], band["is_drawn"]) == (0.3333, True)
    assert [(part["pool"], part["leads"]) for part in answer["pools"]] == [(pool.name, 4)]


def test_twenty_reps_cost_as_many_statements_as_one(client, admin, alice):
    pool = RoutingPoolFactory(members=[alice])
    dealt(2)
    client.force_login(admin)
    form = DistributionForm({}, user=admin)
    assert form.is_valid()
    assert statements_of(lambda: distribution(admin, form.query())) <= 10
    pages = ["/reports/distribution/", "/reports/distribution/leads/?show=received"]
    few = [statements_of(lambda page=page: client.get(page)) for page in pages]
    for user in [UserFactory() for _ in range(20)]:
        pool.members.create(user=user)
    dealt(40)
    assert [statements_of(lambda page=page: client.get(page)) for page in pages] == few


def test_the_list_s_form_keeps_to_the_people_one_sees(alice, charlie):
    RoutingPoolFactory(members=[alice, charlie])
    assert not AssignedForm({"rep": "charlie"}, user=alice).is_valid()
