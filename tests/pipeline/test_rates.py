"""Exchange rates from a CSV file: all of them, or none and why, line by line."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from pipeline.actions import Rate, RateWrong, remove_rates, set_rates
from pipeline.models import ExchangeRate
from pipeline.rates import read_rates
from tests.factories_pipeline import ExchangeRateFactory

pytestmark = pytest.mark.django_db

HEAD = "currency,valid_from,rate\n"
OCTOBER = date(2026, 10, 1)


def stored():
    return {(rate.currency, rate.valid_from): rate.rate for rate in ExchangeRate.objects.all()}


@pytest.fixture
def send(admin):
    client = Client()
    client.force_login(admin)

    def send(content, expect=200):
        content = content.encode() if isinstance(content, str) else content
        file = SimpleUploadedFile("rates.csv", content, "text/csv")
        answer = client.post("/admin/pipeline/exchangerate/import/", {"file": file}, follow=True)
        assert answer.status_code == expect
        return answer.content.decode()

    return send


def test_a_file_adds_and_replaces(send):
    ExchangeRateFactory(valid_from=OCTOBER, rate=Decimal("0.9"))
    ExchangeRateFactory(currency="SEK", valid_from=OCTOBER, rate=Decimal("0.09"))
    lines = "USD,2026-10-01,0.9213\nGBP,2026-10-01,1.15\nSEK,2026-10-01,0.09\n\n"
    assert "1 new, 1 changed, 1 as they were" in send(HEAD + lines)
    assert stored() == {
        ("USD", OCTOBER): Decimal("0.9213"),
        ("GBP", OCTOBER): Decimal("1.15"),
        ("SEK", OCTOBER): Decimal("0.09"),
    }


def test_columns_in_any_order_semicolons_and_a_byte_order_mark_are_read(send):
    send("\ufeffRate;Currency;Valid_From\r\n0.5;USD;2026-10-01\r\n")
    assert stored() == {("USD", OCTOBER): Decimal("0.5")}


def test_every_fault_names_its_line_and_nothing_is_stored(send):
    lines = [
        "USD,2026-10-01,0.9",
        "dollar,2026-10-01,0.9",
        "USD,2026-02-31,0.9",
        "USD,2026-11-01,0",
        "USD,2026-11-02,-1",
        "USD,2026-11-03,much",
        "USD,2026-11-04,NaN",
        "USD,2026-11-05," + "1" * 30,
        "USD,2026-11-06,0.123456789",
        "USD,2026-10-01,0.8",
        "USD,2026-11-07",
        "EUR,2026-10-01,1",
    ]
    seen = send(HEAD + "\n".join(lines), expect=422)
    for sentence in (
        "Line 3: “dollar” is no currency",
        "Line 4: “2026-02-31” is no date",
        "Line 5: A rate must be above 0.",
        "Line 6: A rate must be above 0.",
        "Line 7: “much” is no rate",
        "Line 8: “NaN” is no rate",
        "Line 9: A rate has at most 10 digits before and 8 after the point.",
        "Line 10: A rate has at most",
        "Line 11: USD from 2026-10-01 already stands on line 2.",
        "Line 12: There are 2 cells, and 3 columns.",
        "Line 13: EUR is the organisation&#x27;s own currency",
        "Nothing was stored.",
    ):
        assert sentence in seen
    assert stored() == {}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xff\xfe\x00", "not UTF-8 text"),
        ("", "empty"),
        ("currency,rate\nUSD,1\n", "Line 1: It names the columns"),
        (HEAD, "a header and no rates"),
        (HEAD + "\n".join(["x,y,z"] * 80), "There are 30 further errors."),
    ],
)
def test_a_file_that_is_none_gets_a_sentence(send, content, sentence):
    assert sentence in send(content, expect=422)


def test_a_cell_without_an_end_is_a_fault():
    assert read_rates(HEAD + '"' + "x" * 200_000, own="EUR")[1][0].path == "file"


def test_only_administrators_import(manager):
    client = Client()
    client.force_login(manager)
    assert client.get("/admin/pipeline/exchangerate/import/").status_code == 302


def test_changes_stand_in_the_history_with_their_actor(admin):
    row = Rate("USD", OCTOBER, Decimal("0.9"))
    assert set_rates([row], by=admin).added == 1
    remove_rates(ExchangeRate.objects.all(), by=admin)
    events = ExchangeRate.pgh_event_model.objects.order_by("pgh_id").select_related("pgh_context")
    assert [event.pgh_label for event in events] == ["insert", "delete"]
    assert {event.pgh_context.metadata["user"] for event in events} == {admin.pk}


def test_two_of_one_day_and_the_own_currency_are_refused():
    row = Rate("USD", OCTOBER, Decimal("0.9"))
    for rows in ([row, row], [Rate("EUR", OCTOBER, Decimal(1))]):
        with pytest.raises(RateWrong):
            set_rates(rows, by=None)
    assert stored() == {}
