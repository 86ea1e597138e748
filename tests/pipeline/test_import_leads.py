"""`import_leads` and `import_deals`: invented files, every rule of a mapping, every fault of a row."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.management.base import CommandError
from django.utils import timezone

from leads.models import Company, Contact, CustomField, ExternalId, Lead, ProductLine, StatusChange
from leads.organisation import local_date, local_midnight, today
from pipeline.actions import move_deal
from pipeline.models import Deal, PendingConfidence, Pipeline, StageChange
from scoring.models import LeadScore, PendingScore
from tests.factories import CompanyFactory, ProductFactory, ProductLineFactory, UserFactory
from tests.imports import EXAMPLES, Files, counts, run_command

pytestmark = pytest.mark.django_db

PIPELINE = """
system = "crm"
[pipeline]
key = "pumps"
name = "Pumps"
product_line = "Pumps"
[[pipeline.stages]]
key = "talk"
confidence = 20
[[pipeline.stages]]
key = "offer"
name = "Offer"
confidence = 50
"""
DEALS = (
    PIPELINE
    + """
[deals]
id = "Id"
value_default = "product.list_price"
[deals.columns]
Stage = "stage"
Product = "product"
Begun = "created_at"
Closed = "closed_on"
Value = "value"
Owner = "owner"
[deals.stages]
New = {}
Talk = "talk"
Offer = { stage = "offer", status = "qualified" }
Won = { stage = "offer", outcome = "won" }
Lost = { stage = "talk", outcome = "lost", reason = "price" }
Dropped = { stage = "talk", outcome = "disqualified", reason = "no budget" }
"""
)
HEADER = "Id,Stage,Product,Begun,Closed,Value,Owner\n"


@pytest.fixture
def files(tmp_path):
    return Files(tmp_path)


@pytest.fixture
def pump():
    return ProductFactory(product_line=ProductLineFactory(name="Pumps"), name="Pump 9", list_price=900)


@pytest.fixture
def deals(files):
    """Imports rows of deals; answers what the command says."""

    def run(rows, *options, mapping=DEALS):
        return files.run("import_deals", HEADER + rows, mapping, *options)

    return run


def lead(external_id) -> Lead:
    pk = ExternalId.objects.get(system="crm", entity="lead", external_id=external_id).object_id
    return Lead.objects.select_related("deal__stage", "deal__product", "deal__lost_reason").get(pk=pk)


def stages(found) -> list[tuple]:
    return [
        (change.to_stage.key, local_date(change.entered_at), change.left_at and local_date(change.left_at))
        for change in StageChange.objects.filter(deal=found.pk)
    ]


def steps(found) -> list[tuple]:
    return [
        (step.after, step.outcome_after, local_date(step.at))
        for step in StatusChange.objects.filter(lead=found.pk)
    ]


def test_a_mapping_creates_its_product_line_pipeline_and_stages(deals):
    said = deals("1,Talk,,,,,\n")

    pipeline = Pipeline.objects.get(key="pumps")
    assert (pipeline.name, pipeline.product_line.name, pipeline.is_default) == ("Pumps", "Pumps", True)
    assert list(pipeline.stages.values_list("key", "name", "confidence")) == [
        ("talk", "Talk", 20),
        ("offer", "Offer", 50),
    ]
    assert "new: product line “Pumps”" in said
    assert "new: pipeline “Pumps”: talk, offer" in said


def test_a_pipeline_that_is_there_is_used_as_it_is(deals):
    deals("1,Talk,,,,,\n")
    Pipeline.objects.get(key="pumps").stages.filter(key="talk").update(confidence=33)

    deals("2,Talk,,,,,\n")

    assert Pipeline.objects.filter(key="pumps").count() == 1
    assert lead("2").deal.confidence == 33


def test_an_open_deal_stands_in_its_stage_since_its_beginning(deals, pump):
    deals("1,Offer,Pump 9,2025-03-01,,1200,\n")

    found = lead("1")
    assert (found.status, found.outcome, found.product_line.name) == ("qualified", "open", "Pumps")
    assert found.created_at == found.deal.entered_at == local_midnight(date(2025, 3, 1))
    assert (found.deal.stage.key, found.deal.product, found.deal.value) == ("offer", pump, Decimal(1200))
    assert (found.deal.confidence, found.deal.confidence_source) == (50, "automatic")
    assert stages(found) == [
        ("talk", date(2025, 3, 1), date(2025, 3, 1)),
        ("offer", date(2025, 3, 1), None),
    ]
    assert steps(found) == [("qualified", "open", date(2025, 3, 1))]


def test_a_won_deal_has_its_closing_and_the_status_it_had(deals, north):
    UserFactory(username="rep9", team=north)

    deals("1,Won,,2025-03-01,2025-04-10,1200,rep9\n")

    found = lead("1")
    assert (found.status, found.outcome, found.closed_on) == ("qualified", "won", date(2025, 4, 10))
    assert (found.deal.closed_owner.username, found.deal.closed_team) == ("rep9", north)
    assert found.deal.confidence == 50
    assert stages(found)[-1] == ("offer", date(2025, 3, 1), date(2025, 4, 10))
    assert steps(found) == [
        ("qualified", "open", date(2025, 3, 1)),
        ("qualified", "won", date(2025, 4, 10)),
    ]


def test_a_lost_deal_has_its_reason_and_a_disqualified_one_its_words(deals):
    deals("1,Lost,,2025-03-01,2025-04-10,,\n2,Dropped,,2025-03-01,2025-04-10,,\n")

    lost, dropped = lead("1"), lead("2")
    assert (lost.outcome, lost.deal.lost_reason.key, lost.deal.stage.key) == ("lost", "price", "talk")
    assert (dropped.status, dropped.outcome) == ("disqualified", "disqualified")
    assert StatusChange.objects.filter(lead=dropped, reason="no budget").exists()


def test_histories_are_marked_as_rebuilt_with_the_bases_of_their_stages(deals):
    deals("1,Won,,2025-03-01,2025-04-10,,\n")

    changes = StageChange.objects.filter(deal=lead("1").pk)
    assert [(c.reconstructed, c.confidence, c.automatic_confidence) for c in changes] == [
        (True, 20, 20),
        (True, 50, 50),
    ]


def test_without_dates_a_closed_lead_is_closed_on_an_unknown_day(deals):
    before = timezone.now()
    deals("1,Won,,,,,\n")

    found = lead("1")
    assert (found.outcome, found.closed_on) == ("won", None)
    assert before <= found.created_at == found.deal.entered_at <= timezone.now()
    assert stages(found)[-1][2] == today()


def test_a_lead_without_a_stage_is_new_and_waits_in_triage(deals):
    deals("1,New,,,,,\n")

    found = lead("1")
    assert (found.status, found.outcome, found.deal.entered_at) == ("new", "open", None)
    assert found in Lead.objects.in_triage()


def test_a_value_without_a_stage_makes_a_lead_working(deals):
    deals("1,New,,,,500,\n")

    found = lead("1")
    assert (found.status, found.deal.value) == ("working", Decimal(500))
    assert found.deal.entered_at is not None


def test_a_missing_value_is_the_list_price_and_marked_as_estimated(deals, pump):
    deals("1,Talk,Pump 9,,,,\n2,Lost,Pump 9,,,0,\n3,Won,Pump 9,,,0,\n4,Talk,,,,,\n")

    facts = {key: (lead(key).deal.value, lead(key).deal.value_estimated) for key in "1234"}
    assert facts == {"1": (900, True), "2": (900, True), "3": (0, False), "4": (None, False)}


def test_custom_fields_are_created_with_their_type_and_filled(files):
    said = files.run(
        "import_leads",
        "Id,Lead Origin,Visits,Consent\n1,API,2.5,Yes\n2,,0,\n",
        'system = "crm"\n[leads]\nid = "Id"\n[leads.columns]\n"Lead Origin" = "custom"\n'
        'Visits = { to = "custom", type = "number" }\nConsent = { to = "custom", type = "boolean" }\n',
    )

    assert lead("1").attributes == {"lead_origin": "API", "visits": 2.5, "consent": True}
    assert lead("2").attributes == {"visits": 0}
    assert set(CustomField.objects.values_list("entity", "key", "label", "type")) == {
        ("lead", "lead_origin", "Lead Origin", "text"),
        ("lead", "visits", "Visits", "number"),
        ("lead", "consent", "Consent", "boolean"),
    }
    assert "lead.custom.visits (number)" in said


def test_people_and_companies_come_with_their_leads_each_once(files):
    said = files.run(
        "import_leads",
        "Id,Name,E-mail,Phone,Company,Site,Tier\n"
        "1,Ana Maria Quiroga,ANA@Northbank.example,+44 20 7946 0101,Northbank,www.northbank.example,gold\n"
        "2,Ana Maria Quiroga,ana@northbank.example,,northbank,,\n"
        "3,,,,,northbank.example,\n"
        "4,,,,,,\n",
        'system = "crm"\n[leads]\nid = "Id"\n[leads.columns]\nName = "contact.name"\n'
        '"E-mail" = "contact.email"\nPhone = "contact.phone"\nCompany = "company.name"\n'
        'Site = "company.domain"\nTier = "company.custom"\n'
        '[leads.constants]\n"contact.role" = "decider"\n',
    )

    assert counts(said)["added"] == 4
    company, contact = Company.objects.get(), Contact.objects.get()
    assert (company.name, company.domain, company.attributes) == (
        "Northbank",
        "northbank.example",
        {"tier": "gold"},
    )
    assert (contact.first_name, contact.last_name, contact.email) == (
        "Ana Maria",
        "Quiroga",
        "ana@northbank.example",
    )
    assert (str(contact.phone), contact.company) == ("+442079460101", company)
    assert [lead(key).company for key in "1234"] == [company, company, company, None]
    assert [lead(key).people.count() for key in "1234"] == [1, 1, 0, 0]
    assert lead("1").people.get().role == "decider"


def test_sources_and_campaigns_are_created_by_name_without_regard_to_case(files):
    mapping = (
        'system = "crm"\n[leads]\nid = "Id"\n[leads.columns]\nSource = "source"\nCampaign = "campaign"\n'
        'Line = "product_line"\n'
    )
    files.run("import_leads", "Id,Source,Campaign,Line\n1,Fair,Spring,Pumps\n2,fair,,\n", mapping)

    assert lead("1").source == lead("2").source
    assert (lead("1").campaign.name, lead("1").product_line.name) == ("Spring", "Pumps")
    assert lead("2").product_line is None


def test_an_owner_is_known_by_id_user_name_mail_or_full_name(deals):
    user = UserFactory(username="ana", first_name="Ana", last_name="Ruiz", email="ana@firm.example")

    deals("1,Talk,,,,,ana\n2,Talk,,,,,ANA@firm.example\n3,Talk,,,,,Ana Ruiz\n")

    assert {lead(key).owner for key in "123"} == {user}


def test_a_first_confidence_can_be_given(files):
    mapping = PIPELINE + '[leads]\nid = "Id"\n[leads.columns]\nStage = "stage"\nChance = "confidence"\n'
    files.run("import_leads", "Id,Stage,Chance\n1,talk,70\n2,,35\n", mapping)

    assert (lead("1").deal.confidence, lead("1").deal.confidence_source) == (70, "initial")
    assert (lead("2").deal.confidence, lead("2").status) == (35, "working")


def test_scores_and_confidences_are_written_when_the_command_ends(deals):
    said = deals("1,Talk,,,,,\n2,Won,,2025-03-01,2025-04-10,,\n3,New,,,,,\n")

    assert not PendingScore.objects.exists()
    assert not PendingConfidence.objects.exists()
    assert not LeadScore.objects.filter(state="unscored").exists()
    assert "scores and confidences of 3 leads are up to date" in said


def test_an_import_is_no_news_to_anybody(deals, mailoutbox):
    UserFactory(username="ana")

    deals("1,Talk,,,,,ana\n2,Won,,2025-03-01,2025-04-10,,ana\n")

    assert not Lead.objects.filter(activities__isnull=False).exists()
    assert mailoutbox == []


def test_a_second_import_changes_nothing_when_nothing_changed(deals, pump):
    rows = (
        "1,Talk,Pump 9,2025-03-01,,,\n2,Won,Pump 9,2025-03-01,2025-04-10,800,\n3,New,,,,,\n4,Dropped,,,,,\n"
    )
    deals(rows)
    before = list(Lead.objects.order_by("pk").values()), list(Deal.objects.order_by("pk").values())

    said = deals(rows)

    assert counts(said) == {"read": 4, "added": 0, "updated": 0, "unchanged": 4, "rejected": 0}
    assert (list(Lead.objects.order_by("pk").values()), list(Deal.objects.order_by("pk").values())) == before
    assert not StatusChange.objects.filter(lead=lead("1"), before="working").exists()


def test_a_second_import_changes_the_facts_that_differ(deals, pump):
    UserFactory(username="ana")
    ProductFactory(product_line=pump.product_line, name="Pump 3", list_price=300)
    deals("1,Talk,Pump 9,2025-03-01,,1000,\n2,Talk,Pump 9,2025-03-01,,1000,\n")

    said = deals("1,Talk,Pump 3,2025-03-01,,1100,ana\n2,Talk,Pump 9,2025-03-01,,1000,\n")

    found = lead("1")
    assert counts(said) == {"read": 2, "added": 0, "updated": 1, "unchanged": 1, "rejected": 0}
    assert (found.deal.value, found.deal.product.name, found.owner.username) == (1100, "Pump 3", "ana")
    assert {change.field for change in found.deal.changes.all()} == {"value", "product"}
    assert found.assignments.get().why == "Imported from crm"


def test_an_estimate_never_takes_the_place_of_a_known_value(deals, pump):
    deals("1,Talk,Pump 9,,,1234,\n2,Talk,Pump 9,,,,\n")
    pump.list_price = 950
    pump.save()

    deals("1,Talk,Pump 9,,,,\n2,Talk,Pump 9,,,,\n")

    assert (lead("1").deal.value, lead("2").deal.value) == (1234, 950)


def test_an_empty_cell_leaves_what_is_known(deals, pump):
    UserFactory(username="ana")
    deals("1,Talk,Pump 9,2025-03-01,,1000,ana\n")

    assert counts(deals("1,Talk,,,,,\n"))["unchanged"] == 1
    assert (lead("1").owner.username, lead("1").deal.product) == ("ana", pump)


def test_a_deal_that_went_on_has_its_history_rebuilt(deals):
    deals("1,Talk,,,,,\n2,Talk,,2025-03-01,,,\n")

    said = deals("1,Won,,2025-03-01,2025-04-10,500,\n2,Offer,,2025-03-01,,,\n")

    won, on = lead("1"), lead("2")
    assert counts(said)["updated"] == 2
    assert (won.outcome, won.status, won.closed_on) == ("won", "qualified", date(2025, 4, 10))
    assert stages(won) == [
        ("talk", date(2025, 3, 1), date(2025, 3, 1)),
        ("offer", date(2025, 3, 1), date(2025, 4, 10)),
    ]
    assert (on.deal.stage.key, on.deal.confidence) == ("offer", 50)


def test_a_deal_that_was_moved_here_is_moved_on_and_keeps_its_history(deals, alice):
    deals("1,Talk,,2025-03-01,,,\n")
    found = lead("1")
    offer = found.deal.stage.pipeline.stages.get(key="offer")
    move_deal(found.deal, to=offer, by=alice)

    deals("1,Talk,,2025-03-01,,,\n")

    assert [stage for stage, _, _ in stages(found)] == ["talk", "offer", "talk"]
    assert not StageChange.objects.filter(
        deal=found.pk, reconstructed=False, by=None, to_stage=offer
    ).exists()


def test_a_lost_deal_that_is_open_again_is_reopened(deals):
    deals("1,Lost,,2025-03-01,2025-04-10,,\n")

    said = deals("1,Offer,,2025-03-01,,,\n")

    found = lead("1")
    assert counts(said)["updated"] == 1
    assert (found.outcome, found.closed_on, found.deal.stage.key) == ("open", None, "offer")
    assert found.deal.lost_reason is None


def test_a_closing_that_was_wrong_is_corrected(deals):
    deals("1,Lost,,2025-03-01,2025-04-10,,\n2,Won,,2025-03-01,2025-04-10,,\n")

    deals("1,Won,,2025-03-01,2025-05-01,,\n2,Won,,2025-03-01,2025-04-12,,\n")

    assert (lead("1").outcome, lead("1").closed_on) == ("won", date(2025, 5, 1))
    assert (lead("2").outcome, lead("2").closed_on) == ("won", date(2025, 4, 12))


def test_a_row_that_was_a_lead_only_gets_its_stage_later(deals):
    deals("1,New,,,,,\n")

    deals("1,Offer,,,,,\n")

    found = lead("1")
    assert (found.status, found.deal.stage.key) == ("working", "offer")
    assert found.deal.entered_at is not None


def test_the_status_of_an_open_lead_follows_its_column(files):
    mapping = 'system = "crm"\n[leads]\nid = "Id"\n[leads.columns]\nStatus = "status"\n'
    files.run("import_leads", "Id,Status\n1,new\n2,working\n", mapping)
    files.run("import_leads", "Id,Status\n1,nurturing\n2,working\n", mapping)

    assert (lead("1").status, lead("2").status) == ("nurturing", "working")


def test_a_contact_is_found_again_and_changed(files):
    mapping = (
        'system = "crm"\n[leads]\nid = "Id"\n[leads.columns]\nFirst = "contact.first_name"\n'
        'Mail = "contact.email"\nTitle = "contact.job_title"\n'
    )
    files.run("import_leads", "Id,First,Mail,Title\n1,Ana,,\n2,Bob,bob@b.example,\n", mapping)

    said = files.run(
        "import_leads", "Id,First,Mail,Title\n1,Ana,ana@a.example,CEO\n2,Eve,eve@b.example,\n", mapping
    )

    assert counts(said)["updated"] == 2
    ana = lead("1").people.get().contact
    assert (ana.first_name, ana.email, ana.job_title) == ("Ana", "ana@a.example", "CEO")
    assert [person.contact.first_name for person in lead("2").people.all()] == ["Eve", "Bob"]


def test_a_lead_that_was_deleted_is_added_again(deals):
    deals("1,Talk,,,,,\n")
    Lead.objects.all().delete()

    assert counts(deals("1,Talk,,,,,\n"))["added"] == 1


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("9,Talk,,2025-02-30,,,", "Begun: “2025-02-30” is no date written as 2026-11-30"),
        ("9,Talk,,,,-5,", "Value: -5 is below 0"),
        ("9,Talk,,,,9999999999999,", "Value: 9999999999999 is above 999,999,999,999"),
        ("9,Talk,,,,lots,", "Value: “lots” is no number such as 1234.50"),
        ("9,Talked,,,,,", "the stage “Talked” is none of those that the mapping knows"),
        ("9,Talk,Pump 8,,,,", "there is no product “Pump 8”; import products first, or map the name"),
        ("9,Talk,,,,,nobody", "there is no user “nobody”; import users first, or map the name"),
        ("9,Won,,2025-03-01,2025-02-01,,", "it closed on 2025-02-01, before it began on 2025-03-01"),
        ("9,Won,,1930-03-01,1931-02-01,,", "1931-02-01 lies before 1990"),
        (",Talk,,,,,", "Id: there is no id"),
        ("9,,,,,,", "there is no stage or outcome"),
        ("9,Talk", "has 2 cells where the header has 7"),
    ],
)
def test_a_bad_row_is_rejected_with_its_line_and_reason_and_costs_no_other(deals, files, row, reason):
    said = deals(f"1,Talk,,,,,\n{row}\n2,Won,,2025-03-01,2025-04-10,7,\n")

    assert counts(said) == {"read": 3, "added": 2, "updated": 0, "unchanged": 0, "rejected": 1}
    (rejected,) = files.rejected
    assert f",3,{reason}" in rejected.replace('"', "")
    assert str(files.folder / "file.csv.rejected.csv") in said
    assert Lead.objects.count() == 2


@pytest.mark.parametrize("column", ["Begun", "Closed"])
def test_a_date_in_the_future_is_rejected(deals, files, column):
    day = today() + timedelta(days=1)
    cells = {"Begun": f"9,Won,,{day},,,", "Closed": f"9,Won,,,{day},,"}
    deals(f"1,Talk,,,,,\n{cells[column]}\n")

    assert "lies in the future" in files.rejected[0]


def test_a_reason_that_there_is_not_is_rejected(deals, files):
    deals("1,Talk,,,,,\n2,Lost,,,,,bad luck\n", mapping=DEALS.replace('Owner = "owner"', 'Owner = "reason"'))

    assert "there is no reason “bad luck” for losing a deal; there are price, competitor" in files.rejected[0]


def test_what_a_verb_refuses_is_rejected_and_nothing_of_the_row_stays(deals, files):
    UserFactory(username="gone", is_active=False)
    UserFactory(username="ana")
    deals("1,Talk,,,,,\n2,Talk,,,,,\n")

    said = deals("1,Offer,,,,800,gone\n2,Offer,,,,800,ana\n3,Talk,,,,,\n")

    assert counts(said) == {"read": 3, "added": 1, "updated": 1, "unchanged": 0, "rejected": 1}
    assert files.rejected[0].startswith("1,Offer,,,,800,gone,2,")
    assert (lead("1").owner, lead("1").deal.value, lead("1").deal.stage.key) == (None, None, "talk")
    assert (lead("2").owner.username, lead("2").deal.value, lead("2").deal.stage.key) == ("ana", 800, "offer")


def test_the_same_id_twice_is_rejected_the_second_time(deals, files):
    deals("1,Talk,,,,,\n1,Offer,,,,,\n")

    assert lead("1").deal.stage.key == "talk"
    assert "the id “1” stands on line 2 already" in files.rejected[0]


def test_a_file_of_rejected_rows_can_be_mended_and_imported(deals, files):
    deals("1,Talk,,,,,\n9,Talked,,,,,\n")
    mended = (files.folder / "file.csv.rejected.csv").read_text(encoding="utf-8").replace("Talked", "Talk")

    said = files.run("import_deals", mended, DEALS, name="mended.csv")

    assert counts(said) == {"read": 1, "added": 1, "updated": 0, "unchanged": 0, "rejected": 0}


def test_rejected_rows_can_go_elsewhere(deals, files):
    place = files.folder / "elsewhere.csv"

    said = deals("1,Talk,,,,,\n9,Talked,,,,,\n", "--rejected", str(place))

    assert place.exists()
    assert str(place) in said
    assert files.rejected == []


def test_a_place_that_cannot_be_written_is_refused_before_anything_is_stored(deals, tmp_path):
    with pytest.raises(CommandError, match="cannot be written"):
        deals("1,Talk,,,,,\n", "--rejected", str(tmp_path / "nowhere" / "x.csv"))
    assert not Lead.objects.exists()


def test_when_no_row_can_be_imported_the_command_fails(deals):
    with pytest.raises(CommandError, match="Not one row could be imported"):
        deals("9,Talked,,,,,\n")
    assert not Pipeline.objects.filter(key="pumps").exists()


def test_a_dry_run_says_what_would_happen_and_stores_nothing(deals, files):
    said = deals("1,Talk,,,,,\n9,Talked,,,,,\n2,Won,,,,,\n", "--dry-run")

    assert "Dry run, nothing was stored" in said
    assert counts(said) == {"read": 3, "added": 2, "updated": 0, "unchanged": 0, "rejected": 1}
    assert "new: pipeline “Pumps”" in said
    assert len(files.rejected) == 1
    assert not Lead.objects.exists()
    assert not Pipeline.objects.filter(key="pumps").exists()
    assert not ProductLine.objects.filter(name="Pumps").exists()


def test_faults_of_mapping_and_file_are_told_together_and_nothing_is_stored(deals):
    mapping = DEALS.replace('Value = "value"', 'Amount = "value"').replace('"talk"', '"tlak"', 1)
    with pytest.raises(CommandError) as error:
        deals("1,Talk,,,,,\n", mapping=mapping.replace("confidence = 50", "confidence = 500"))

    said = str(error.value)
    assert "Nothing was imported." in said
    assert "deals.columns.Amount: the file has no column “Amount”" in said
    assert "deals.columns: the mapping does not know these columns of the file: “Value”" in said
    assert "deals.stages.Talk.stage: is “talk”, which is none of offer, tlak." in said
    assert "pipeline.stages[2].confidence: must be a whole number from 1 to 99." in said
    assert not ExternalId.objects.exists()
    assert not Pipeline.objects.filter(key="pumps").exists()


def test_a_pipeline_that_is_there_with_other_stages_or_line_is_a_fault(deals):
    deals("1,Talk,,,,,\n")
    mapping = DEALS.replace('key = "offer"', 'key = "quote"').replace('stage = "offer"', 'stage = "quote"')

    with pytest.raises(CommandError) as error:
        deals("1,Talk,,,,,\n", mapping=mapping.replace('product_line = "Pumps"', 'product_line = "Hoses"'))

    assert "pipeline.product_line: is “Hoses”, but the stored pipeline belongs to “Pumps”." in str(
        error.value
    )
    assert "pipeline.stages: has quote, which the stored pipeline has not; it has offer, talk." in str(
        error.value
    )


def test_a_custom_field_of_another_type_is_a_fault(files):
    mapping = (
        'system = "crm"\n[leads]\nid = "Id"\n[leads.columns]\nSize = { to = "custom", type = "number" }\n'
    )
    files.run("import_leads", "Id,Size\n1,3\n", mapping)

    with pytest.raises(CommandError, match=r"lead\.custom\.size is stored as number, so it cannot be text"):
        files.run("import_leads", "Id,Size\n1,3\n", mapping.replace("number", "text"))


def test_what_a_mapping_can_say_wrongly_about_deals(deals):
    mapping = DEALS.replace("product.list_price", "100").replace('status = "qualified"', 'status = "good"')
    with pytest.raises(CommandError) as error:
        deals("1,Talk,,,,,\n", mapping=mapping.replace('reason = "price"', 'reason = "bad luck"'))

    assert "deals.value_default: can only be product.list_price." in str(error.value)
    assert "deals.stages.Offer.status: is “good”; it must be one of" in str(error.value)
    assert "deals.stages.Lost.reason: is “bad luck”, which is none of price, competitor," in str(error.value)


def test_companies_are_referred_to_by_the_system_s_id_or_by_name(files):
    acme = CompanyFactory(name="Acme")
    mapping = 'system = "crm"\n[leads]\nid = "Id"\n[leads.columns]\nAccount = "company"\n'

    files.run("import_leads", "Id,Account\n1,Acme\n2,\n3,Nobody\n", mapping)

    assert (lead("1").company, lead("2").company) == (acme, None)
    assert (
        "there is no company “Nobody”; import companies first, or map it to company.name" in files.rejected[0]
    )


def test_a_thousand_rows_cost_as_many_statements_as_two(deals, django_assert_max_num_queries):
    deals("0,Talk,,,,,\n")
    rows = "".join(f"{number},Won,,2025-03-{number % 28 + 1:02},2025-05-01,5,\n" for number in range(1, 401))

    with django_assert_max_num_queries(150):
        deals(rows)


def test_the_example_with_every_part_of_a_mapping_works():
    said = run_command("import_leads", EXAMPLES / "leads.csv", EXAMPLES / "leads.toml")

    assert counts(said) == {"read": 5, "added": 5, "updated": 0, "unchanged": 0, "rejected": 0}
    leads = {found.name: found for found in Lead.objects.select_related("deal__stage", "company", "source")}
    ida = leads["Ida Sandberg"]
    assert (ida.status, ida.deal.stage.key, ida.deal.value) == ("qualified", "proposal", Decimal(18500))
    assert (ida.company.country.code, ida.company.employees, ida.source.name) == ("NO", 240, "Fair")
    assert (leads["Paul Okafor"].status, leads["Tom Breen"].outcome) == ("new", "won")
    assert leads["Mina Haas"].source.name == "Referral"
    assert str(leads["Mina Haas"].people.get().contact.phone) == "+49301234567"
