"""What counts is decided on the lead's page: signals reviewed, lines commented, leads excluded."""

import pytest
from django.utils import timezone

from leads.actions import NewActivity, log_activities
from leads.models import Activity, ActivityReview, Lead
from leads.models.activities import Origin
from scoring.actions import exclude_domain
from scoring.models import LeadScore, LineComment, ManualExclusion, Rule
from scoring.pending import drain_scores
from tests.factories import ActivityFactory, CompanyFactory, ContactFactory, LeadFactory

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
BOT = {"user_agent": "Mozilla/5.0 (compatible; bingbot/2.0)"}


@pytest.fixture
def pages(client, alice):
    client.force_login(alice)
    return client


@pytest.fixture
def marta(alice) -> Lead:
    company = CompanyFactory(name="Norrland Timber", domain="norrland.example")
    contact = ContactFactory(email="marta@mail.norrland.example", company=company)
    return LeadFactory(owner=alice, contact=contact)


def asked_for_demo(lead, **properties) -> Activity:
    row = NewActivity(lead.pk, "demo_request", timezone.now(), properties=properties)
    log_activities([row], by=None, origin=Origin.API)
    drain_scores([lead.pk])
    return lead.activities.get(kind__key="demo_request")


def engagement(lead) -> int:
    drain_scores([lead.pk])
    return LeadScore.objects.get(pk=lead.pk).engagement


def text_of(response) -> str:
    return response.content.decode().replace("\N{NO-BREAK SPACE}", " ")


# ---- signals


def test_a_machine_earns_nothing_until_it_is_released_and_nothing_again_once_rejected(pages, marta):
    signal = asked_for_demo(marta, **BOT)
    held = engagement(marta)
    page = text_of(pages.get(f"/leads/{marta.pk}/"))
    address = f"/leads/{marta.pk}/activity/{signal.pk}/review/"

    assert held == 0
    assert "Not counted · Held back: Known bot: bingbot" in page
    assert "pl-timeline__off" in page

    assert pages.post(address, {"trust": "ok"}, headers=HTMX).status_code == 204
    assert engagement(marta) == 200
    pages.post(address, {"trust": "rejected", "note": "It was our own test"}, headers=HTMX)
    assert engagement(marta) == 0
    assert "Not counted · Rejected: It was our own test" in text_of(pages.get(f"/leads/{marta.pk}/"))


def test_a_signal_moves_to_another_lead_with_its_points(pages, marta, alice):
    signal, other = asked_for_demo(marta), LeadFactory(owner=alice)
    address = f"/leads/{marta.pk}/activity/{signal.pk}/review/"

    answer = pages.post(address, {"trust": "ok", "lead": other.pk}, headers=HTMX)

    assert answer.status_code == 204
    assert (engagement(marta), engagement(other)) == (0, 200)
    assert ActivityReview.objects.get().lead_after == other


def test_a_signal_does_not_move_to_somebody_elses_lead(pages, marta, charlie):
    signal, hidden = asked_for_demo(marta), LeadFactory(owner=charlie)
    address = f"/leads/{marta.pk}/activity/{signal.pk}/review/"

    answer = pages.post(address, {"trust": "ok", "lead": hidden.pk}, headers=HTMX)

    assert answer.status_code == 422
    assert f"You have no lead {hidden.pk}." in text_of(answer)
    assert Activity.objects.get(pk=signal.pk).lead == marta


def test_our_own_activities_and_those_of_other_leads_are_not_reviewed_here(pages, marta):
    call = ActivityFactory(lead=marta, kind__key="call")
    elsewhere = ActivityFactory(kind__key="demo_request")

    for activity in (call, elsewhere):
        assert pages.get(f"/leads/{marta.pk}/activity/{activity.pk}/review/").status_code == 404


def test_the_timeline_shows_crossings_alone(pages, marta):
    asked_for_demo(marta)

    bands = text_of(pages.get(f"/leads/{marta.pk}/timeline/?shown=bands", headers=HTMX))

    assert "Became" in bands
    assert "Demo requested" not in bands


