"""Adopting proposed bases: who may, what follows, what stays, and when it is refused."""

import pytest

from pipeline.actions import (
    Adoption,
    BaseChanged,
    BaseWrong,
    MayNotAdopt,
    adopt_bases,
    drain_confidence,
    move_deal,
)
from pipeline.models import PendingConfidence, Stage, StageChange
from tests.factories import LeadFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo():
    return Stage.objects.get(key="demo")


@pytest.fixture
def standing(alice, demo):
    """A deal that stands in the stage."""
    return move_deal(LeadFactory(owner=alice).deal, to=demo, by=alice)


def test_open_deals_follow_and_what_they_entered_with_stays(admin, demo, standing):
    PendingConfidence.objects.all().delete()
    assert adopt_bases([Adoption(demo.pk, 40, 25)], by=admin) == 1
    assert list(PendingConfidence.objects.values_list("lead", flat=True)) == [standing.pk]
    drain_confidence()
    standing.refresh_from_db()
    assert (standing.automatic_confidence, standing.confidence) == (25, 25)
    entry = StageChange.objects.get(deal=standing, to_stage=demo)
    assert (entry.confidence, entry.automatic_confidence) == (40, 40)
    assert standing.confidence_changes.last().after == 25


def test_the_audit_history_has_both_bases_and_the_author(admin, demo):
    adopt_bases([Adoption(demo.pk, 40, 25)], by=admin)
    events = Stage.pgh_event_model.objects.filter(pgh_obj=demo).order_by("pgh_id")
    assert [event.confidence for event in events][-2:] == [40, 25]
    assert events.last().pgh_context.metadata["user"] == admin.pk


def test_a_base_that_changed_meanwhile_is_refused_and_so_are_the_others(admin, demo):
    qualify = Stage.objects.get(key="qualify")
    with pytest.raises(BaseChanged, match="Demo has a base of 40 % by now, not of 45 %"):
        adopt_bases([Adoption(qualify.pk, 10, 12), Adoption(demo.pk, 45, 25)], by=admin)
    qualify.refresh_from_db()
    assert qualify.confidence == 10


def test_a_stage_that_is_gone_is_refused(admin, demo):
    with pytest.raises(BaseChanged, match="removed"):
        adopt_bases([Adoption(demo.pk + 999, 40, 25)], by=admin)


@pytest.mark.parametrize("after", [0, 100, -3])
def test_a_base_lies_between_one_and_ninety_nine(admin, demo, after):
    with pytest.raises(BaseWrong):
        adopt_bases([Adoption(demo.pk, 40, after)], by=admin)


def test_a_stage_gets_one_base(admin, demo):
    with pytest.raises(BaseWrong):
        adopt_bases([Adoption(demo.pk, 40, 30), Adoption(demo.pk, 40, 35)], by=admin)


def test_those_who_may_not_edit_stages_change_no_percentage(alice, manager, demo):
    for user in (alice, manager):
        with pytest.raises(MayNotAdopt):
            adopt_bases([Adoption(demo.pk, 40, 25)], by=user)
