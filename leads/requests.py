"""What the views of this project know of a request."""

from django.http import HttpRequest

from leads.models import User

LONGEST_NUMBER = 18  # digits that fit into the database's whole numbers


def signed_in(request: HttpRequest) -> User:
    """The user; middleware lets nobody else reach a view."""
    assert isinstance(request.user, User)
    return request.user


def whole_number(text: str) -> int | None:
    """A row's or a page's number as it stands in an address; None for anything that is none."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER
    return int(text) if is_number else None
