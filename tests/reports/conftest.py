"""What tests of reports share: a day that stays, and the people whose deals are counted."""

import pytest
import time_machine

from leads.models import User
from tests.reports.facts import NOON


@pytest.fixture(autouse=True)
def _the_day() -> None:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def people(alice, bob, charlie) -> list[User]:
    """Alice and Bob of team North, Charlie of South."""
    return [alice, bob, charlie]
