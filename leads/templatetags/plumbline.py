"""Filters and tags of every page: figures, dates, icons, the state of the navigation, saved views."""

from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from django import template
from django.http import HttpRequest
from django.template import RequestContext
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from leads import formats
from leads.models import SavedView
from leads.requests import signed_in

register = template.Library()

register.filter("count", formats.count)
register.filter("money", formats.money)
register.filter("signed_money", formats.signed_money)
register.filter("compact", formats.compact)
register.filter("tenths", formats.tenths)
register.filter("signed_tenths", formats.signed_tenths)
register.filter("signed", formats.signed)
register.filter("percent", formats.percent)
register.filter("share", formats.share)
register.filter("duration", formats.duration)
register.filter("initials", formats.initials)


@register.filter
def short_date(value: date | datetime | None) -> str:
    """14 Oct; a moment is shown as its date in the current time zone."""
    return formats.short_date(_day(value), timezone.localdate())


@register.filter
def long_day(value: date | datetime) -> str:
    """Today, Yesterday, Sunday 12 October."""
    return formats.long_day(_day(value) or timezone.localdate(), timezone.localdate())


@register.filter
def age(value: datetime | None) -> str:
    """2 h, 3 d."""
    return formats.age(value, timezone.now())


@register.filter
def direction(value: int | Decimal | None) -> str:
    """Whether a change is up, down or flat: the suffix of a class."""
    return "up" if value and value > 0 else "down" if value and value < 0 else "flat"


@register.simple_tag
def icon(name: str, size: int = 16) -> SafeString:
    """A line icon of static/img/icons.svg, of 12, 16 or 20 px; it says nothing to a screen reader."""
    return _drawn(name, size)


@cache  # the address of the file is looked up once, not for each of a list's two hundred icons
def _drawn(name: str, size: int) -> SafeString:
    classes = "pl-i" if size == 16 else f"pl-i pl-i--{size}"
    source = static("img/icons.svg")
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', classes, source, name)


@register.inclusion_tag("components/nav_item.html", takes_context=True)
def nav_item(
    context: RequestContext, view_name: str, label: str, symbol: str, *, alone: bool = False
) -> dict[str, Any]:
    """A link of the sidebar, the bottom bar or the drawer; current on every page below its address.

    One whose address others begin with is current on its own page `alone`.
    """
    url = reverse(view_name)
    path = context["request"].path if "request" in context else ""
    is_current = path == url if alone else path.startswith(url)
    return {"url": url, "label": label, "symbol": symbol, "is_current": is_current}


@register.simple_tag(takes_context=True)
def query_with(context: RequestContext, **changes: Any) -> str:
    """The page's query string with some parameters set, or dropped where the value is None or empty."""
    query = context["request"].GET.copy()
    query.pop("cursor", None)
    for name, value in changes.items():
        if value is None or value == "":
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.inclusion_tag("components/saved_views.html", takes_context=True)
def saved_views(context: RequestContext, page: str) -> dict[str, Any]:
    """The views that the user has saved of the page whose address has this name, and a form for this one."""
    request: HttpRequest = context["request"]
    views = list(SavedView.objects.filter(user=signed_in(request), page=page))
    token = context["csrf_token"]
    return {
        "views": views,
        "page": page,
        "url": reverse(page),
        "query": request.GET.urlencode(),
        "csrf_token": token,
    }


def _day(value: date | datetime | None) -> date | None:
    return timezone.localdate(value) if isinstance(value, datetime) else value
