"""The people of the tests: Alice owns, Bob is in her team, Charlie is not; managers and an administrator."""

import pytest

from leads.models import Team, User
from leads.roles import ADMINISTRATOR, SALES_MANAGER
from tests.factories import TeamFactory, UserFactory


@pytest.fixture
def north(db) -> Team:
    return TeamFactory(name="North")


@pytest.fixture
def south(db) -> Team:
    return TeamFactory(name="South")


@pytest.fixture
def alice(north) -> User:
    """A sales rep, the owner."""
    return UserFactory(username="alice", first_name="Alice", last_name="Abel", team=north)


@pytest.fixture
def bob(north) -> User:
    """A sales rep of the same team."""
    return UserFactory(username="bob", first_name="Bob", last_name="Berg", team=north)


@pytest.fixture
def charlie(south) -> User:
    """A sales rep of the other team."""
    return UserFactory(username="charlie", first_name="Charlie", last_name="Cole", team=south)


@pytest.fixture
def manager(north) -> User:
    """The manager of Alice's and Bob's team."""
    return _manager("mona", "Mona", north)


@pytest.fixture
def other_manager(south) -> User:
    """The manager of Charlie's team."""
    return _manager("otto", "Otto", south)


@pytest.fixture
def admin(db) -> User:
    """An administrator, who sees everything."""
    return UserFactory(username="ada", first_name="Ada", last_name="Adler", is_staff=True, role=ADMINISTRATOR)


def _manager(username: str, first_name: str, team: Team) -> User:
    user = UserFactory(username=username, first_name=first_name, last_name="Maier", role=SALES_MANAGER)
    team.managers.add(user)
    return user
