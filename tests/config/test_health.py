"""What a load balancer is told."""

import pytest
from django.test import Client


def test_the_process_answers_without_a_database(client: Client) -> None:
    assert client.get("/healthz").json() == {"process": True}


@pytest.mark.django_db
def test_the_program_is_ready_when_database_and_redis_answer(client: Client) -> None:
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (200, {"database": True, "redis": True})


@pytest.mark.django_db
def test_a_silent_redis_is_named(client: Client, settings) -> None:
    settings.REDIS_URL = "unix:///nowhere/redis.sock"
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (503, {"database": True, "redis": False})
