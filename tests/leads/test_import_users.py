"""`import_users` and `import_products`: people without passwords, teams with managers, list prices."""

from decimal import Decimal

import pytest

from leads.models import Product, Team, User
from leads.organisation import organisation
from leads.roles import ADMINISTRATOR, SALES_MANAGER, SALES_REP
from tests.factories import ProductFactory, ProductLineFactory, UserFactory
from tests.imports import Files, counts

pytestmark = pytest.mark.django_db

USERS = """
system = "crm"
[users]
id = "Agent"
ignore = ["Office"]
[users.columns]
Agent = "name"
Manager = "manager"
Mail = "email"
Role = "role"
Active = "active"
"""
PRODUCTS = """
system = "crm"
[products]
id = "Product"
[products.columns]
Product = "name"
Price = "list_price"
[products.constants]
product_line = "Pumps"
"""


@pytest.fixture
def files(tmp_path):
    return Files(tmp_path)


@pytest.fixture
def users(files):
    def run(rows):
        return files.run("import_users", f"Agent,Manager,Office,Mail,Role,Active\n{rows}", USERS)

    return run


@pytest.fixture
def products(files):
    def run(rows):
        return files.run("import_products", f"Product,Price\n{rows}", PRODUCTS)

    return run


def test_agents_become_reps_without_a_password(users):
    users("Mei-Mei Johns,Melvin Marxen,Central,MEI@firm.example,,\n")

    user = User.objects.get(username="mei-mei-johns")
    assert (user.first_name, user.last_name, user.email) == ("Mei-Mei", "Johns", "mei@firm.example")
    assert not user.has_usable_password()
    assert [group.name for group in user.groups.all()] == [SALES_REP]


def test_a_manager_becomes_a_user_and_manages_the_team_of_their_name(users):
    said = users("Mei-Mei Johns,Melvin Marxen,,,,\nDarcel Schlecht,Melvin Marxen,,,,\n")

    manager = User.objects.get(username="melvin-marxen")
    team = Team.objects.get(name="Melvin Marxen")
    assert list(team.managers.all()) == [manager]
    assert set(team.members.values_list("username", flat=True)) == {"mei-mei-johns", "darcel-schlecht"}
    assert [group.name for group in manager.groups.all()] == [SALES_MANAGER]
    assert counts(said)["added"] == 2
    assert "new: team “Melvin Marxen”" in said
    assert "new: manager “Melvin Marxen”" in said


def test_a_manager_who_has_a_row_of_their_own_is_one_person(users):
    users("Ana Ruiz,Ben Ode,,,,\nBen Ode,,,,,\n")

    assert User.objects.count() == 2
    assert [team.name for team in User.objects.get(username="ben-ode").managed_teams.all()] == ["Ben Ode"]


def test_a_second_import_changes_nothing_and_a_third_what_differs(users):
    rows = "Ana Ruiz,Ben Ode,,ana@firm.example,,\nCleo Das,Ben Ode,,,,\n"
    users(rows)

    assert counts(users(rows)) == {"read": 2, "added": 0, "updated": 0, "unchanged": 2, "rejected": 0}
    said = users("Ana Ruiz,Dan Fox,,ana@firm.example,Administrator,\nCleo Das,Ben Ode,,,,no\n")

    ana, cleo = User.objects.get(username="ana-ruiz"), User.objects.get(username="cleo-das")
    assert counts(said)["updated"] == 2
    assert ana.team.name == "Dan Fox"
    assert {group.name for group in ana.groups.all()} == {SALES_REP, ADMINISTRATOR}
    assert not cleo.is_active


def test_somebody_who_is_here_is_known_by_mail_or_by_full_name(users):
    by_mail = UserFactory(username="am", email="ana@firm.example")
    by_name = UserFactory(username="cleo-das", first_name="Cleo", last_name="Das")

    said = users("Ana Ruiz,,,ANA@firm.example,,\nCleo Das,,,,,\n")

    assert counts(said)["added"] == 0
    by_mail.refresh_from_db()
    assert (by_mail.username, by_mail.last_name, by_mail.has_usable_password()) == ("am", "Ruiz", True)
    assert User.objects.get(last_name="Das") == by_name


def test_a_user_name_that_somebody_else_has_gets_a_number(users):
    UserFactory(username="ana-ruiz", first_name="Anabel", last_name="Ruizz")

    users("Ana Ruiz,,,,,\n")

    assert User.objects.get(first_name="Ana").username == "ana-ruiz-2"


def test_an_address_that_two_rows_share_rejects_the_second(users, files):
    said = users("Ana Ruiz,,,same@firm.example,,\nCleo Das,,,same@firm.example,,\nEva Lund,,,,,\n")

    assert counts(said)["added"] == 2
    assert len(files.rejected) == 1
    assert "Somebody already signs in with this e-mail address" in files.rejected[0]


def test_an_unknown_role_is_a_bad_row(users, files):
    users("Ana Ruiz,,,,Boss,\nCleo Das,,,,,\n")

    assert "Role: “Boss” is none of Sales rep, Sales manager, Administrator" in files.rejected[0]


def test_products_come_with_their_line_price_and_the_organisation_s_currency(products):
    said = products("GTX Basic,550\nMG Special,55.5\n")

    product = Product.objects.get(name="MG Special")
    assert (product.product_line.name, product.list_price) == ("Pumps", Decimal("55.50"))
    assert product.currency == organisation().currency
    assert "new: product line “Pumps”" in said


def test_products_are_found_again_by_id_or_name(products):
    ProductFactory(
        product_line=ProductLineFactory(name="Pumps"), name="GTX Basic", list_price=1, currency="USD"
    )

    assert counts(products("GTX Basic,550\n"))["updated"] == 1
    assert counts(products("GTX Basic,550\n"))["unchanged"] == 1
    assert counts(products("GTX Basic,600\n"))["updated"] == 1
    assert Product.objects.get().list_price == 600


def test_a_negative_price_is_a_bad_row(products, files):
    products("GTX Basic,-1\nMG Special,55\n")

    assert "Price: -1 is below 0" in files.rejected[0]
