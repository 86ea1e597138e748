"""Statements that are compiled once a process and planned once a connection, then asked with other values.

A page that reads many tables in one query spends more time on building, compiling and planning it than
PostgreSQL spends on answering it. `Prepared` is SQL behind a PREPARE, `PreparedQuery` a queryset behind one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import Any, Self
from weakref import WeakKeyDictionary

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, Field, QuerySet
from django.db.models.sql.compiler import SQLCompiler

Sql = tuple[str, tuple[Any, ...]]
_SIGNS = re.compile("%%|%s")
MOST = 32  # statements that a connection keeps; versions of scoring models come and go
_known: WeakKeyDictionary[Any, dict[str, None]] = WeakKeyDictionary()
"""By connection, the names of the statements that it has prepared, the one asked last at the end."""


class Parameter(Expression):
    """A value that is given when compiled SQL runs; until then it stands itself among the parameters."""

    def __init__(self, name: str, cast: str, output_field: Field[Any, Any]) -> None:
        super().__init__(output_field)
        self.name = name
        self.cast = cast

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:
        return f"%s::{self.cast}", (self,)


@dataclass(frozen=True, slots=True)
class Prepared:
    """SQL with $1, $2 … in the place of the parameters `order` names."""

    name: str
    text: str
    order: tuple[str, ...]

    def given(self, values: Mapping[str, Any]) -> Sql:
        """What to execute for these values, on this thread's connection, which now knows the statement."""
        self._make_known()
        places = f" ({', '.join(['%s'] * len(self.order))})" if self.order else ""
        return f'EXECUTE "{self.name}"{places}', tuple(values[name] for name in self.order)

    def prepared(self) -> Self:
        """Itself already."""
        return self

    def _make_known(self) -> None:
        """Beside Django's cursors, as part of setting a connection up: it belongs to no transaction."""
        connection.ensure_connection()
        session = connection.connection
        names = _known.setdefault(session, {})
        with connection.wrap_database_errors:
            if self.name not in names:
                session.execute(f'PREPARE "{self.name}" AS {self.text}')
            names[self.name] = names.pop(self.name, None)
            if len(names) > MOST:
                eldest = next(iter(names))
                session.execute(f'DEALLOCATE "{eldest}"')
                del names[eldest]


def prepare(sql: str, params: Iterable[Any]) -> Prepared:
    """Compiled SQL with its parameters, of which those that are no Parameter are written into it."""
    given, constants = iter(params), []
    order: dict[str, int] = {}

    def place(sign: re.Match[str]) -> str:
        if sign[0] == "%%":
            return sign[0]
        if isinstance(param := next(given), Parameter):
            return f"${order.setdefault(param.name, len(order) + 1)}"
        constants.append(param)
        return sign[0]

    text = connection.ops.compose_sql(_SIGNS.sub(place, sql), constants)  # type: ignore[attr-defined]
    return Prepared(f"plumbline_{sha256(text.encode()).hexdigest()[:24]}", text, tuple(order))


class PreparedQuery:
    """A queryset, asked again and again; whatever is no Parameter in it stays as it was at first."""

    def __init__(self, build: Callable[[], QuerySet[Any, Any]]) -> None:
        self._build = build

    def read(self, **values: Any) -> list[Any]:
        """Its rows for these values, as the queryset would bring them; one query."""
        rows, compiler, prepared = self._compiled
        ready = copy(rows.query)
        ready.get_compiler = lambda *_, **__: _Ready(compiler, prepared.given(values))  # type: ignore[method-assign]
        found = rows.all()
        vars(found)["_query"] = ready  # the public setter would forget that rows are tuples
        return list(found)

    @cached_property
    def _compiled(self) -> tuple[QuerySet[Any, Any], SQLCompiler, Prepared]:
        rows = self._build()
        compiler = rows.query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        if fixed := [param for param in params if isinstance(param, date)]:
            raise TypeError(f"{fixed[0]} would stay what it is today. Give it as a Parameter.")
        return rows, compiler, prepare(sql, params)


class _Ready(SQLCompiler):
    """A compiler that has done its work, for the connection of this thread."""

    def __init__(self, compiled: SQLCompiler, sql: Sql) -> None:
        self.__dict__.update(compiled.__dict__ | {"connection": connection})
        self._sql = sql

    def as_sql(self, *args: Any, **kwargs: Any) -> Any:
        return self._sql
