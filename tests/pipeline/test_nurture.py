"""Programmes: who goes through them, what each step does, and what ends them."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from leads.actions import (
    NewActivity,
    log_activity,
    set_people,
    set_status,
    unsubscribe_contact,
)
from leads.models import Lead, Outbox, Task
from leads.models.activities import Origin
from leads.organisation import today
from leads.tasks import deliver_outbox
from pipeline.actions import (
    NoProgramme,
    advance_programmes,
    assign_lead,
    drain_routing,
    route_leads,
    stop_programme,
)
from pipeline.letters import check_letter, fill, write_letter
from pipeline.models import Enrolment, NurtureEvent, NurtureProgramme, NurtureStep
from pipeline.tasks import run_programmes
from scoring.actions import exclude_lead
from scoring.models import Band, BandCrossing, LeadScore
from scoring.pending import drain_scores
from scoring.signals import bands_crossed
from tests.factories import ContactFactory, LeadFactory, ProductLineFactory
from tests.factories_routing import MailTemplateFactory, NurtureProgrammeFactory, RoutingPoolFactory
from tests.scored import score
from tests.statements import statements_of

pytestmark = pytest.mark.django_db

COLD = 20


@pytest.fixture
def letter():
    return MailTemplateFactory(subject="Figures for {{ company }}", body="Dear {{ first_name }},\nhello.")


@pytest.fixture
def programme(letter):
    return NurtureProgrammeFactory(
        name="Keep warm", steps=[("mail", letter), ("wait", 3), ("task", "Look again"), ("wait", 4)]
    )


def cold_lead(**facts):
    lead = score(LeadFactory(**facts), COLD)
    route_leads([lead.pk], by=None)
    return lead


def run(days=0):
    """Everything that is due after so many days."""
    while advance_programmes(by=None, at=timezone.now() + timedelta(days=days)):
        pass


def way(lead):
    return Enrolment.objects.get(lead=lead)


def told(lead):
    return list(NurtureEvent.objects.filter(lead=lead).values_list("text", flat=True))


def cross(lead, before, after):
    bands = {band.key: band for band in Band.objects.all()}
    model = LeadScore.objects.get(pk=lead.pk).model
    facts = {"before": bands[before], "after": bands[after], "total": 50, "model": model}
    crossing = BandCrossing.objects.create(lead=lead, **facts, day=today(), at=timezone.now())
    bands_crossed.send(sender=LeadScore, crossings=[crossing])


# ---- who goes through it


def test_a_lead_of_an_automated_lane_gets_a_programme_and_no_rep(programme, alice):
    RoutingPoolFactory(members=[alice])
    lead = cold_lead()
    lead.refresh_from_db()
    assert (lead.owner, lead.status) == (None, "nurturing")
    assert (way(lead).programme, way(lead).why) == (programme, "Cold: no rep, but the programme Keep warm")


def test_dead_leads_and_leads_of_a_rep_get_none(programme, alice):
    dead, owned = score(LeadFactory(), 0), score(LeadFactory(owner=alice), COLD)
    route_leads([dead.pk, owned.pk], by=None)
    assert not Enrolment.objects.exists()


def test_the_first_active_programme_that_is_met_is_taken(letter):
    line = ProductLineFactory()
    NurtureProgrammeFactory(order=0, is_active=False)
    first = NurtureProgrammeFactory(order=1)
    first.product_lines.set([line])
    second = NurtureProgrammeFactory(order=2)
    second.bands.set([Band.objects.get(key="cold")])
    assert way(cold_lead(product_line=line)).programme == first
    assert way(cold_lead()).programme == second


def test_nobody_goes_through_a_programme_twice(programme):
    lead = cold_lead()
    stop_programme(lead, by=None)
    route_leads([lead.pk], by=None)
    assert Enrolment.objects.count() == 1
    assert way(lead).state == "stopped"


# ---- steps


def test_steps_send_wait_and_make_tasks_in_their_time(programme, mailoutbox):
    lead = cold_lead(contact=ContactFactory(first_name="Marta"))
    run()
    deliver_outbox()
    assert [mail.subject for mail in mailoutbox] == [f"Figures for {lead.company.name}"]
    run(days=2.9)
    assert not Task.objects.exists()
    run(days=3.1)
    assert Task.objects.get().title == "Look again"
    assert way(lead).state == "running"
    run(days=7.2)
    assert way(lead).state == "finished"
    assert told(lead) == [
        "Programme begun: Keep warm",
        f"E-mail sent: Figures for {lead.company.name}",
        "Task created: Look again",
        "Programme finished",
    ]


def test_the_mail_can_be_ended_with_one_click(programme, mailoutbox, settings, client):
    settings.PUBLIC_URL = "https://crm.example.com"
    lead = cold_lead(contact=ContactFactory(first_name="Marta"))
    run_programmes()
    deliver_outbox()
    mail = mailoutbox[0]
    address = mail.extra_headers["List-Unsubscribe"].strip("<>")
    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail.body.startswith("Dear Marta,\nhello.")
    assert address in mail.body
    path = address.removeprefix("https://crm.example.com")
    assert "No more mail?" in client.get(path).text
    assert way(lead).state == "running"  # a mail scanner that follows the link ends nothing
    answer = client.post(path, {"List-Unsubscribe": "One-Click"})
    assert "You get no more mail" in answer.text
    contact = lead.contacts.get()
    assert contact.unsubscribed_at
    assert contact.consent == "withdrawn"
    assert (way(lead).state, way(lead).ended_why) == ("stopped", "They unsubscribed")
    assert lead.activities.get().kind.key == "unsubscribe"
    client.post(path)
    assert lead.activities.count() == 1


@pytest.mark.parametrize("token", ["1", "1:abc", "nonsense", "9:" + "x" * 43])
def test_an_address_that_was_not_signed_leads_nowhere(token, client):
    assert client.post(f"/unsubscribe/{token}/").status_code == 404


def test_a_letter_whose_reader_unsubscribes_while_it_waits_is_not_sent(programme, mailoutbox):
    lead = cold_lead()
    run()
    unsubscribe_contact(lead.contacts.get(), by=None)
    deliver_outbox()
    assert mailoutbox == []
    assert not Outbox.objects.filter(sent_at=None, kind="nurture_mail").exists()


@pytest.mark.parametrize(
    "fact",
    [{"do_not_contact": True}, {"unsubscribed_at": timezone.now()}, {"consent": "withdrawn"}, {"email": ""}],
)
def test_nobody_is_written_to_who_must_not_be(fact, programme, mailoutbox):
    lead = cold_lead(contact=ContactFactory(**fact))
    run()
    deliver_outbox()
    assert mailoutbox == []
    assert told(lead)[1].startswith("Not sent:")


def test_the_next_person_gets_the_letter_when_the_first_may_not(programme, mailoutbox):
    lead = cold_lead(contact=ContactFactory(do_not_contact=True))
    other = ContactFactory(first_name="Ilse")
    set_people(lead, [(lead.contacts.get().pk, ""), (other.pk, "")], by=None)
    run()
    deliver_outbox()
    assert mailoutbox[0].to == [other.email]


def test_a_task_can_have_somebody_who_does_it(alice):
    programme = NurtureProgrammeFactory(steps=[("task", "Call")])
    programme.steps.update(assignee=alice, days=2)
    cold_lead()
    run()
    task = Task.objects.get()
    assert (task.assignee, task.due_on) == (alice, today() + timedelta(days=2))


def test_a_paused_programme_waits(programme):
    lead = cold_lead()
    NurtureProgramme.objects.update(is_active=False)
    run(days=9)
    assert told(lead) == ["Programme begun: Keep warm"]


def test_twenty_leads_cost_as_many_statements_as_one(programme):
    cold_lead()
    one = statements_of(lambda: advance_programmes(by=None))
    for _ in range(20):
        cold_lead()
    assert statements_of(lambda: advance_programmes(by=None)) == one


# ---- what ends it


def log(lead, kind):
    log_activity(NewActivity(lead.pk, kind, timezone.now()), by=None, origin=Origin.API)


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("email_reply", "They answered"),
        ("unsubscribe", "They unsubscribed"),
        ("demo_request", "They asked for a demo"),
    ],
)
def test_an_answer_ends_it(kind, why, programme):
    lead, other = cold_lead(), cold_lead()
    log(lead, kind)
    log(other, "page_view")
    assert (way(lead).state, way(lead).ended_why) == ("stopped", why)
    assert way(other).state == "running"
    run(days=9)
    assert told(lead)[-1] == "Programme stopped: Keep warm"


def test_a_better_band_ends_it_and_a_rep_gets_the_lead(programme, alice):
    RoutingPoolFactory(members=[alice])
    lead = cold_lead()
    score(lead, 50)
    cross(lead, "cold", "warm")
    drain_routing()
    lead.refresh_from_db()
    assert (way(lead).ended_why, lead.owner, lead.status) == ("Became warm", alice, "new")


def test_a_worse_band_does_not(programme):
    lead = cold_lead()
    cross(lead, "cold", "dead")
    assert way(lead).state == "running"


def test_closing_taking_over_by_hand_and_stopping_end_it(programme, alice):
    closed, taken, stopped, worked = (cold_lead() for _ in range(4))
    set_status(closed, "disqualified", by=alice, reason="no_fit")
    assign_lead(taken, to=alice, by=alice, why="Mine")
    stop_programme(stopped, by=alice)
    set_status(worked, "working", by=alice)
    assert [way(lead).ended_why for lead in (closed, taken, stopped, worked)] == [
        "The lead is closed",
        "A rep has it now",
        "Stopped by hand",
        "No longer in nurturing",
    ]
    assert NurtureEvent.objects.filter(lead=stopped).last().detail == "Stopped by hand, Alice Abel"
    with pytest.raises(NoProgramme):
        stop_programme(stopped, by=alice)


def test_an_excluded_lead_leaves_at_its_next_step(programme):
    lead = cold_lead()
    exclude_lead(lead, by=None, why="A competitor")
    drain_scores()
    run()
    assert way(lead).ended_why == "Excluded from scoring"
    assert not Outbox.objects.filter(kind="nurture_mail").exists()


# ---- unsubscribing


def test_unsubscribing_is_noted_on_each_open_lead_or_the_newest(alice):
    contact = ContactFactory()
    first, second, closed = (LeadFactory(contact=contact) for _ in range(3))
    Lead.objects.filter(pk=closed.pk).update(outcome="lost")
    assert unsubscribe_contact(contact, by=None)
    assert not unsubscribe_contact(contact, by=None)
    assert [lead.activities.count() for lead in (first, second, closed)] == [1, 1, 0]
    other = ContactFactory()
    old, new = (LeadFactory(contact=other) for _ in range(2))
    Lead.objects.filter(pk__in=[old.pk, new.pk]).update(outcome="lost")
    unsubscribe_contact(other, by=None)
    assert [lead.activities.count() for lead in (old, new)] == [0, 1]


# ---- letters


def test_blanks_are_filled_and_a_letter_always_says_how_to_end_it():
    assert (
        fill("{{first_name}} of {{ company }}{{ last_name }}", {"first_name": "Jo", "company": "A"})
        == "Jo of A"
    )
    written = write_letter(
        "jo@a.example", "Hi\n{{ first_name }}", "Hello", {"first_name": "Jo", "unsubscribe": "U"}
    )
    assert (written.subject, written.body.endswith("hear from us? U")) == ("Hi Jo", True)
    own = write_letter("jo@a.example", "Hi", "Enough: {{ unsubscribe }}", {"unsubscribe": "U"})
    assert own.body == "Enough: U"


@pytest.mark.parametrize("text", ["{{ salary }}", "{{ first_name", "{{ }}", "{{ first_name.x }}"])
def test_a_blank_that_nobody_can_fill_is_refused(text):
    with pytest.raises(ValidationError):
        check_letter(text)


def test_a_step_that_lacks_something_is_refused(letter):
    programme = NurtureProgrammeFactory()
    for kind in ("mail", "task"):
        with pytest.raises(ValidationError):
            NurtureStep(programme=programme, order=1, kind=kind).full_clean()
    NurtureStep(programme=programme, order=1, kind="mail", template=letter).full_clean()
