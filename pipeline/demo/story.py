"""The life of one invented lead, as dated events: pure, and the same for the same random numbers."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from pipeline.demo import catalogue

STAGES = ["qualify", "discovery", "demo", "proposal", "negotiation"]
DAYS_IN_STAGE = {"qualify": 14, "discovery": 20, "demo": 20, "proposal": 24, "negotiation": 18}
QUALIFIED_AFTER = "discovery"
LOSING_REASONS = ["price", "competitor", "no_budget", "no_decision", "timing", "no_response"]


@dataclass(frozen=True, slots=True)
class Happening:
    """An activity, by its kind's key."""

    at: datetime
    kind: str
    url: str = ""
    duration_seconds: int | None = None
    properties: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """What the rep does: work, qualify, nurture, win, move (detail: stage), lose or disqualify (reason)."""

    at: datetime
    verb: str
    detail: str = ""
    competitor: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """Everything that ever happened to a lead before `now`."""

    number: int
    region: catalogue.Region
    city: str
    industry: str
    employees: int
    company_name: str
    first_name: str
    last_name: str
    role: tuple[str, str, str, float, str]
    source: str
    campaign: str | None
    product_line: str
    product: str
    value: int
    pain: str
    created_at: datetime
    happenings: tuple[Happening, ...]
    steps: tuple[Step, ...]
    answers: dict[str, object]


def tell_story(random: Random, *, number: int, begins: datetime, now: datetime, activities: int) -> Story:
    """A lead created at a moment between two; its quality shows in fit, in behaviour and in the outcome."""
    region = random.choice(catalogue.REGIONS)
    industry = random.choices(list(catalogue.INDUSTRIES), [6, 5, 4, 4, 3, 3, 2, 1])[0]
    role = random.choice(catalogue.ROLES)
    employees = int(10 ** random.uniform(1.0, 3.6))
    appetite = random.betavariate(2, 3)
    fit = 0.6 * catalogue.INDUSTRIES[industry] + 0.25 * role[3] + 0.15 * min(1, employees / 800)
    quality = 0.65 * fit + 0.35 * appetite
    created_at = begins + (now - begins) * random.random() ** 0.7
    line = random.choices(list(catalogue.PRODUCTS), [6, 3, 2])[0]
    product = random.choice(list(catalogue.PRODUCTS[line]))
    steps = tuple(step for step in tell_sales(random, quality, created_at) if step.at <= now)
    source, campaign = tell_origin(random)
    return Story(
        number=number,
        region=region,
        city=random.choice(region.cities),
        industry=industry,
        employees=employees,
        company_name=name_company(random, region, industry, number),
        first_name=random.choice(region.first),
        last_name=random.choice(region.last),
        role=role,
        source=source,
        campaign=campaign,
        product_line=line,
        product=product,
        value=catalogue.PRODUCTS[line][product] * random.choice([1, 1, 2, 3]),
        pain=random.choice(catalogue.PAINS),
        created_at=created_at,
        happenings=tuple(
            sorted(
                tell_behaviour(random, appetite, created_at, now, wanted=activities, steps=steps), key=_moment
            )
        ),
        steps=steps,
        answers=tell_answers(random, quality) if len(steps) > 1 else {},
    )


def _moment(happening: Happening) -> datetime:
    return happening.at


def name_company(random: Random, region: catalogue.Region, industry: str, number: int) -> str:
    """A name for the trade; the number keeps later ones apart."""
    name = f"{random.choice(region.stems)} {random.choice(catalogue.TRADES[industry])}"
    return f"{name} {random.choice(region.cities)}" if number % 3 else name


def tell_origin(random: Random) -> tuple[str, str | None]:
    """Where the lead came from, and by which campaign, if by any."""
    drawn = random.uniform(0, 100)
    for campaign, (source, share, _) in catalogue.CAMPAIGNS.items():
        if drawn < share:
            return source, campaign
        drawn -= share
    return random.choice(catalogue.SOURCES), None


