"""Generated models, leads and activities for the property tests."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import strategies as st

from tests.scoring.oracle import LeadFact, SignalFact

TODAY = datetime.now(UTC).date()
KINDS = ["page_view", "download", "demo_request"]
BANDS = [
    {"band": "hot", "enter": 70, "leave": 60},
    {"band": "warm", "enter": 40, "leave": 35},
    {"band": "cold", "enter": 10, "leave": 4},
    {"band": "dead", "enter": 0, "leave": 0},
]
INDUSTRIES = ["Mining", "mining", "Retail", "Äpfel & Birnen", "50%_\\"]
SENIORITIES = ["Executive", "manager", "STUDENT"]
DOMAINS = ["rival.example", "mail.rival.example", "arrival.example", "Good.example"]
URLS = ["https://x.example/pricing", "https://x.example/Blog/pricing", "/products", "https://rival.example"]
DATES = [TODAY + timedelta(days=days) for days in (-400, -31, -30, -29, -7, -1, 0, 1, 20)]


def texts(*values):
    return st.sampled_from(values)


def maybe(values):
    return st.one_of(st.none(), values)


def _comparison(path, op, value=None):
    return {"field": path, "op": op} | ({} if value is None else {"value": value})


def _text(path, values):
    value = st.sampled_from(values)
    part = value.map(lambda text: text[1:4])
    return st.one_of(
        st.builds(_comparison, st.just(path), texts("eq", "ne"), value),
        st.builds(_comparison, st.just(path), texts("in", "not_in"), st.lists(value, min_size=1, max_size=3)),
        st.builds(
            _comparison,
            st.just(path),
            texts("contains", "not_contains", "starts_with"),
            st.one_of(value, part),
        ),
        _presence(path),
    )


def _presence(path):
    return st.builds(_comparison, st.just(path), texts("is_set", "is_not_set"))


def _domain(path, values):
    value = st.sampled_from(values)
    domain = st.one_of(value, st.lists(value, min_size=1, max_size=2))
    return st.one_of(
        _text(path, values), st.builds(_comparison, st.just(path), st.just("matches_domain"), domain)
    )


def _number(path, values):
    pair = st.tuples(values, values).map(sorted)
    return st.one_of(
        st.builds(_comparison, st.just(path), texts("eq", "ne", "gt", "gte", "lt", "lte"), values),
        st.builds(
            _comparison, st.just(path), texts("in", "not_in"), st.lists(values, min_size=1, max_size=3)
        ),
        st.builds(_comparison, st.just(path), st.just("between"), pair),
        _presence(path),
    )


def _date(path):
    day = st.sampled_from(DATES).map(date.isoformat)
    return st.one_of(
        st.builds(_comparison, st.just(path), texts("before", "after", "eq", "ne"), day),
        st.builds(_comparison, st.just(path), st.just("within_days"), st.sampled_from([1, 7, 30, 31])),
        st.builds(_comparison, st.just(path), st.just("between"), st.tuples(day, day).map(sorted)),
        _presence(path),
    )


def _boolean(path):
    return st.builds(_comparison, st.just(path), texts("eq", "ne"), st.booleans())


INTEGERS = st.sampled_from([0, 1, 3, 10, 29, 30, 31, 60, 500])
DECIMALS = st.sampled_from([0, 0.1, 0.35, 1, 2.5, 90, 120.75])
FACT_FIELDS = st.one_of(
    _text("company.industry", INDUSTRIES),
    _domain("company.domain", DOMAINS),
    _number("company.employees", INTEGERS),
    _number("company.age_years", st.sampled_from([0, 5, 6, 20])),
    _text("contact.seniority", SENIORITIES),
    _text("contact.role", ["decider", "user"]).filter(
        lambda leaf: leaf["op"] in ("eq", "ne", "in", "not_in", "is_set", "is_not_set")
    ),
    _boolean("contact.do_not_contact"),
    _date("contact.unsubscribed_at"),
    _text("lead.source", ["Website", "Fair"]),
    _number("lead.custom.budget", DECIMALS),
    _date("lead.custom.renewal"),
    _boolean("lead.custom.vip"),
    _number("lead.days_since_last_contact", INTEGERS),
    _number("lead.days_since_last_signal", INTEGERS),
    _number("lead.signal_count", st.sampled_from([0, 1, 3])),
    _date("lead.created_at"),
)
ACTIVITY_FIELDS = st.one_of(
    _domain("activity.url", URLS),
    _number("activity.duration_seconds", INTEGERS),
    _date("activity.occurred_at"),
    _number("activity.properties.amount", DECIMALS),
    _text("activity.properties.amount", ["many", "few"]),
    _date("activity.properties.planned"),
)


def conditions(leaves):
    """Comparisons, and two levels of all, any and not around them."""

    def around(inner):
        terms = st.lists(inner, min_size=1, max_size=3)
        return st.one_of(
            inner,
            terms.map(lambda terms: {"all": terms}),
            terms.map(lambda terms: {"any": terms}),
            inner.map(lambda term: {"not": term}),
        )

    return around(around(leaves))


POINTS = st.one_of(st.integers(-60, 60), st.sampled_from([0.25, 2.25, -2.25, 3.05, 0.5, -0.05, 33.33]))


@st.composite
def rules(draw, kind):
    has_signal = kind == "engagement" and draw(st.integers(0, 3)) > 0
    rule = {"name": "R"}
    if has_signal:
        rule["signal"] = draw(st.sampled_from(KINDS))
        if draw(st.booleans()):
            rule["when"] = draw(conditions(st.one_of(ACTIVITY_FIELDS, ACTIVITY_FIELDS, FACT_FIELDS)))
    else:
        rule["when"] = draw(conditions(FACT_FIELDS))
    rule["points"] = draw(POINTS)
    if has_signal:
        rule |= draw(counting())
    return rule


def counting():
    repeats = st.one_of(
        st.just({}),
        st.sampled_from([1, 2]).map(lambda most: {"repeat": {"per_day": most}}),
        st.sampled_from([1, 2, 3]).map(lambda most: {"repeat": {"total": most}}),
    )
    amounts = st.sampled_from(
        [
            {},
            {"per": {"field": "activity.duration_seconds", "unit": 60}},
            {"per": {"field": "activity.properties.amount", "unit": 7.5}},
        ]
    )
    often = st.builds(
        lambda count, days: {"at_least": {"count": count, "days": days}},
        st.sampled_from([1, 2, 3]),
        st.sampled_from([1, 7, 30]),
    )
    return st.one_of(repeats, often, st.builds(lambda first, second: first | second, repeats, amounts))


def decays():
    days = st.sampled_from([1, 7, 30, 60, 90])
    return st.builds(
        lambda type_, days: {"decay": {"type": type_, "days": days}},
        st.sampled_from(["half_life", "linear", "window"]),
        days,
    )


@st.composite
def groups(draw, number):
    kind = draw(st.sampled_from(["fit", "engagement", "engagement"]))
    found = draw(st.lists(rules(kind), max_size=3))
    most = max([1, *(rule["points"] for rule in found)])
    group = {
        "name": f"G{number}",
        "kind": kind,
        "combine": draw(st.sampled_from(["sum", "best"])),
        "min": draw(st.sampled_from([-100, -20, -7.5, 0])),
        "max": draw(st.sampled_from([value for value in (1, 10, 33.3, 60, 100) if value >= most])),
        "rules": found,
    }
    return group | (draw(decays()) if kind == "engagement" and draw(st.booleans()) else {})


@st.composite
def models(draw):
    exclude = draw(st.integers(0, 5)) == 0
    count = draw(st.integers(1, 4))
    return {
        "name": "Generated",
        "product_line": None,
        "groups": [draw(groups(number)) for number in range(count)],
        "exclusions": [{"name": "X", "when": draw(conditions(FACT_FIELDS))}] if exclude else [],
        "auto_qualify": [],
        "grades": {"fit": [75, 50, 25], "engagement": [60, 33, 0]},
        "bands": BANDS,
    }


@st.composite
def signals(draw, number):
    day = TODAY - timedelta(days=draw(st.sampled_from([0, 0, 1, 1, 2, 6, 7, 8, 29, 30, 31, 59, 60, 90, 200])))
    at = datetime.combine(day, time(draw(st.integers(0, 23)), draw(st.sampled_from([0, 30]))), tzinfo=UTC)
    facts = {
        "activity.url": draw(maybe(st.sampled_from(URLS))),
        "activity.duration_seconds": draw(maybe(st.sampled_from([0, 10, 30, 90, 3600]))),
        "activity.properties.amount": draw(maybe(st.one_of(DECIMALS, st.sampled_from([-3, 10**9, "many"])))),
        "activity.properties.planned": draw(
            maybe(st.sampled_from([*map(date.isoformat, DATES), "2026-02-31", "soon"]))
        ),
    }
    kind = draw(st.sampled_from(KINDS))
    return SignalFact(kind, at, number, facts, trusted=draw(st.integers(0, 9)) > 0)


@st.composite
def people(draw, number):
    return {
        "contact.seniority": draw(maybe(st.sampled_from(SENIORITIES))),
        "contact.role": draw(maybe(st.sampled_from(["decider", "user"]))),
        "contact.do_not_contact": draw(st.booleans()),
        "contact.unsubscribed_at": draw(maybe(st.sampled_from(DATES))),
    }


@st.composite
def leads(draw):
    company = draw(st.booleans())
    facts = {
        "lead.source": draw(maybe(st.sampled_from(["Website", "Fair"]))),
        "lead.custom.budget": draw(maybe(DECIMALS)),
        "lead.custom.renewal": draw(maybe(st.sampled_from(DATES))),
        "lead.custom.vip": draw(maybe(st.booleans())),
    }
    if company:
        facts |= {
            "company.industry": draw(maybe(st.sampled_from(INDUSTRIES))),
            "company.domain": draw(maybe(st.sampled_from(DOMAINS))),
            "company.employees": draw(maybe(INTEGERS)),
        }
    return LeadFact(
        born=TODAY - timedelta(days=draw(st.sampled_from([200, 30, 1]))),
        facts=facts,
        people=[draw(people(number)) for number in range(draw(st.integers(0, 2)))],
        signals=[draw(signals(number)) for number in range(draw(st.integers(0, 8)))],
        last_contact=draw(maybe(st.sampled_from([TODAY, *DATES[:6]]))),
        founded=draw(maybe(st.sampled_from([TODAY.year, TODAY.year - 5, 1990]))) if company else None,
    )
