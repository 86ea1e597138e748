"""Plays the stories through the product's own verbs, week by week, as if all had worked with it for long."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from django.utils.text import slugify

from leads.actions import (
    CompanyFacts,
    ContactFacts,
    NewActivity,
    NewAnswer,
    NewLead,
    NewStatus,
    NewTask,
    add_leads,
    add_tasks,
    answer_questions,
    get_or_create_names,
    log_activities,
    save_companies,
    save_contacts,
    set_statuses,
)
from leads.models import Campaign, Product, ProductLine, Question, Source, User
from leads.models.activities import Origin
from leads.organisation import today
from pipeline.actions import (
    DealClosing,
    DealFacts,
    Move,
    close_deals,
    move_deals,
    set_confidence,
    set_deals,
)
from pipeline.demo.story import Step, Story
from pipeline.models import Deal, Stage

WEEK = timedelta(days=7)
OUTCOMES = {"win": "won", "lose": "lost"}
STATUSES = {"work": "working", "nurture": "nurturing", "qualify": "qualified", "disqualify": "disqualified"}
REP_KINDS = {"call", "meeting", "demo_held", "proposal_sent", "email_sent"}
HUNCHES = [
    "Their CFO told me at the fair that it is in this year's budget.",
    "The plant manager wants it, but the board meets only in spring.",
    "They compare us with one other supplier, and we are ahead.",
]
TASKS = ["Call back", "Send figures per site", "Book the demo", "Ask who signs", "Send the offer again"]


@dataclass
class Told:
    """A story and the lead that it became."""

    story: Story
    owner: User | None
    lead_id: int = 0


@dataclass
class Shelf:
    """Rows that stories refer to, by name."""

    products: dict[str, Product] = field(default_factory=dict)
    lines: dict[str, ProductLine] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    campaigns: dict[str, Campaign] = field(default_factory=dict)
    questions: dict[str, Question] = field(default_factory=dict)
    stages: dict[str, Stage] = field(default_factory=dict)


def fill_shelf(stories: Sequence[Story]) -> Shelf:
    """Everything that the stories name; product lines, sources and campaigns are made where missing."""
    return Shelf(
        products={product.name: product for product in Product.objects.all()},
        lines=get_or_create_names(ProductLine, {story.product_line for story in stories}),
        sources=get_or_create_names(Source, {story.source for story in stories}),
        campaigns=get_or_create_names(Campaign, {story.campaign for story in stories if story.campaign}),
        questions=Question.objects.in_bulk(field_name="key"),
        stages={stage.key: stage for stage in Stage.objects.filter(pipeline__key="default")},
    )


def play(stories: Sequence[Story], owners: Sequence[User], random: Random, now: datetime) -> Iterator[int]:
    """Week by week leads arrive, things happen, reps act; yields how many leads there are after each week."""
    told = [
        Told(story, random.choice(owners) if story.steps or random.random() < 0.6 else None)
        for story in sorted(stories, key=lambda story: story.created_at)
    ]
    shelf = fill_shelf(stories)
    begins = min(story.created_at for story in stories)
    while begins < now:
        ends = min(begins + WEEK, now)
        add_week(told, shelf, begins, ends)
        log_week(told, begins, ends)
        act_week(told, shelf, begins, ends)
        begins = ends
        yield sum(bool(one.lead_id) for one in told)
    plan_ahead(told, random)


def add_week(told: Sequence[Told], shelf: Shelf, begins: datetime, ends: datetime) -> None:
    """Companies, people and leads of this week, with what a deal may bring."""
    new = [one for one in told if begins <= one.story.created_at < ends]
    companies = save_companies([company_facts(one.story) for one in new], by=None)
    contacts = save_contacts(
        [contact_facts(one.story, company.pk) for one, company in zip(new, companies, strict=True)],
        by=None,
    )
    rows = [
        new_lead(one, company.pk, contact.pk, shelf)
        for one, company, contact in zip(new, companies, contacts, strict=True)
    ]
    for one, lead in zip(new, add_leads(rows, by=None, at=ends), strict=True):
        one.lead_id = lead.pk


def company_facts(story: Story) -> CompanyFacts:
    """What is known of the company."""
    return CompanyFacts(
        name=story.company_name,
        domain=f"{slugify(story.company_name)}.example",
        industry=story.industry,
        employees=story.employees,
        annual_revenue=Decimal(story.employees * 210_000),
        country=story.region.country,
        city=story.city,
    )


def contact_facts(story: Story, company_id: int) -> ContactFacts:
    """What is known of the person."""
    title, seniority, department, _, _ = story.role
    return ContactFacts(
        company_id=company_id,
        first_name=story.first_name,
        last_name=story.last_name,
        email=f"{slugify(story.first_name)}.{slugify(story.last_name)}.{story.number}@{slugify(story.company_name)}.example",
        phone=f"{story.region.dialling}{story.number % 1000:03d}",
        job_title=title,
        seniority=seniority,
        department=department,
    )


def new_lead(one: Told, company_id: int, contact_id: int, shelf: Shelf) -> NewLead:
    """The lead as it arrived."""
    story = one.story
    return NewLead(
        company_id=company_id,
        people=[(contact_id, story.role[4])],
        product_line_id=shelf.lines[story.product_line].pk,
        source_id=shelf.sources[story.source].pk,
        campaign_id=shelf.campaigns[story.campaign].pk if story.campaign else None,
        owner_id=one.owner.pk if one.owner else None,
        pain=story.pain,
        created_at=story.created_at,
    )


def log_week(told: Sequence[Told], begins: datetime, ends: datetime) -> None:
    """What prospects and reps did this week."""
    rows = [
        NewActivity(
            one.lead_id,
            happening.kind,
            happening.at,
            url=happening.url,
            duration_seconds=happening.duration_seconds,
            properties=happening.properties,
            actor_id=one.owner.pk if one.owner and happening.kind in REP_KINDS else None,
        )
        for one in told
        for happening in one.story.happenings
        if begins <= happening.at < ends and one.lead_id
    ]
    log_activities(rows, by=None, origin=Origin.TRACKING, at=ends)


def act_week(told: Sequence[Told], shelf: Shelf, begins: datetime, ends: datetime) -> None:
    """What reps decided this week: every lead's first step, then every lead's second, and so on."""
    rounds: dict[int, list[tuple[Told, Step]]] = defaultdict(list)
    for one in told:
        this_week = [step for step in one.story.steps if begins <= step.at < ends]
        for place, step in enumerate(this_week):
            rounds[place].append((one, step))
    for place in sorted(rounds):
        act(rounds[place], shelf, ends)


def act(steps: Sequence[tuple[Told, Step]], shelf: Shelf, at: datetime) -> None:
    """One step of each lead, by verb."""
    of = defaultdict(list)
    for one, step in steps:
        of[step.verb].append((one, step))
    settled = [step for verb in STATUSES for step in of[verb]]
    set_statuses(
        [
            NewStatus(one.lead_id, STATUSES[step.verb], reason=step.detail, at=step.at)
            for one, step in settled
        ],
        by=None,
        at=at,
    )
    set_deals([deal_facts(one, shelf) for one, _ in of["work"]], by=None, at=at)
    asked = [one for one, step in of["move"] if step.detail == "discovery"]
    answer_questions(list(new_answers(asked, shelf)), by=None, at=at)
    moves = [Move(one.lead_id, shelf.stages[step.detail].pk, at=step.at) for one, step in of["move"]]
    move_deals(moves, by=None, at=at)
    closings = [
        DealClosing(
            one.lead_id,
            OUTCOMES[step.verb],
            reason_key=step.detail,
            at=step.at,
            competitor=step.competitor,
        )
        for one, step in of["win"] + of["lose"]
    ]
    close_deals(closings, by=None, at=at)


def deal_facts(one: Told, shelf: Shelf) -> DealFacts:
    """What the rep expects to sell."""
    return DealFacts(
        one.lead_id, value=Decimal(one.story.value), product_id=shelf.products[one.story.product].pk
    )


def new_answers(told: Iterable[Told], shelf: Shelf) -> Iterator[NewAnswer]:
    """What the discovery call brought out."""
    for one in told:
        for key, value in one.story.answers.items():
            yield NewAnswer(one.lead_id, shelf.questions[key].pk, value)


def plan_ahead(told: Sequence[Told], random: Random) -> None:
    """What reps have in mind now: expected closes, next tasks, and some confidences of their own."""
    deals = list(Deal.objects.in_pipeline().select_related("lead"))
    day = today()
    set_deals(
        [
            DealFacts(deal.pk, expected_close_on=day + timedelta(days=random.randint(-6, 110)))
            for deal in deals
            if random.random() < 0.9
        ],
        by=None,
    )
    add_tasks(
        [
            NewTask(
                deal.pk,
                random.choice(TASKS),
                day + timedelta(days=random.randint(-3, 14)),
                deal.lead.owner_id,
            )
            for deal in deals
            if random.random() < 0.75
        ],
        by=None,
    )
    for deal in random.sample(deals, min(6, len(deals))):
        percent = min(95, deal.automatic_confidence + random.choice([15, 20, -10]))
        set_confidence(deal, max(5, percent), reason=random.choice(HUNCHES), by=deal.lead.owner)
