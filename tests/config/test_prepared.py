"""Prepared statements: compiled once, planned once a connection, and the same answers as without."""

from datetime import date

import pytest
from django.db import ProgrammingError, connection, transaction
from django.db.models import BigIntegerField, CharField, DateField, F, Value
from django.db.models.functions import Concat

from config import prepared
from config.prepared import Parameter, PreparedQuery, prepare
from leads.models import Lead, Source
from leads.organisation import today
from tests.factories import LeadFactory, SourceFactory

NUMBER = Parameter("number", "bigint", BigIntegerField())
DAY = Parameter("day", "date", DateField())
NAME = Parameter("name", "text", CharField())

pytestmark = pytest.mark.django_db


def known() -> set[str]:
    """The statements that this connection keeps, as PostgreSQL says."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements")
        return {name for (name,) in cursor.fetchall()}


def ask(statement: prepared.Prepared, **values: object) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(*statement.given(values))
        return cursor.fetchall()


def test_a_queryset_is_built_once_and_read_for_other_values(django_assert_num_queries) -> None:
    first, second = LeadFactory(), LeadFactory()
    built = []

    def build():
        built.append(1)
        return Lead.objects.filter(pk=NUMBER).select_related("company").with_names()

    query = PreparedQuery(build)
    for lead, company in [(first, first.company), (second, second.company)]:
        with django_assert_num_queries(1):
            [found] = query.read(number=lead.pk)
            assert (found, found.company) == (lead, company)
        assert found.display_name == Lead.objects.with_names().get(pk=lead.pk).display_name
    assert query.read(number=0) == []
    assert built == [1]


def test_rows_of_values_and_unions_come_as_they_would_unprepared() -> None:
    names = [SourceFactory(name=name).name for name in ("Fair", "Web 100 %", "It's")]
    rows = Source.objects.filter(name__gte=NAME).values_list("name", Concat("name", Value(" 50 %")))
    query = PreparedQuery(lambda: rows.union(rows.filter(name="It's"), all=True).order_by("name"))
    expected = sorted((name, f"{name} 50 %") for name in [*names, "It's"] if name >= "G")
    assert query.read(name="G") == expected


def test_a_day_that_is_no_parameter_is_refused() -> None:
    fixed = PreparedQuery(lambda: Lead.objects.filter(created_at__date__lte=today()))
    with pytest.raises(TypeError, match=r"Give it as a Parameter\."):
        fixed.read()
    assert PreparedQuery(lambda: Lead.objects.filter(closed_on__lte=DAY)).read(day=date.max) == []


def test_a_parameter_may_stand_in_several_places_and_a_statement_without_any() -> None:
    assert ask(prepare("SELECT %s::int + %s::int, '%%', %s", (NUMBER, NUMBER, "a%s")), number=4) == [
        (8, "%", "a%s")
    ]
    assert ask(prepare("SELECT 1", ())) == [(1,)]


def test_what_stands_in_a_value_is_never_read_as_sql() -> None:
    hostile = "'); DROP TABLE leads_lead; --"
    assert ask(prepare("SELECT %s::text", (NAME,)), name=hostile) == [(hostile,)]
    assert ask(prepare("SELECT %s", (hostile,))) == [(hostile,)]


def test_a_statement_that_cannot_be_prepared_says_so_each_time() -> None:
    wrong = prepare("SELECT nothing_of_this_name", ())
    for _ in range(2):
        with pytest.raises(ProgrammingError, match="nothing_of_this_name"), transaction.atomic():
            ask(wrong)


@pytest.mark.django_db(transaction=True)
def test_a_connection_keeps_those_asked_last(monkeypatch) -> None:
    connection.close()
    monkeypatch.setattr(prepared, "MOST", 3)
    statements = [prepare("SELECT %s", (number,)) for number in range(4)]
    for number in (0, 1, 2, 0, 3):
        assert ask(statements[number]) == [(number,)]
    assert known() == {statements[number].name for number in (0, 2, 3)}


@pytest.mark.django_db(transaction=True)
def test_a_new_connection_learns_the_statement_again() -> None:
    query = PreparedQuery(lambda: Lead.objects.filter(pk=NUMBER).annotate(twice=F("pk") * 2))
    lead = LeadFactory()
    for _ in range(2):
        assert [found.twice for found in query.read(number=lead.pk)] == [lead.pk * 2]
        connection.close()


def test_the_session_plans_a_prepared_statement_once() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW plan_cache_mode")
        assert cursor.fetchone() == ("force_generic_plan",)
