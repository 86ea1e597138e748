"""Pages by cursor, on generated lists: nothing twice, nothing lost, forwards and back."""

from datetime import timedelta
from itertools import chain

import pytest
from django.utils import timezone

from leads.models import Lead
from pipeline.bands import live_ladder
from pipeline.paging import Cursor, Order
from pipeline.triage import ORDERS, triage_list
from tests.factories import LeadFactory
from tests.scored import score

TOTALS = [95, 80, 80, 80, 65, 65, 41, 12, 3, 3]


@pytest.fixture
def leads(alice):
    """Ten scored leads, with equal totals among them and one still hot below 70; two that have no score."""
    now = timezone.now()
    rows = [
        LeadFactory(owner=alice, last_contact_at=now - timedelta(days=n) if n % 3 else None)
        for n in range(12)
    ]
    for lead, total in zip(rows, TOTALS, strict=False):
        score(lead, total, band="hot" if total == 65 and lead == rows[5] else "")
    return rows


def walk(sort: str, size: int, today) -> tuple[list[list[int]], list[list[int]]]:
    """The pages forwards, and backwards from the last."""

    def page_at(cursor: str):
        return triage_list(
            Lead.objects.all(), live_ladder(), sort=sort, cursor=cursor, today=today, size=size
        ).page

    page = page_at("")
    pages = [page]
    while page.next:
        page = page_at(str(page.next))
        pages.append(page)
    back = [page]
    while page.previous:
        page = page_at(str(page.previous))
        back.append(page)
    assert [page.first for page in back] == [page.first for page in reversed(pages)]
    return [page.ids for page in pages], [page.ids for page in reversed(back)]


@pytest.mark.parametrize("sort", ORDERS)
@pytest.mark.parametrize("size", [1, 3, 12, 50])
def test_every_lead_is_on_one_page_whichever_way_they_are_turned(leads, sort, size):
    forwards, backwards = walk(sort, size, timezone.localdate())

    assert sorted(chain(*forwards)) == [lead.pk for lead in leads]
    assert forwards == backwards
    assert all(len(ids) == size for ids in forwards[:-1])


def test_bands_stay_together_although_a_hot_lead_has_fewer_points_than_it_needs(leads):
    [ids], _ = walk("score", 50, timezone.localdate())
    lines = [(leads.index(Lead.objects.get(pk=pk))) for pk in ids]

    assert lines == [0, 1, 2, 3, 5, 4, 6, 7, 8, 9, 10, 11]


def test_leads_without_the_sorted_fact_come_last(leads):
    [ids], _ = walk("contact", 50, timezone.localdate())
    contacts = [Lead.objects.get(pk=pk).last_contact_at for pk in ids]

    assert contacts[-4:] == [None] * 4
    assert contacts[:-4] == sorted(filter(None, contacts), reverse=True)


@pytest.mark.parametrize(
    "text", ["", "f~0", "x~0~1~1~1", "f~0~abc~1~1", "f~-1~1~1~1", "f~0~1~1~99999999999999999999", "f~0~²~1~1"]
)
def test_a_cursor_that_is_none_is_no_cursor(text):
    assert Cursor.parse(text, Order("score__total", int)) is None


@pytest.mark.parametrize("cursor", ["f~999~1~1~1", "f~0~~5~7", "b~0~1~1~1"])
def test_a_cursor_made_up_in_an_address_breaks_nothing(leads, cursor):
    page = triage_list(
        Lead.objects.all(), live_ladder(), sort="score", cursor=cursor, today=timezone.localdate()
    ).page

    assert len(page.ids) <= len(leads)
