"""Where a lead stands, how it ends and begins again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from config.refusals import Refusal
from leads.actions import (
    Closing,
    LeadClosed,
    NewStatus,
    close_lead,
    close_leads,
    reopen_lead,
    reopen_leads,
    set_status,
    set_statuses,
    work_leads,
)
from leads.models import Lead, StatusChange
from leads.organisation import today
from leads.signals import leads_closed, leads_reopened, statuses_changed
from tests.factories import LeadFactory
from tests.heard import heard
from tests.statements import statements_of

pytestmark = pytest.mark.django_db


def test_a_status_is_set_dated_and_recorded_with_its_actor(alice):
    lead = LeadFactory(owner=alice)

    lead = set_status(lead, "working", by=alice, note="Called back")

    step = StatusChange.objects.get()
    assert (lead.status, lead.status_since) == ("working", step.at)
    assert (step.before, step.after, step.note, step.by) == ("new", "working", "Called back", alice)


def test_a_status_that_stands_already_leaves_no_trace(alice):
    lead = LeadFactory(status="working")
    with heard(statuses_changed) as news:
        set_status(lead, "working", by=alice)
    assert not news
    assert not StatusChange.objects.exists()


def test_news_of_statuses_goes_out_once_per_status(alice):
    first, second, third = LeadFactory(), LeadFactory(status="nurturing"), LeadFactory()
    with heard(statuses_changed) as news:
        set_statuses(
            [
                NewStatus(first.pk, "working"),
                NewStatus(second.pk, "working"),
                NewStatus(third.pk, "qualified"),
            ],
            by=alice,
        )
    assert [(n["after"], n["before"]) for n in news] == [
        ("working", {first.pk: "new", second.pk: "nurturing"}),
        ("qualified", {third.pk: "new"}),
    ]


def test_a_row_that_is_refused_never_loses_the_others(alice):
    closed, fine = LeadFactory(outcome="won", closed_on=date(2026, 1, 5)), LeadFactory()
    rows = [NewStatus(closed.pk, "working"), NewStatus(0, "working"), NewStatus(fine.pk, "working")]

    refused = set_statuses(rows, by=alice)

    assert [(row.index, row.refusal.__name__) for row in refused] == [(0, "LeadClosed"), (1, "LeadGone")]
    assert refused[0].message == f"{closed} is already won. Reopen it first."
    assert Lead.objects.get(pk=fine.pk).status == "working"


@pytest.mark.parametrize(
    ("status", "facts", "sentence"),
    [
        ("asleep", {}, "There is no status “asleep”."),
        ("disqualified", {}, "Say why {} is disqualified."),
        ("disqualified", {"reason": "  "}, "Say why {} is disqualified."),
        (
            "working",
            {"returns_on": date(2099, 1, 1)},
            "Only a lead in nurturing has a day on which it returns.",
        ),
        ("nurturing", {"returns_on": date(2020, 1, 1)}, "A lead returns from nurturing on a day to come."),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(status, facts, sentence, alice):
    lead = LeadFactory()
    with pytest.raises(Refusal) as refusal:
        set_status(lead, status, by=alice, **facts)
    assert refusal.value.sentence == sentence.format(lead)
    assert not StatusChange.objects.exists()


def test_disqualifying_closes_the_lead_today(alice):
    lead = LeadFactory(status="working")
    with heard(leads_closed) as news:
        lead = set_status(lead, "disqualified", by=alice, reason="Student")
    step = StatusChange.objects.get()
    assert (lead.status, lead.outcome, lead.closed_on) == ("disqualified", "disqualified", today())
    assert (step.outcome_before, step.outcome_after, step.reason) == ("open", "disqualified", "Student")
    assert [(n["outcome"], n["lead_ids"]) for n in news] == [("disqualified", [lead.pk])]


def test_only_open_new_leads_begin_to_be_worked(alice):
    new, nurturing = LeadFactory(), LeadFactory(status="nurturing")
    closed = LeadFactory(outcome="lost", closed_on=date(2026, 1, 5))
    work_leads([new.pk, nurturing.pk, closed.pk], by=alice)
    assert [lead.status for lead in Lead.objects.order_by("pk")] == ["working", "nurturing", "new"]


def test_a_won_lead_keeps_the_status_it_had(alice):
    lead = close_lead(LeadFactory(status="qualified"), "won", by=alice, closed_on=date(2026, 3, 1))
    assert (lead.status, lead.outcome, lead.closed_on) == ("qualified", "won", date(2026, 3, 1))


def test_without_a_day_a_lead_closes_on_the_organisations_date_of_that_moment(alice):
    lead = close_lead(LeadFactory(), "lost", by=alice, at=datetime(2026, 2, 3, 4, tzinfo=UTC))
    assert lead.closed_on == date(2026, 2, 3)


def test_an_import_may_leave_the_closing_day_unknown(alice):
    lead = LeadFactory()
    assert close_leads([Closing(lead.pk, "won")], by=alice, date_unknown=True) == []
    assert Lead.objects.get(pk=lead.pk).closed_on is None


@pytest.mark.parametrize(
    ("outcome", "closed_on", "sentence"),
    [
        ("open", None, "A lead closes as won, lost or disqualified, not as “open”."),
        ("gone", None, "A lead closes as won, lost or disqualified, not as “gone”."),
        ("won", date(2999, 1, 1), "{} cannot close on 01 Jan 2999, a day still to come."),
        ("won", date(1989, 12, 31), "{} cannot have closed on 31 Dec 1989, before 1990."),
        ("disqualified", None, "Say why {} is disqualified."),
    ],
)
def test_a_closing_that_cannot_be_is_refused(outcome, closed_on, sentence, alice):
    lead = LeadFactory()
    with pytest.raises(Refusal) as refusal:
        close_lead(lead, outcome, by=alice, closed_on=closed_on)
    assert refusal.value.sentence == sentence.format(lead)
    assert Lead.objects.get().outcome == "open"


def test_closing_twice_is_refused_and_the_first_stays(alice):
    lead = LeadFactory()
    close_lead(lead, "won", by=alice)
    with pytest.raises(LeadClosed, match="is already won"):
        close_lead(lead, "lost", by=alice)
    assert Lead.objects.get().outcome == "won"


def test_closing_the_same_lead_twice_in_one_batch_takes_the_first_row(alice):
    lead = LeadFactory()
    refused = close_leads([Closing(lead.pk, "won"), Closing(lead.pk, "lost")], by=alice)
    assert [row.index for row in refused] == [1]
    assert Lead.objects.get().outcome == "won"


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_close_a_lead_at_once_one_is_refused(alice, bob):
    lead = LeadFactory()

    def close(outcome_by):
        try:
            close_lead(lead, outcome_by[0], by=outcome_by[1])
        except LeadClosed:
            return "refused"
        finally:
            connection.close()
        return "closed"

    with ThreadPoolExecutor(2) as two:
        assert sorted(two.map(close, [("won", alice), ("lost", bob)])) == ["closed", "refused"]
    assert StatusChange.objects.count() == 1


def test_reopening_makes_a_disqualified_lead_working_and_leaves_the_others_status(alice):
    lost = LeadFactory(status="qualified", outcome="lost", closed_on=date(2026, 1, 5))
    out = LeadFactory(status="disqualified", outcome="disqualified", closed_on=date(2026, 1, 5))
    with heard(leads_reopened) as reopened, heard(statuses_changed) as statuses:
        assert reopen_leads([lost.pk, out.pk], by=alice) == []
    assert [(lead.status, lead.outcome, lead.closed_on) for lead in Lead.objects.order_by("pk")] == [
        ("qualified", "open", None),
        ("working", "open", None),
    ]
    assert [n["lead_ids"] for n in reopened] == [[lost.pk, out.pk]]
    assert [n["before"] for n in statuses] == [{out.pk: "disqualified"}]


def test_an_open_lead_is_not_reopened(alice):
    lead = LeadFactory()
    with pytest.raises(Refusal, match="is open already"):
        reopen_lead(lead, by=alice)


def test_a_row_may_date_its_own_history(alice):
    moment = datetime(2025, 5, 1, 8, tzinfo=UTC)
    lead = LeadFactory()
    set_statuses([NewStatus(lead.pk, "working", at=moment)], by=None)
    close_leads([Closing(lead.pk, "won", at=moment + timedelta(days=3))], by=None)
    assert [step.at for step in StatusChange.objects.all()] == [moment, moment + timedelta(days=3)]
    assert Lead.objects.get().closed_on == date(2025, 5, 4)


def test_twenty_leads_cost_as_many_statements_as_one(alice):
    def batch(size):
        leads = [LeadFactory().pk for _ in range(size)]

        def live():
            set_statuses([NewStatus(pk, "working") for pk in leads], by=alice)
            close_leads([Closing(pk, "lost") for pk in leads], by=alice)
            reopen_leads(leads, by=alice)

        return statements_of(live)

    assert batch(20) == batch(1)
