"""Where the stories take place: the organisation, its teams, products, questions, targets and rates."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import chain

from django.contrib.auth.models import Group
from django.utils import timezone

from leads.actions import get_or_create_names
from leads.models import Campaign, Organisation, Product, ProductLine, Question, Team, User
from leads.organisation import today
from pipeline.demo import catalogue
from pipeline.demo.sharing import share_leads
from pipeline.models import AnswerPoint, ExchangeRate, Requirement, Stage, Target
from scoring.actions import import_model, publish_model
from scoring.definition import write_definition
from scoring.models import ScoringModel
from scoring.rows import load_definition

MONTHLY = 90_000  # euro per person


def set_scene() -> list[User]:
    """Everything but leads; answers the people who own leads."""
    Organisation.objects.filter(pk=1).update(**catalogue.ORGANISATION)
    make_products()
    make_questions()
    people = make_people()
    set_targets(people)
    share_leads()
    change_rules()
    ExchangeRate.objects.bulk_create(
        [
            ExchangeRate(currency=currency, valid_from=date(today().year - 2, 1, 1), rate=Decimal(rate))
            for currency, rate in {"USD": "0.92", "GBP": "1.17", "SEK": "0.088"}.items()
        ],
        ignore_conflicts=True,
    )
    return people


def make_products() -> None:
    """Product lines with their products, and campaigns with their cost."""
    lines = get_or_create_names(ProductLine, catalogue.PRODUCTS)
    Product.objects.bulk_create(
        Product(product_line=lines[line], name=name, list_price=price, currency="EUR")
        for line, products in catalogue.PRODUCTS.items()
        for name, price in products.items()
    )
    for name, campaign in get_or_create_names(Campaign, catalogue.CAMPAIGNS).items():
        Campaign.objects.filter(pk=campaign.pk).update(cost=catalogue.CAMPAIGNS[name][2], currency="EUR")


def make_questions() -> None:
    """Qualification questions, and what their answers are worth to confidence."""
    questions = Question.objects.bulk_create(
        Question(key=key, text=text, area=area, type=kind, choices=choices, order=order)
        for order, (key, text, area, kind, choices) in enumerate(catalogue.QUESTIONS)
    )
    by_key = {question.key: question for question in questions}
    AnswerPoint.objects.bulk_create(
        AnswerPoint(question=by_key[key], value=value, points=points)
        for key, value, points in catalogue.ANSWER_POINTS
    )


def change_rules() -> None:
    """The rules are a year old but for one, which changed when a second version went live."""
    now, by = timezone.now(), User.objects.get(username="admin")
    first = ScoringModel.objects.active().get(product_line=None)
    ScoringModel.objects.filter(pk=first.pk).update(active_from=now - timedelta(days=365))
    document = write_definition(load_definition(first))
    for rule in chain.from_iterable(group["rules"] for group in document["groups"]):
        if rule["name"] == "Chat":
            rule["points"] = 5
    second = import_model(document, by=by)
    note = "A chat says less than a question by mail."
    publish_model(second, by=by, note=note, at=now - timedelta(days=200))


def ask_for_facts() -> None:
    """What two stages ask for from today on; the past moved without."""
    stages = {stage.key: stage for stage in Stage.objects.all()}
    Requirement.objects.create(stage=stages["proposal"], field="deal.value")
    Requirement.objects.create(stage=stages["negotiation"], question=Question.objects.get(key="authority"))


def make_people() -> list[User]:
    """Colleagues in their teams; only the three demo accounts can sign in."""
    for name, (first, last, role) in catalogue.COLLEAGUES.items():
        user = User.objects.create_user(name, f"{name}@nordlot.example", first_name=first, last_name=last)
        user.groups.add(Group.objects.get(name=role))
    owners = []
    for name, (manager, members) in catalogue.TEAMS.items():
        team = Team.objects.create(name=name)
        team.managers.add(User.objects.get(username=manager))
        User.objects.filter(username__in=[manager, *members]).update(team=team)
        owners += list(User.objects.filter(username__in=members))
    return owners


def set_targets(people: list[User]) -> None:
    """The same target for everybody in each month of three years, and what that makes for the teams."""
    first = today().replace(day=1)
    months = [date(first.year + year, month, 1) for year in (-1, 0, 1) for month in range(1, 13)]
    teams = {person.team for person in people if person.team}
    rows = [
        Target(month=month, owner=person, amount=MONTHLY, currency="EUR")
        for month in months
        for person in people
    ]
    rows += [
        Target(month=month, team=team, amount=MONTHLY * sum(p.team == team for p in people), currency="EUR")
        for month in months
        for team in teams
    ]
    rows += [Target(month=month, amount=MONTHLY * len(people), currency="EUR") for month in months]
    Target.objects.bulk_create(rows)