# ---- comments


def test_a_comment_on_a_line_stands_below_it(pages, marta, alice):
    asked_for_demo(marta)
    rule = Rule.objects.get(name="Demo requested", group__model__status="active")
    address = f"/leads/{marta.pk}/comment/"

    form = text_of(pages.get(f"{address}?group={rule.group.name}&rule={rule.name}", headers=HTMX))
    sent = {"group": rule.group.name, "rule": rule.name, "text": "He only wanted the price list"}
    answer = pages.post(address, sent, headers=HTMX)

    assert f'value="{rule.name}"' in form
    assert answer.status_code == 204
    comment = LineComment.objects.get()
    assert (comment.by, comment.lead, comment.model) == (alice, marta, rule.group.model)
    assert "“He only wanted the price list”" in text_of(pages.get(f"/leads/{marta.pk}/"))


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"group": "Direct contact", "rule": "Demo requested", "text": " "}, 422),
        ({"group": "Direct contact", "rule": "No such rule", "text": "?"}, 409),
        ({"group": "Direct contact", "text": "?"}, 422),
    ],
)
def test_a_comment_without_words_or_rule_stays_in_the_dialog(pages, marta, sent, status):
    asked_for_demo(marta)

    assert pages.post(f"/leads/{marta.pk}/comment/", sent, headers=HTMX).status_code == status
    assert not LineComment.objects.exists()


# ---- exclusion


def test_a_rep_excludes_his_lead_and_lets_it_in_again(pages, marta):
    asked_for_demo(marta)

    pages.post(f"/leads/{marta.pk}/exclude/", {"whom": "lead", "why": "Researcher", "note": "MSc thesis"})
    drain_scores([marta.pk])
    page = text_of(pages.get(f"/leads/{marta.pk}/"))
    again = pages.post(f"/leads/{marta.pk}/exclude/", {"whom": "lead", "why": "Researcher"}, headers=HTMX)
    pages.post(f"/leads/{marta.pk}/include/")
    drain_scores([marta.pk])

    assert "Researcher: MSc thesis" in page
    assert "Score again…" in page
    assert again.status_code == 409
    assert LeadScore.objects.get(pk=marta.pk).state == "scored"


def test_a_rep_does_not_decide_about_the_domain_of_others_but_a_manager_does(client, alice, manager, marta):
    colleague = LeadFactory(contact=ContactFactory(email="bo@norrland.example", company=None))
    chosen = {"whom": "norrland.example", "why": "Competitor"}
    address = f"/leads/{marta.pk}/exclude/"

    client.force_login(alice)
    assert client.post(address, chosen, headers=HTMX).status_code == 422
    client.force_login(manager)
    assert "Everybody of mail.norrland.example" in text_of(client.get(address))
    client.post(address, chosen)
    drain_scores([marta.pk, colleague.pk])

    assert set(LeadScore.objects.values_list("state", flat=True)) == {"excluded"}
    assert "norrland.example: Competitor" in text_of(client.get(f"/leads/{marta.pk}/"))
    client.force_login(alice)
    refused = client.post(f"/leads/{marta.pk}/include/", headers=HTMX)
    assert refused.status_code == 409
    client.force_login(manager)
    client.post(f"/leads/{marta.pk}/include/")
    assert not ManualExclusion.objects.filter(lifted_at=None).exists()


def test_the_domain_of_a_mail_provider_is_not_excluded(client, manager):
    lead = LeadFactory(contact=ContactFactory(email="someone@gmail.com", company=None))
    client.force_login(manager)

    assert "gmail.com" not in text_of(client.get(f"/leads/{lead.pk}/exclude/"))
    with pytest.raises(Exception, match=r"Many people share gmail\.com"):
        exclude_domain("gmail.com", by=manager, why="Competitor")


def test_what_a_rule_excludes_is_not_lifted_by_hand(pages, marta):
    assert "there is nothing to lift here" in text_of(pages.get(f"/leads/{marta.pk}/include/"))
    assert pages.post(f"/leads/{marta.pk}/include/", headers=HTMX).status_code == 409