def tell_sales(random: Random, quality: float, created_at: datetime) -> Iterator[Step]:
    """What the rep does: works it, moves it on, and wins, loses, disqualifies or nurtures it."""
    at = created_at + timedelta(days=random.uniform(0.1, 4))
    chance = random.random()
    if chance < 0.12:
        return
    if quality < 0.25 and chance < 0.5:
        yield Step(at, "disqualify", "no_fit")
        return
    if quality < 0.4 and chance < 0.45:
        yield Step(at, "nurture")
        return
    yield Step(at, "work")
    for place, stage in enumerate(STAGES):
        at += timedelta(days=random.gammavariate(2, DAYS_IN_STAGE[stage] / 2))
        if random.random() > 0.22 + quality:
            yield tell_loss(random, at)
            return
        if stage == QUALIFIED_AFTER:
            yield Step(at, "qualify")
        yield Step(at, "move", STAGES[place + 1]) if place + 1 < len(STAGES) else Step(at, "win")


def tell_loss(random: Random, at: datetime) -> Step:
    """Why, and to whom: always with the reason competitor, and often when the price decided."""
    reason = random.choice(LOSING_REASONS)
    is_taken = reason == "competitor" or (reason == "price" and random.random() < 0.6)
    names, weights = list(catalogue.COMPETITORS), list(catalogue.COMPETITORS.values())
    return Step(at, "lose", reason, random.choices(names, weights)[0] if is_taken else "")


def tell_behaviour(
    random: Random,
    appetite: float,
    created_at: datetime,
    now: datetime,
    *,
    wanted: int,
    steps: tuple[Step, ...],
) -> Iterator[Happening]:
    """What the prospect does: mostly near the beginning and while a rep is talking to them."""
    last = steps[-1].at if steps else created_at + timedelta(days=30)
    until = min(now, last + timedelta(days=25))
    span = max(until - created_at, timedelta(hours=2))
    for _ in range(random.randint(0, round(2 * wanted * (0.3 + appetite)))):
        at = created_at + span * random.random() ** 1.4
        if at < now:
            yield happening(random, appetite, at)
    yield from tell_contacts(random, steps, now)


def happening(random: Random, appetite: float, at: datetime) -> Happening:
    """One thing a prospect does; the keener, the later in the buying cycle."""
    keen = random.random() * (0.5 + appetite)
    if keen > 1.1:
        return Happening(at, random.choice(["demo_request", "trial_request", "contact_request"]))
    if keen > 0.85:
        return Happening(at, "webinar_attend", duration_seconds=random.randint(900, 3600))
    if keen > 0.7:
        return Happening(at, "download", properties={"title": random.choice(catalogue.DOWNLOADS)})
    if keen > 0.55:
        return Happening(
            at, random.choice(["email_click", "email_open", "newsletter_subscribe", "email_reply"])
        )
    page = random.choices(
        list(catalogue.PAGES), [0.2 + appetite * worth for worth in catalogue.PAGES.values()]
    )[0]
    return Happening(
        at, "page_view", url=f"https://nordlot.example{page}", duration_seconds=random.randint(5, 400)
    )


def tell_contacts(random: Random, steps: tuple[Step, ...], now: datetime) -> Iterator[Happening]:
    """What the rep does with the prospect shortly before each step."""
    kinds = {"discovery": "call", "demo": "meeting", "proposal": "demo_held", "negotiation": "proposal_sent"}
    for step in steps:
        kind = kinds.get(step.detail, "call") if step.verb in ("move", "win") else "email_sent"
        at = step.at - timedelta(hours=random.uniform(1, 20))
        if steps[0].at < at < now:
            yield Happening(
                at, kind, duration_seconds=random.randint(120, 2_400) if kind != "email_sent" else None
            )


def tell_answers(random: Random, quality: float) -> dict[str, object]:
    """Answers to some of the qualification questions."""
    answers: dict[str, object] = {}
    for key, _, _, kind, choices in catalogue.QUESTIONS:
        if random.random() < 0.6:
            better = random.random() < quality
            answers[key] = (
                (not better) if kind == "yes_no" else choices[0 if better else random.randrange(len(choices))]
            )
    return answers
