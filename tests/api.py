"""A program that speaks to the API with a bearer key."""

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.test import Client

from leads.actions import create_api_key
from leads.models import User


@dataclass
class Program:
    """`answer = program.post("/leads", {…}, expect=201)` is the JSON of the answer."""

    key: str

    def get(self, path: str, *, expect: int = HTTPStatus.OK, **asked: object) -> Any:
        return self._json(Client().get(f"/api/v1{path}", asked, headers=self._headers), expect)

    def post(self, path: str, body: object = None, *, expect: int = HTTPStatus.OK) -> Any:
        return self._send("post", path, body, expect)

    def put(self, path: str, body: object, *, expect: int = HTTPStatus.OK) -> Any:
        return self._send("put", path, body, expect)

    def delete(self, path: str, *, expect: int = HTTPStatus.OK) -> Any:
        return self._send("delete", path, None, expect)

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}

    def _send(self, method: str, path: str, body: object, expect: int) -> Any:
        send = getattr(Client(), method)
        text = "" if body is None else json.dumps(body, default=str)
        answer = send(f"/api/v1{path}", text, content_type="application/json", headers=self._headers)
        return self._json(answer, expect)

    def _json(self, answer: HttpResponse, expect: int) -> Any:
        assert answer.status_code == expect, answer.content.decode()[:2_000]
        return json.loads(answer.content)


def program_of(user: User, name: str = "") -> Program:
    """A program with a fresh key of this user; its external ids belong to the system `name`."""
    return Program(create_api_key(name or f"{user.username}'s program", user, by=user)[1])
