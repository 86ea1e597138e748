"""Settings from the environment: typed, and a bad value is refused with a sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config import env
from config.env import BadSetting

MANAGE = Path(__file__).parents[2] / "manage.py"
BAD_VALUES = [
    ({"DATABASE_URL": "mysql://here/plumbline"}, "DATABASE_URL", "postgresql://"),
    ({"REDIS_URL": "http://here"}, "REDIS_URL", "redis://"),
    ({"SECRET_KEY": "short"}, "SECRET_KEY", "50 characters"),
    ({"DEBUG": "perhaps"}, "DEBUG", "true or false"),
    ({"DATABASE_POOL": "-1"}, "DATABASE_POOL", "0 or more"),
    ({"DATABASE_POOL": "many"}, "DATABASE_POOL", "a whole number"),
    ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL", "INFO, DEBUG, WARNING, ERROR"),
    ({"EMAIL_URL": "pigeon://coop"}, "EMAIL_URL", "mail server"),
]


def check_settings(**changes: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(MANAGE), "check"],
        env=os.environ | changes,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(("changes", "name", "expected"), BAD_VALUES, ids=lambda value: str(value)[:40])
def test_a_bad_value_stops_every_command_with_one_sentence(changes, name, expected) -> None:
    done = check_settings(**changes)
    assert done.returncode == 1
    assert done.stderr.startswith(name)
    assert expected in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_secret_has_no_default(monkeypatch) -> None:
    monkeypatch.delenv("SECRET_KEY")
    with pytest.raises(BadSetting, match="SECRET_KEY is not set"):
        env.secret("SECRET_KEY")


def test_words_are_split_at_commas_and_trimmed(monkeypatch) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", "one.example, two.example,")
    assert env.words("ALLOWED_HOSTS") == ["one.example", "two.example"]


def test_a_socket_folder_is_read_as_the_database_host(monkeypatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://me@%2Frun%2Fpg/plumbline")
    database = env.database("DATABASE_URL")
    assert (database["HOST"], database["USER"], database["NAME"]) == ("/run/pg", "me", "plumbline")


@pytest.mark.parametrize(
    ("redis", "broker"),
    [
        ("redis://here:6379/2", "redis://here:6379/2"),
        ("unix:///run/redis.sock", "redis+socket:///run/redis.sock?virtual_host=0"),
        ("unix:///run/redis.sock?db=3", "redis+socket:///run/redis.sock?virtual_host=3"),
    ],
)
def test_celery_gets_the_same_redis_in_its_own_spelling(redis, broker) -> None:
    assert env.as_broker(redis) == broker
