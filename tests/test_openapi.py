"""The API as it describes itself: whatever is sent, it answers as its schema says."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from config.wsgi import application
from leads.actions import create_api_key

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


@pytest.fixture
def _one_connection():
    """The connection of the test stays open between requests."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def key(admin):
    return create_api_key("schemathesis", admin, by=admin)[1]


@schema.parametrize()
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@pytest.mark.usefixtures("_one_connection")
def test_every_operation_answers_as_described(case, key):
    # Not all that the schema allows can be true: an unknown stage or a day to come is a 422 as well.
    case.call_and_validate(headers={"Authorization": f"Bearer {key}"}, checks=CHECKS)


def test_the_description_is_open_to_anyone_and_its_page_is_not(client, alice):
    assert client.get("/api/v1/openapi.json").status_code == 200
    assert Client().get("/api/v1/docs").status_code == 302
    client.force_login(alice)
    assert client.get("/api/v1/docs").status_code == 200
