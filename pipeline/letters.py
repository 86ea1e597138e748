"""Letters with blanks: what may stand in them, and how they are filled. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError

BLANK = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
BLANKS = {
    "first_name": "the person's first name",
    "last_name": "the person's last name",
    "company": "the company's name",
    "product_line": "what it is about",
    "organisation": "who we are",
    "unsubscribe": "the link to unsubscribe",
}


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent to one person; `unsubscribe` is the address that ends it with one click."""

    to: str
    subject: str
    body: str
    unsubscribe: str


def check_letter(text: str) -> None:
    """Refuse braces that are no blank we can fill."""
    unknown = sorted({name for name in BLANK.findall(text) if name not in BLANKS})
    if unknown:
        known = ", ".join(BLANKS)
        raise ValidationError(f"“{unknown[0]}” cannot be filled in. There are: {known}.")
    if "{{" in BLANK.sub("", text):
        raise ValidationError("A blank is not closed. Write it as {{ first_name }}.")


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its blanks filled; what is not known is left out."""
    return BLANK.sub(lambda blank: values.get(blank[1], ""), text)


def write_letter(to: str, subject: str, body: str, values: Mapping[str, str]) -> Letter:
    """One letter; without a link to unsubscribe in its text it gets one below."""
    address = values["unsubscribe"]
    text = fill(body, values).strip()
    if address not in text:
        text = f"{text}\n\n-- \nYou no longer want to hear from us? {address}"
    return Letter(to, " ".join(fill(subject, values).split()), text, address)
