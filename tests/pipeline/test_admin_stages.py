"""One stage in the admin: what it asks for, a preview of a change, where its deals go when it is removed."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from leads.actions import set_status
from leads.models import Lead
from pipeline.actions import (
    SuccessorNeeded,
    WrongPipeline,
    lose_deal,
    move_deal,
    remove_stage,
    set_confidence,
)
from pipeline.models import Deal, LostReason, PendingConfidence, Requirement, Stage, StageChange
from reports.funnel import FunnelQuery, funnel
from tests.factories import LeadFactory
from tests.factories_pipeline import DealFactory, RequirementFactory, StageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(admin, settings):
    # Django's own formsets look up the row of each inline form that is sent.
    settings.ZEAL_ALLOWLIST = [{"model": "pipeline.Stage", "field": "get()"}]
    client = Client()
    client.force_login(admin)
    return client


def stage(key):
    return Stage.objects.get(pipeline__key="default", key=key)


def page(name, *args):
    return reverse(f"admin:pipeline_{name}", args=args)


def stage_form(row, requirements=(), **facts):
    """What the form of a stage sends; a requirement is a dictionary of its columns."""
    form = {"name": row.name, "confidence": row.confidence, "silence_points": row.silence_points, **facts}
    form |= {"requirements-TOTAL_FORMS": len(requirements), "requirements-INITIAL_FORMS": 0}
    form |= {"key_activities-TOTAL_FORMS": 0, "key_activities-INITIAL_FORMS": 0}
    for place, columns in enumerate(requirements):
        form |= {f"requirements-{place}-{name}": value for name, value in columns.items()}
    return form


@pytest.fixture
def standing(alice):
    """An open deal that was moved there, a new lead and a lost deal, all in the first stage."""
    moved, fresh, lost = (LeadFactory(owner=alice) for _ in range(3))
    for lead in (moved, lost):
        set_status(lead, "nurturing" if lead == lost else "working", by=alice)
    lose_deal(lost.deal, reason=LostReason.objects.get(key="price"), by=alice)
    return moved, fresh, lost


# ---- requirements


def test_requirements_are_edited_with_their_stage(office):
    demo = stage("demo")
    url = page("stage_change", demo.pk)

    assert office.get(url).status_code == 200
    assert office.post(url, stage_form(demo, [{"field": "deal.value"}])).status_code == 302
    assert str(Requirement.objects.get(stage=demo)) == "Value"
    assert "1 thing" in office.get(page("pipeline_change", demo.pipeline_id)).content.decode()


def test_a_requirement_about_nothing_is_an_error(office):
    demo = stage("demo")

    answer = office.post(page("stage_change", demo.pk), stage_form(demo, [{"value": "true"}]))

    assert "Choose one: a field, a custom field" in answer.content.decode()
    assert not Requirement.objects.exists()


# ---- preview


def test_a_preview_counts_the_deals_and_saves_nothing(office, alice):
    deals = [DealFactory(lead__owner=alice) for _ in range(3)]
    set_confidence(deals[0], 70, reason="They said so", by=alice)
    PendingConfidence.objects.all().delete()
    qualify = stage("qualify")
    sent = stage_form(qualify, confidence=25, _preview="yes")

    page_text = office.post(page("stage_change", qualify.pk), sent).content.decode()

    assert "This change touches <b>3</b> of 3 open deals. Nothing is saved yet." in page_text
    assert "1 of them keep a value set by hand" in page_text
    assert 'name="confidence" value="25"' in page_text
    assert stage("qualify").confidence == 10
    assert not PendingConfidence.objects.exists()


def test_a_preview_counts_rotting_deals_and_those_held_back(office, alice):
    deal = DealFactory(lead__owner=alice)
    Deal.objects.filter(pk=deal.pk).update(
        entered_at=timezone.now(), stage_entered_at=timezone.now() - timedelta(days=5)
    )
    discovery, qualify = stage("discovery"), stage("qualify")
    asked = stage_form(discovery, [{"field": "deal.value"}], _preview="yes")
    rotting = stage_form(qualify, rot_days=3, _preview="yes")

    for row, sent, line in ((discovery, asked, "held back"), (qualify, rotting, "that rot")):
        text = office.post(page("stage_change", row.pk), sent).content.decode()
        assert "touches <b>1</b> of 1 open deal." in text
        changed = text[text.index(line) :][:120]
        assert changed.count("0</td>") == 1
        assert changed.count("1</td>") == 1


def test_a_change_that_cannot_be_is_no_preview(office):
    demo = stage("demo")

    text = office.post(page("stage_change", demo.pk), stage_form(demo, confidence=0, _preview="yes"))

    assert "Nothing is saved yet" not in text.content.decode()
    assert "greater than or equal to 1" in text.content.decode()


# ---- removal


def test_removing_a_stage_asks_where_its_deals_go(office, standing):
    moved, fresh, lost = standing
    qualify, discovery = stage("qualify"), stage("discovery")
    url = page("stage_delete", qualify.pk)

    asked = office.get(url).content.decode()
    assert "<b>2</b> open deals stand in Qualify, 1 closed there." in asked
    assert "Choose the stage of this pipeline" in office.post(url, {"into": ""}).content.decode()
    answer = office.post(url, {"into": discovery.pk}, follow=True).content.decode()

    assert "Qualify is removed. 2 open deals moved to Discovery." in answer
    keys = {lead.pk: Deal.objects.get(pk=lead.pk).stage_id for lead in standing}
    assert keys == {moved.pk: discovery.pk, fresh.pk: discovery.pk, lost.pk: qualify.pk}
    assert Deal.objects.get(pk=moved.pk).confidence == Deal.objects.get(pk=fresh.pk).confidence == 20
    last = StageChange.objects.get(deal=moved.pk, left_at=None)
    assert (last.from_stage, last.to_stage, last.waiver) == (qualify, discovery, "Qualify was removed")
    assert [Lead.objects.get(pk=lead.pk).status for lead in (moved, fresh)] == ["working", "new"]
    assert LeadFactory().deal.stage == discovery


def test_a_removed_stage_is_gone_from_everywhere_but_the_history(standing, alice, admin, client):
    moved = standing[0]
    remove_stage(stage("qualify"), into=stage("discovery"), by=admin)
    removed = Stage.objects.exclude(removed_at=None).get()
    client.force_login(alice)

    for address in ("/board/", "/leads/", f"/leads/{moved.pk}/move/"):
        assert f'value="{removed.pk}"' not in client.get(address).content.decode()
    with pytest.raises(WrongPipeline):
        move_deal(Deal.objects.get(pk=moved.pk), to=removed, by=alice)
    assert "Qualify" in client.get(f"/leads/{moved.pk}/life/").content.decode()


def test_the_funnel_counts_a_removed_stage_as_the_one_that_follows_it(standing, admin):
    remove_stage(stage("qualify"), into=stage("discovery"), by=admin)
    report = funnel(admin, FunnelQuery(stage("demo").pipeline))
    flows = {flow.stage: flow for flow in report.stages}

    assert "discovery" in flows
    assert len(flows) == 4
    assert (flows["discovery"].deals.entered, flows["discovery"].deals.lost) == (2, 1)


def test_a_stage_that_no_deal_ever_saw_is_deleted(admin):
    row = StageFactory(pipeline=stage("demo").pipeline, order=9)

    remove_stage(row, into=None, by=admin)

    assert not Stage.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("into", ["qualify", "elsewhere", None])
def test_deals_go_only_to_another_stage_of_their_pipeline(standing, admin, into):
    target = {"qualify": lambda: stage("qualify"), "elsewhere": StageFactory, None: lambda: None}[into]()

    with pytest.raises(SuccessorNeeded):
        remove_stage(stage("qualify"), into=target, by=admin)
    assert stage("qualify").removed_at is None


def test_what_a_removed_stage_asked_for_holds_nobody_back(standing, alice, admin):
    RequirementFactory(stage=stage("discovery"))
    remove_stage(stage("discovery"), into=stage("qualify"), by=admin)

    moved = move_deal(Deal.objects.get(pk=standing[0].pk), to=stage("demo"), by=alice)

    assert moved.stage.key == "demo"
