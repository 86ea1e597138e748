"""Imports users with their teams and managers; nobody gets a password."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import count
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db.models import Q
from django.utils.text import slugify

from leads.actions import store
from leads.actions.rows import set_given
from leads.imports.external_ids import known_rows, remember_ids
from leads.imports.loading import Written
from leads.imports.records import Record
from leads.models import ExternalId, Team, User
from leads.models.leads import Entity
from leads.roles import SALES_MANAGER, SALES_REP

FIELDS = ("first_name", "last_name", "email", "capacity", "is_active", "team_id")
LONGEST_USERNAME = 150
Facts = dict[str, Any]


class UserLoader:
    """Rows become users; a manager they name becomes one too, and the team may be named after them."""

    def __init__(self, system: str) -> None:
        self._system = system
        self.created: list[str] = []

    def prepare(self) -> None:
        """Teams and managers come with their first member."""

    def write(self, records: Sequence[Record]) -> Written:
        teams = self._teams(records)
        facts = {record.key: _facts(record, teams) for record in records}
        stored = self._stored(facts)
        changed = {key for key, user in stored.items() if set_given(user, facts[key])}
        store([stored[key] for key in changed], "username", *FIELDS)
        new = self._add({key: values for key, values in facts.items() if key not in stored})
        users = stored | new
        remember_ids(self._system, Entity.USER, {key: user.pk for key, user in users.items()})
        changed |= self._give_roles(records, users, new) - set(new)
        return Written(len(new), len(changed), len(stored) - len(changed))

    def _teams(self, records: Sequence[Record]) -> dict[str, Team]:
        """The teams that records name, made where missing, each with its managers."""
        names = {_team(record) for record in records} - {""}
        missing = names - set(Team.objects.filter(name__in=names).values_list("name", flat=True))
        Team.objects.bulk_create(Team(name=name) for name in sorted(missing))
        self.created += [f"team “{name}”" for name in sorted(missing)]
        teams = {team.name: team for team in Team.objects.filter(name__in=names).prefetch_related("managers")}
        managers = self._managers({_manager(record) for record in records} - {""})
        for team, manager in {(_team(record), _manager(record)) for record in records if _manager(record)}:
            teams[team].managers.add(managers[manager])
        return teams

    def _managers(self, names: Iterable[str]) -> dict[str, User]:
        facts = {name: _full_name(name) for name in sorted(names)}
        stored = self._stored(facts)
        new = self._add({name: values for name, values in facts.items() if name not in stored})
        Group.objects.get(name=SALES_MANAGER).user_set.add(*stored.values(), *new.values())
        remember_ids(self._system, Entity.USER, {name: user.pk for name, user in (stored | new).items()})
        self.created += [f"manager “{name}”" for name in new]
        return stored | new

    def _stored(self, facts: Mapping[str, Facts]) -> dict[str, User]:
        """Users known by id; those without one by e-mail address or user name (if made: and full name)."""
        known = known_rows(self._system, Entity.USER, facts, User)
        others = {key: values for key, values in facts.items() if key not in known}
        usernames = {key: values.get("username") or _username(values) for key, values in others.items()}
        emails = [values["email"] for values in others.values() if "email" in values]
        named = ExternalId.objects.filter(system=self._system, entity=Entity.USER).values("object_id")
        same = Q(username__in=usernames.values()) | Q(email__in=emails)
        candidates = User.objects.filter(same).exclude(pk__in=named)
        for key, values in others.items():
            for user in candidates:
                if _is_same(user, values, usernames[key]):
                    known[key] = user
        return known

    def _add(self, facts: Mapping[str, Facts]) -> dict[str, User]:
        taken = set(User.objects.values_list("username", flat=True))
        users = {}
        for key, values in facts.items():
            users[key] = User(
                **{"username": _free_username(values, taken), **values}, password=make_password(None)
            )
            taken.add(users[key].username)
        User.objects.bulk_create(users.values())
        return users

    def _give_roles(
        self, records: Sequence[Record], users: Mapping[str, User], new: Collection[str]
    ) -> set[str]:
        """Put users in the group of their role, new ones at least among the reps; the keys of the changed."""
        groups = {group.name: group.pk for group in Group.objects.all()}
        membership = User.groups.through
        known = set(membership.objects.filter(user__in=users.values()).values_list("user_id", "group_id"))
        roles = {
            record.key: record.values.get("role", SALES_REP if record.key in new else "")
            for record in records
        }
        given = {key: (users[key].pk, groups[str(role)]) for key, role in roles.items() if role}
        missing = {key: pair for key, pair in given.items() if pair not in known}
        membership.objects.bulk_create(
            membership(user_id=user, group_id=group) for user, group in missing.values()
        )
        return set(missing)


def _facts(record: Record, teams: Mapping[str, Team]) -> Facts:
    values = dict(record.values)
    facts = {
        **_full_name(str(values.get("name", ""))),
        **{name: values[name] for name in FIELDS if name in values},
    }
    if "username" in values:
        facts["username"] = values["username"]
    if "active" in values:
        facts["is_active"] = values["active"]
    if team := teams.get(_team(record)):
        facts["team_id"] = team.pk
    return facts


def _full_name(name: str) -> Facts:
    """First and last name: the last word is the last name."""
    first, _, last = name.rpartition(" ")
    return {"first_name": first or last, "last_name": last if first else ""} if name else {}


def _team(record: Record) -> str:
    return record.text("team") or _manager(record)


def _manager(record: Record) -> str:
    return record.text("manager")


def _username(facts: Facts) -> str:
    name = f"{facts.get('first_name', '')} {facts.get('last_name', '')}"
    return slugify(name)[:LONGEST_USERNAME] or slugify(facts.get("email", ""))


def _free_username(facts: Facts, taken: Iterable[str]) -> str:
    wanted = _username(facts) or "user"
    return next(
        name for number in count(1) if (name := wanted if number == 1 else f"{wanted}-{number}") not in taken
    )


def _is_same(user: User, facts: Facts, username: str) -> bool:
    if facts.get("email") and user.email.lower() == facts["email"]:
        return True
    if user.username != username:
        return False
    return (
        "username" in facts
        or _username({"first_name": user.first_name, "last_name": user.last_name}) == username
    )
