"""X Education's 9,240 leads as if they had just come in, shared by 30 reps."""

import re
from collections import defaultdict

import pytest
from django.core.management import call_command
from django.db import transaction

from leads.models import Lead
from pipeline.actions import drain_routing, queue_unowned
from pipeline.models import Assignment, Enrolment, PendingRouting, RoutingCredit, RoutingWait
from reports.assigned import DistributionQuery
from reports.distribution import distribution
from reports.findings.distribution import distribution_finding
from tests.factories import UserFactory
from tests.factories_routing import NurtureProgrammeFactory, RoutingPoolFactory
from tests.imports import EXAMPLES, REAL_DATA, counts, learn_sizes, needs_real_data, run_command

pytestmark = [pytest.mark.django_db, pytest.mark.real_data, needs_real_data]

REPS = 30


@pytest.fixture(scope="module")
def said(django_db_setup, django_db_blocker, tmp_path_factory):
    """What the import says; then the leads are scored and routed. All is taken back after the last test."""
    with django_db_blocker.unblock(), transaction.atomic():
        mapping = tmp_path_factory.mktemp("mapping") / "open.toml"
        mapping.write_text(without_outcome((EXAMPLES / "xeducation.toml").read_text()))
        answers = run_command("import_leads", REAL_DATA / "xeducation" / "Leads.csv", mapping)
        learn_sizes()
        call_command("scoring_import", EXAMPLES / "xeducation_model.json", publish=True, verbosity=0)
        RoutingPoolFactory(name="Courses", members=[UserFactory() for _ in range(REPS)])
        NurtureProgrammeFactory(name="Course news", steps=[("wait", 7)])
        queue_unowned()
        drain_routing()
        learn_sizes()
        yield answers
        transaction.set_rollback(True)


def without_outcome(mapping: str) -> str:
    """The mapping of new leads, of which nobody knows yet how they end."""
    unknown = re.sub(r'(?m)^(\[leads\.constants\]|stage = "enquiry"|"Converted" = .*)\n', "", mapping)
    return unknown.replace("[leads]\n", '[leads]\nignore = ["Converted"]\n')


def received():
    """How many leads of each band each rep got."""
    got = defaultdict(lambda: defaultdict(int))
    for band, user in Assignment.objects.filter(how="turn").values_list("band__name", "after"):
        got[band][user] += 1
    return got


def test_every_lead_of_a_personal_lane_has_a_rep_and_no_other_has(said):
    assert counts(said)["added"] == 9_240
    personal = Lead.objects.filter(score__band__lane="personal")
    assert personal.count() > 1_000
    assert not personal.filter(owner=None).exists()
    assert not Lead.objects.exclude(score__band__lane="personal").exclude(owner=None).exists()
    assert not PendingRouting.objects.exists()
    assert not RoutingWait.objects.exists()


def test_each_rep_has_the_same_number_of_each_band_to_within_one(said):
    got = received()
    print({band: (sum(of.values()), min(of.values()), max(of.values())) for band, of in got.items()})
    assert set(got) == {"Hot", "Warm"}
    for of in got.values():
        assert len(of) == REPS
        assert max(of.values()) - min(of.values()) <= 1


def test_the_credits_know_what_was_given(said):
    for band, of in received().items():
        rows = RoutingCredit.objects.filter(band__name=band).values_list("user", "received", "credit")
        assert {user: number for user, number, _ in rows} == of
        assert sum(credit for _, _, credit in rows) == 0


def test_the_report_shows_the_same_and_finds_it_fair(said):
    report = distribution(UserFactory(is_superuser=True), DistributionQuery())
    print({part.band.name: (part.fairness.leads, part.fairness.largest) for part in report.bands})
    assert [part.band.name for part in report.bands] == ["Hot", "Warm"]
    for part in report.bands:
        of = received()[part.band.name]
        assert {row.rep.pk: row.balance.received for row in part.rows} == of
        assert {row.tally.received for row in part.rows} == set(of.values())
        assert float(part.balance.expected) == pytest.approx(sum(of.values()))
        assert part.fairness.is_within_one
        assert part.fairness.chance.share > 0.99
    assert "Fair to within one lead" in distribution_finding(report)


def test_leads_of_the_automated_lane_go_through_the_programme(said):
    cold = set(Lead.objects.filter(score__band__lane="automated").values_list("pk", flat=True))
    assert set(Enrolment.objects.values_list("lead", flat=True)) == cold
    assert set(Lead.objects.filter(pk__in=cold).values_list("status", flat=True)) <= {"nurturing"}


def test_every_assignment_says_why(said):
    reasons = Assignment.objects.values_list("why", flat=True).distinct()[:2_000]
    assert all(
        re.match(r"(Hot|Warm). In turn in Courses for (hot|warm) leads: next of 30", why) for why in reasons
    )
