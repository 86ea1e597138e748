"""What every report may be asked, as it stands in the address."""

from typing import TypeVar

from django import forms
from ninja import Schema

from config.problems import UnprocessableError

AnyForm = TypeVar("AnyForm", bound=forms.Form)


class Asked(Schema):
    """The address as it came: the report's own form judges it. These are the filters of every report."""

    start: str = ""
    end: str = ""
    owner: str = ""
    team: str = ""
    product_line: str = ""
    source: str = ""
    campaign: str = ""
    currency: str = ""


def judged(form: AnyForm) -> AnyForm:
    """The form if it is valid; 422 with each fault and its path otherwise."""
    if not form.is_valid():
        raise UnprocessableError(
            *((field, str(message)) for field, messages in form.errors.items() for message in messages)
        )
    return form
