"""Views that people keep of pages: saved under a name, and thrown away."""

from urllib.parse import parse_qsl, urlencode

from django.urls import NoReverseMatch, reverse

from config.refusals import Refusal
from leads.actions.audit import audited
from leads.models import SavedView, User

LONGEST_NAME, LONGEST_QUERY, MOST = 80, 2_000, 50


class ViewWrong(Refusal):
    """A name or page that a saved view cannot have, or one view too many."""


@audited
def save_view(name: str, *, page: str, query: str, by: User) -> SavedView:
    """Keep what `by` asks of a page; the same name once more replaces what it stood for."""
    name = " ".join(name.replace("\x00", "").split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise ViewWrong(f"Give the view a name of 1 to {LONGEST_NAME} characters.")
    query = urlencode(parse_qsl(query.replace("\x00", "")))
    if len(query) > LONGEST_QUERY:
        raise ViewWrong("These filters are too long to be saved.")
    _check_page(page)
    others = SavedView.objects.filter(user=by, page=page).exclude(name=name)
    if others.count() >= MOST:
        raise ViewWrong(f"There are {MOST} saved views of this page. Delete one first.")
    return SavedView.objects.update_or_create(user=by, page=page, name=name, defaults={"query": query})[0]


@audited
def delete_view(view: SavedView, *, by: User) -> None:
    """Throw a view away."""
    view.delete()


def _check_page(page: str) -> None:
    try:
        reverse(page)
    except NoReverseMatch as error:
        raise ViewWrong("There is no such page.") from error
