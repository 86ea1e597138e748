"""How the API reads what is sent: JSON, and nothing that the database cannot store."""

import json
import re
from typing import Any, cast

from django.http import HttpRequest
from django.http.request import QueryDict
from ninja.parser import Parser
from ninja.types import DictStrAny

from config.problems import UnprocessableError

UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # NUL, and halves of characters
SENTENCE = "The text contains a NUL character or half of a character, which cannot be stored."
DEEPEST = 100  # levels of lists and objects
TOO_DEEP = f"Lists and objects lie in one another at most {DEEPEST} levels deep."


class StrictParser(Parser):
    """Answers what cannot be read with 422, in place of a fault further in."""

    def parse_body(self, request: HttpRequest) -> DictStrAny:
        body: Any = parsed_json(request.body)
        if fault := storing_fault(body):
            raise UnprocessableError(("", fault))
        return cast("DictStrAny", body)

    def parse_querydict(self, data: Any, list_fields: list[str], request: HttpRequest) -> DictStrAny:
        for name, values in data.lists() if isinstance(data, QueryDict) else ():
            if any(UNSTORABLE.search(value) for value in values):
                raise UnprocessableError((name, SENTENCE))
        return super().parse_querydict(data, list_fields, request)


def parsed_json(body: bytes) -> object:
    """The JSON value of a body."""
    try:
        return json.loads(body)
    except ValueError as error:
        raise UnprocessableError(("", "The body is not JSON.")) from error
    except RecursionError as error:
        raise UnprocessableError(("", TOO_DEEP)) from error


def storing_fault(value: object) -> str:
    """Why a JSON value cannot be stored, in a sentence; empty when it can."""
    level = [value]
    for _ in range(DEEPEST):
        if any(isinstance(part, str) and UNSTORABLE.search(part) for part in level):
            return SENTENCE
        level = [inner for part in level for inner in parts_of(part)]
        if not level:
            return ""
    return TOO_DEEP


def parts_of(value: object) -> list[object]:
    """What lies directly in a JSON value: an object's keys and values, a list's items."""
    if isinstance(value, dict):
        return [*value, *value.values()]
    return value if isinstance(value, list) else []
