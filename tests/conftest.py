"""What every test may ask for: a clean cache, a live server in Chromium, and real workers."""

import os
from collections.abc import Callable, Iterator

import pytest
import zeal
from django.conf import settings
from django.core.cache import cache
from playwright.sync_api import BrowserContext
from zeal.apps import ZealConfig

from tests.browser import HOW_TO_GET_ONE, Complaints, find_chromium, is_required, launch_arguments
from tests.requests_in_hand import RequestsInHand
from tests.workers import running_workers, wait_until_idle

# Playwright keeps an event loop in this thread, which Django would take for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

pytest_plugins = ["tests.fixtures"]

ContextMaker = Callable[..., BrowserContext]
TRANSACTIONAL = {"live_server", "transactional_db"}


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    # Whatever asks for one row after another while it answers a request fails its test.
    ZealConfig("zeal", zeal).ready()
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "zeal.middleware.zeal_middleware"]
    # A password's deliberately slow digest would be most of the suite's time.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        _mark(item)
    items.sort(key=_cost)


def _mark(item: pytest.Item) -> None:
    if "/journeys/" in item.path.as_posix():
        item.add_marker(pytest.mark.journey)
    if item.get_closest_marker("journey") and not find_chromium() and not is_required():
        item.add_marker(pytest.mark.skip(reason=HOW_TO_GET_ONE))


def _is_transactional(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    return bool(
        TRANSACTIONAL & set(getattr(item, "fixturenames", ()))
        or (marker and marker.kwargs.get("transaction"))
    )


def _cost(item: pytest.Item) -> int:
    """Tests that leave the database as it was, then those that empty it, then those with workers at hand."""
    has_workers = item.get_closest_marker("journey") or "workers" in getattr(item, "fixturenames", ())
    return 2 if has_workers else int(_is_transactional(item))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    if is_required() and report.skipped and item.get_closest_marker("journey"):
        report.outcome = "failed"
        report.longrepr = "This journey was skipped where none may be."
    return report


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    yield
    cache.clear()


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    if not find_chromium():
        pytest.fail(HOW_TO_GET_ONE)
    return launch_arguments()


@pytest.fixture(scope="session")
def _requests() -> Iterator[RequestsInHand]:
    with RequestsInHand().counted() as requests:
        yield requests


@pytest.fixture
def settled(_requests: RequestsInHand, transactional_db) -> Iterator[None]:
    """Before tables are emptied, the live server has answered and workers have done what it gave them."""
    yield
    _requests.wait_for_none()
    wait_until_idle()


@pytest.fixture
def browser_context_args(live_server, settled) -> dict[str, object]:
    return {
        "base_url": live_server.url,
        "viewport": {"width": 1440, "height": 900},
        "reduced_motion": "reduce",
    }


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """Whatever the browser's pages complain about; a test that expects some takes them out."""
    heard = Complaints()
    yield heard
    assert not heard.sentences, "\n".join(heard.sentences)


@pytest.fixture
def new_context(new_context: ContextMaker, complaints: Complaints) -> ContextMaker:
    """Contexts whose pages are listened to: one per signed-in person of the journey."""

    def make(**arguments: object) -> BrowserContext:
        context = new_context(**arguments)
        complaints.listen_to(context)
        return context

    return make


@pytest.fixture(scope="session")
def _workers(django_db_setup, tmp_path_factory) -> Iterator[None]:
    with running_workers(tmp_path_factory.mktemp("workers")):
        yield


@pytest.fixture
def workers(_workers, settled) -> None:
    """Celery workers for both queues, on the database of the test and its live server."""
