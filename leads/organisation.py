"""The organisation's settings and its calendar: the one place that knows what “today” is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from leads.models import Organisation

_memo: ContextVar[list[Organisation] | None] = ContextVar("organisation_memo", default=None)


def organisation() -> Organisation:
    """The one row, created with defaults when missing; read once per request inside `remembered`."""
    memo = _memo.get()
    if memo:
        return memo[0]
    row = Organisation.objects.get_or_create(pk=1)[0]
    if memo is not None:
        memo.append(row)
    return row


@contextmanager
def remembered() -> Iterator[None]:
    """Within this block, and blocks inside it, the organisation is read at most once."""
    memo = _memo.get()
    token = _memo.set([] if memo is None else memo)
    try:
        yield
    finally:
        _memo.reset(token)


def remember_organisation(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: one read of the organisation per request; its time zone rules what people see and type."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with remembered():
            if not request.user.is_authenticated:
                return get_response(request)
            with timezone.override(zone()):
                return get_response(request)

    return middleware


def today() -> date:
    """The organisation's date now."""
    return local_date(timezone.now())


def local_date(moment: datetime) -> date:
    """The organisation's date at an aware moment."""
    return moment.astimezone(zone()).date()


def local_midnight(day: date) -> datetime:
    """The aware moment at which a day begins for the organisation."""
    return datetime.combine(day, time.min, tzinfo=zone())


def zone() -> ZoneInfo:
    """The organisation's time zone."""
    return ZoneInfo(organisation().time_zone)
