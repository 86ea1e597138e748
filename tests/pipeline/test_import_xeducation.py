"""X Education's 9,240 leads with their outcome: what must come out of the real file."""

import pytest
from django.db import transaction
from django.db.models import Count, Q

from leads.models import CustomField, ExternalId, Lead, Source
from pipeline.models import Deal, PendingConfidence, StageChange
from scoring.models import LeadScore, PendingScore
from tests.imports import EXAMPLES, REAL_DATA, counts, learn_sizes, needs_real_data, run_command

pytestmark = [pytest.mark.real_data, needs_real_data]


@pytest.fixture(scope="module")
def said(django_db_setup, django_db_blocker):
    """What the import says; all is taken back after the last test of this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        answers = run_import()
        learn_sizes()
        yield answers
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def leads(said):
    return Lead.objects.all()


def run_import():
    return run_command("import_leads", REAL_DATA / "xeducation" / "Leads.csv", EXAMPLES / "xeducation.toml")


def converted(leads, **facts):
    """How many of the leads with these facts were won, of how many."""
    found = leads.filter(**facts)
    return found.filter(outcome="won").count(), found.count()


def test_everything_comes_in_with_its_outcome(said, leads):
    assert counts(said) == {"read": 9_240, "added": 9_240, "updated": 0, "unchanged": 0, "rejected": 0}
    assert leads.filter(outcome="won").count() == 3_561
    assert leads.filter(outcome="lost").count() == 5_679
    assert set(leads.values_list("product_line__name", "status", "closed_on")) == {
        ("X Education", "qualified", None)
    }


def test_by_origin(leads):
    assert converted(leads, attributes__lead_origin="Lead Add Form") == (664, 718)
    assert converted(leads, attributes__lead_origin="Landing Page Submission") == (1_768, 4_886)
    assert converted(leads, attributes__lead_origin="API") == (1_115, 3_580)


def test_by_source_with_google_in_one_spelling(leads):
    assert converted(leads, source__name="Welingak Website") == (140, 142)
    assert converted(leads, source__name="Reference") == (490, 534)
    assert converted(leads, source__name="Olark Chat") == (448, 1_755)
    assert leads.filter(source__name="Google").count() == 2_873
    assert not Source.objects.filter(name="google").exists()


def test_by_last_activity(leads):
    assert converted(leads, attributes__last_activity="SMS Sent") == (1_727, 2_745)
    assert converted(leads, attributes__last_activity="Email Opened") == (1_253, 3_437)
    assert converted(leads, attributes__last_activity="Olark Chat Conversation") == (84, 973)


def test_by_occupation(leads):
    key = "attributes__what_is_your_current_occupation"
    assert converted(leads, **{key: "Working Professional"}) == (647, 706)
    assert converted(leads, **{key: "Unemployed"}) == (2_441, 5_600)


def test_select_means_not_answered(leads):
    empty = ("specialization", "how_did_you_hear_about_x_education", "lead_profile", "city")
    answered = leads.aggregate(**{key: Count("pk", filter=Q(attributes__has_key=key)) for key in empty})

    assert answered == {
        "specialization": 9_240 - 1_942 - 1_438,
        "how_did_you_hear_about_x_education": 9_240 - 5_043 - 2_207,
        "lead_profile": 9_240 - 4_146 - 2_709,
        "city": 9_240 - 2_249 - 1_420,
    }


def test_leads_that_are_alike_but_for_their_ids_are_different_leads(leads):
    assert ExternalId.objects.filter(system="xeducation", entity="lead").count() == 9_240
    lead_id = ExternalId.objects.get(external_id="7927b2df-8bba-4d29-b9a2-b6e0beafe620").object_id
    lead = leads.get(pk=lead_id)
    assert lead.attributes["lead_number"] == 660737
    assert lead.attributes["do_not_email"] is False
    assert lead.attributes["totalvisits"] == 0
    assert lead.name == "7927b2df-8bba-4d29-b9a2-b6e0beafe620"


def test_custom_fields_are_typed(said):
    types = dict(CustomField.objects.values_list("key", "type"))

    assert len(types) == 34
    assert (types["lead_number"], types["do_not_email"], types["tags"]) == ("number", "boolean", "text")


def test_all_stand_in_the_funnel_with_a_closing_of_unknown_date(leads):
    deals = Deal.objects.filter(lead__in=leads)
    assert set(deals.values_list("stage__key", "confidence", "value")) == {("enquiry", 39, None)}
    assert not deals.filter(entered_at=None).exists()
    assert StageChange.objects.filter(reconstructed=True, left_at__isnull=False).count() == 9_240


def test_scores_and_confidences_are_written(said):
    assert not PendingScore.objects.exists()
    assert not PendingConfidence.objects.exists()
    assert not LeadScore.objects.exclude(state="scored").exists()


def test_a_second_import_changes_nothing(said):
    assert counts(run_import()) == {
        "read": 9_240,
        "added": 0,
        "updated": 0,
        "unchanged": 9_240,
        "rejected": 0,
    }
