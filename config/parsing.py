"""How the API reads what is sent: JSON, and nothing that the database cannot store."""

import json
from typing import Any, cast

from django.http import HttpRequest
from django.http.request import QueryDict
from ninja.parser import Parser
from ninja.types import DictStrAny

from config.problems import UnprocessableError

NUL = "\x00"
SENTENCE = "The text contains a NUL character, which cannot be stored."


class StrictParser(Parser):
    """Answers what cannot be read with 422, in place of a fault further in."""

    def parse_body(self, request: HttpRequest) -> DictStrAny:
        body: Any = parsed_json(request.body)
        if holds_nul(body):
            raise UnprocessableError(("", SENTENCE))
        return cast("DictStrAny", body)

    def parse_querydict(self, data: Any, list_fields: list[str], request: HttpRequest) -> DictStrAny:
        for name, values in data.lists() if isinstance(data, QueryDict) else ():
            if any(NUL in value for value in values):
                raise UnprocessableError((name, SENTENCE))
        return super().parse_querydict(data, list_fields, request)


def parsed_json(body: bytes) -> object:
    """The JSON value of a body."""
    try:
        return json.loads(body)
    except ValueError as error:
        raise UnprocessableError(("", "The body is not JSON.")) from error


def holds_nul(value: object) -> bool:
    """Whether a JSON value has a NUL in any text or key."""
    if isinstance(value, str):
        return NUL in value
    if isinstance(value, dict):
        return any(holds_nul(part) for pair in value.items() for part in pair)
    return isinstance(value, list) and any(map(holds_nul, value))
