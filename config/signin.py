"""Sign-in: accounts are made by administrators, so nobody signs up by himself."""

from typing import NoReturn

from allauth.account.adapter import DefaultAccountAdapter
from django.http import Http404, HttpRequest


class ClosedSignUp(DefaultAccountAdapter):  # type: ignore[misc]  # not annotated
    """allauth's account adapter with sign-up closed."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an administrator creates the user."""
        return False


def not_offered(request: HttpRequest) -> NoReturn:
    """Stand in for a page of allauth's that we do not have; visitors are sent to sign in, as everywhere."""
    raise Http404
