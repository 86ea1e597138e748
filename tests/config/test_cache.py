"""Without its cache the program is slower, and that is all."""

import pytest
from django.core.cache import caches


@pytest.fixture
def silence(settings, tmp_path):
    """A cache at an address where nobody answers."""
    settings.CACHES = {
        "default": {**settings.CACHES["default"], "LOCATION": f"unix://{tmp_path}/nobody.sock"}
    }
    return caches["default"]


def test_a_cache_that_is_away_holds_nothing_and_breaks_nothing(silence) -> None:
    silence.set("lead", 7)
    assert silence.get("lead") is None
    assert silence.get("lead", "none") == "none"
    assert "lead" not in silence
    assert silence.delete("lead") is False


@pytest.mark.django_db
def test_who_is_signed_in_goes_on_working_while_the_cache_is_away(silence, client, alice) -> None:
    client.force_login(alice)
    answer = client.get("/leads/")
    assert (answer.status_code, answer.wsgi_request.user) == (200, alice)


@pytest.mark.django_db
def test_nobody_signs_in_without_limits(silence, client, alice) -> None:
    client.raise_request_exception = False
    answer = client.post("/accounts/login/", {"login": "alice", "password": "guessed"})
    assert answer.status_code == 500
