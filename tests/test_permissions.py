"""Every address, as everybody. The table is in tests/access.py.

An address without an entry there fails, and so does an entry without an address.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver
from django.utils import timezone

from leads.actions import create_api_key, renew_calendar_feed, save_view
from leads.calendar import feed_token
from leads.models import Company
from leads.unsubscribing import unsubscribe_address
from pipeline.models import Stage, Takeover
from reports.actions import schedule_report
from reports.models import ReportSchedule
from reports.rhythms import When
from scoring.actions import comment_on_line, exclude_domain, rescore_all
from scoring.models import Band, LineComment, Rule, ScoringModel
from scoring.trials import start_simulation
from tests import factories, factories_pipeline, factories_routing
from tests.access import ACCESS, BODIES


def routes(patterns, prefix: str = "") -> Iterator[str]:
    """Every address pattern of the project, as it is written in the URL configuration."""
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield prefix + str(pattern.pattern)
        else:
            yield from routes(pattern.url_patterns, prefix + str(pattern.pattern))


def test_every_address_has_an_entry():
    assert set(routes(get_resolver().url_patterns)) == set(ACCESS)


@pytest.fixture
def rows(alice):
    """A number for each kind of row that an address may name; the lead is Alice's."""
    lead = factories.LeadFactory(owner=alice)
    made = {
        name: getattr(module, f"{kind}Factory")()
        for module, kinds in MADE.items()
        for name, kind in ((kind.lower(), kind) for kind in kinds)
    }
    named = {name: row.pk for name, row in made.items()}
    return named | {
        "lead": lead.pk,
        "deal": lead.pk,
        "company": lead.company_id,
        "contact": lead.contacts.get().pk,
        "signal": factories.ActivityFactory(lead=lead).pk,
        "task": factories.TaskFactory(lead=lead).pk,
        "stage": Stage.objects.first().pk,
        "user": alice.pk,
        "north": alice.team_id,
        "view": save_view("Mine", page="reports:forecast", query="", by=alice).pk,
        "schedule": scheduled(alice).pk,
        "organisation": 1,
        "band": Band.objects.first().pk,
        "scoringmodel": ScoringModel.objects.first().pk,
        "scoringrun": rescore_all(by=None).pk,
        "trial": start_simulation(ScoringModel.objects.first(), by=None).pk,
        "manualexclusion": exclude_domain("rival.example", by=None, why="A competitor").pk,
        "linecomment": commented(lead).pk,
        "contenttype": ContentType.objects.get_for_model(Company).pk,
        "unsubscribe": unsubscribe_address(lead.contacts.get().pk).rsplit("/", 2)[-2],
        "calendar": feed_token(renew_calendar_feed(alice, by=alice)),
        "absence": factories.AbsenceFactory(user=alice).pk,
        "takeover": Takeover.objects.create(colleague=alice, substitute=alice, at=timezone.now()).pk,
        "routingwait": 0,
        "enrolment": 0,
        "assignment": 0,
        "emailaddress": 0,
        "authenticator": 0,
    }


def scheduled(user) -> ReportSchedule:
    """A report that this user has sent to them."""
    view = save_view("Weekly", page="reports:forecast", query="", by=user)
    return schedule_report(view, when=When("weekly"), by=user)


def commented(lead) -> LineComment:
    """A comment on a line of the lead's score."""
    rule = Rule.objects.select_related("group__model").first()
    return comment_on_line(
        lead, model=rule.group.model, group=rule.group.name, rule=rule.name, text="Too much", by=None
    )


MADE = {
    factories: [
        "ProductLine", "Product", "Source", "Campaign", "CustomField", "Question", "ActivityKind", "ApiKey",
        "Team",
    ],
    factories_routing: ["RoutingPool", "NurtureProgramme", "MailTemplate"],
    factories_pipeline: [
        "Pipeline", "KeyActivity", "AnswerPoint", "Competitor", "LostReason", "ExchangeRate", "Target",
    ],
}  # fmt: skip


@contextmanager
def nothing_stays() -> Iterator[None]:
    """Whatever the request writes is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def people(alice, bob, manager, other_manager, admin):
    """In the order of the table."""
    return [None, alice, bob, manager, other_manager, admin]


def test_everybody_gets_what_they_may_see_and_nothing_else(rows, people):
    browsers = [visitor(person) for person in people]
    programs = [program(person) for person in people]
    wrong = {}
    for route, (method, address, expected) in ACCESS.items():
        is_api = route.startswith("api/v1/") and method != "page"
        got = tuple(
            answer(who, method, address.format(**rows), BODIES.get(route, {}))
            for who in (programs if is_api else browsers)
        )
        if got != expected:
            wrong[route] = (method, got, expected)
    assert not wrong, "\n".join(f"{route}: {case}" for route, case in wrong.items())


def visitor(person) -> Client:
    """A browser in which this person is signed in, if anybody."""
    browser = Client(raise_request_exception=False)
    if person:
        browser.force_login(person)
    return browser


def program(person) -> Client:
    """A program with this person's key, if anybody's."""
    if person is None:
        return Client(raise_request_exception=False)
    key = create_api_key(person.username, person, by=person)[1]
    return Client(raise_request_exception=False, headers={"Authorization": f"Bearer {key}"})


def answer(who: Client, method: str, address: str, body: dict[str, str]) -> int:
    """The status code; a form is sent without any field."""
    sent = (
        {"data": json.dumps(body), "content_type": "application/json"} if method in ("post", "delete") else {}
    )
    verb = {"page": "get", "form": "post"}.get(method, method)
    with nothing_stays():
        return getattr(who, verb)(address, **sent).status_code
