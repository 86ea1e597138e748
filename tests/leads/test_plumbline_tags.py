"""The tags that know no app."""

from datetime import UTC, datetime

import pytest
from django.template import Context, RequestContext, Template
from django.test import RequestFactory


def render(source, request=None, **context):
    template = Template("{% load plumbline %}" + source)
    return template.render(RequestContext(request, context) if request else Context(context))


@pytest.mark.parametrize(("size", "classes"), [("", "pl-i"), (" 12", "pl-i pl-i--12")])
def test_an_icon_is_hidden_from_screen_readers(size, classes):
    drawn = render("{% icon 'phone'" + size + " %}")
    assert f'class="{classes}" aria-hidden="true"' in drawn
    assert drawn.count("#phone") == 1


def test_a_nav_item_is_current_on_every_page_below_its_address():
    inside = render(
        "{% nav_item 'admin:index' 'Settings' 'sliders' %}", RequestFactory().get("/admin/leads/")
    )
    outside = render("{% nav_item 'admin:index' 'Settings' 'sliders' %}", RequestFactory().get("/leads/"))
    assert 'aria-current="page"' in inside
    assert "aria-current" not in outside


def test_a_filter_is_set_or_dropped_and_the_list_starts_again():
    request = RequestFactory().get("/leads/?band=hot&stage=demo&cursor=abc")
    assert render("{% query_with stage=None %}", request) == "?band=hot"
    assert render("{% query_with band='warm' stage='' %}", request) == "?band=warm"


def test_dates_and_changes_have_filters():
    moment = datetime(2001, 10, 14, 9, tzinfo=UTC)
    assert render("{{ moment|short_date }}, {{ moment|long_day }}", moment=moment) == (
        "14 Oct 2001, Sunday 14 October 2001"
    )
    assert render("{{ 3|direction }} {{ none|direction }} {{ loss|direction }}", none=None, loss=-1) == (
        "up flat down"
    )
