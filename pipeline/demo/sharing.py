"""How the demo's leads are shared: pools, a programme for the cold ones, and who is away."""

from datetime import timedelta

from leads.models import Absence, ProductLine, User
from leads.organisation import today
from pipeline.models import MailTemplate, NurtureProgramme, NurtureStep, Part, PoolMember, RoutingPool
from scoring.models import Band

POOLS = {
    # name: countries, members with their shares; Calibration has no pool, so its leads wait to be picked
    "Nordics": (["SE", "NO", "DK", "FI"], {"rep": 1, "peter": 1, "jonas": 1, "mina": 2}),
    "Rest of Europe": ([], {"carlos": 1, "giulia": 1, "tomasz": 1}),
}
ROUTED_LINES = ["Monitoring", "Field service"]
SECONDS = {"Nordics": "manager", "Rest of Europe": "elena"}
LARGE = 500  # employees
LETTERS = {
    # name: subject, text
    "Unplanned stops": (
        "What an unplanned stop costs {{ company }}",
        """Dear {{ first_name }},

most plants know what a stop costs only afterwards. Our calculation sheet says it before:
https://nordlot.example/roi

Kind regards
{{ organisation }}""",
    ),
    "A sawmill's year": (
        "How a sawmill cut its stops by half",
        """Dear {{ first_name }},

one of our customers has written down a year with {{ product_line }}:
https://nordlot.example/cases/sawmill

Kind regards
{{ organisation }}""",
    ),
}
PROGRAMME = [
    # what a step does, and its days, letter or task
    ("wait", 2),
    ("mail", "Unplanned stops"),
    ("wait", 9),
    ("mail", "A sawmill's year"),
    ("wait", 21),
    ("task", "Ask whether anything has changed"),
]


def share_leads() -> None:
    """Pools, programme, capacities and absences; the engine does the rest once leads are scored."""
    users = {user.username: user for user in User.objects.all()}
    for order, (name, (countries, members)) in enumerate(POOLS.items(), start=1):
        pool = make_pool(name, order, countries, {users[member]: share for member, share in members.items()})
        PoolMember.objects.create(pool=pool, user=users[SECONDS[name]], part=Part.SECOND)
    make_programme()
    User.objects.filter(username="jonas").update(capacity=60)
    User.objects.filter(username="mina").update(working_days=[1, 2, 3, 4, 5])
    day = today()
    Absence.objects.create(
        user=users["tomasz"], starts_on=day - timedelta(days=3), ends_on=day + timedelta(days=9)
    )
    Absence.objects.create(
        user=users["peter"], starts_on=day + timedelta(days=12), ends_on=day + timedelta(days=16)
    )


def make_pool(name: str, order: int, countries: list[str], members: dict[User, int]) -> RoutingPool:
    """One pool whose hot, large leads get a second person."""
    pool = RoutingPool.objects.create(
        name=name,
        order=order,
        countries=",".join(countries),
        second_from=Band.objects.get(key="hot"),
        second_employees=LARGE,
    )
    pool.product_lines.set(ProductLine.objects.filter(name__in=ROUTED_LINES))
    PoolMember.objects.bulk_create(
        PoolMember(pool=pool, user=user, share=share) for user, share in members.items()
    )
    return pool


def make_programme() -> None:
    """Two letters and a task, over a month."""
    letters = {
        name: MailTemplate.objects.create(name=name, subject=subject, body=body)
        for name, (subject, body) in LETTERS.items()
    }
    programme = NurtureProgramme.objects.create(name="Stay in touch")
    for order, (kind, what) in enumerate(PROGRAMME, start=1):
        NurtureStep.objects.create(
            programme=programme,
            order=order,
            kind=kind,
            days=what if isinstance(what, int) else 0,
            template=letters.get(str(what)),
            task=str(what) if kind == "task" else "",
        )
