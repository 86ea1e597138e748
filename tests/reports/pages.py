"""Pages and files of reports as text, for somebody who is signed in."""

from collections.abc import Callable

from django.test import Client

from leads.models import User


def reader(client: Client, user: User) -> Callable[..., str]:
    """Opens an address as this user; no-break spaces are plain ones in what it answers."""
    client.force_login(user)

    def read(address: str, expect: int = 200, **headers: str) -> str:
        response = client.get(address, headers=headers)
        assert response.status_code == expect
        body = b"".join(response.streaming_content) if response.streaming else response.content
        return body.decode().replace("\N{NO-BREAK SPACE}", " ")

    return read
