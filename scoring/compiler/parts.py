"""The named parts of the statement: each a SELECT over the ORM or over earlier parts."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from config.prepared import Parameter, Prepared, Sql, prepare
from leads.models import Lead
from scoring.compiler.expressions import fill

_SIGNS = re.compile("%%|%s")


@dataclass(frozen=True, slots=True)
class Part:
    """`name AS (sql)`; a kept part is computed once, so that expressions over it are not multiplied out."""

    name: str
    sql: str
    params: tuple[Any, ...]
    columns: tuple[str, ...] = ()
    kept: bool = False

    def __str__(self) -> str:
        return f'"{self.name}" AS {"MATERIALIZED " if self.kept else ""}({self.sql})'


@dataclass(frozen=True, slots=True)
class Statement:
    """Compiled SQL whose parameters are still names; `given` puts the values in."""

    sql: str
    params: tuple[Any, ...]

    def given(self, values: Mapping[str, Any]) -> Sql:
        return self.sql, tuple(values[p.name] if isinstance(p, Parameter) else p for p in self.params)

    def prepared(self) -> Prepared:
        """The same for PostgreSQL to keep: for a statement that is asked often, of a few leads."""
        return prepare(self.sql, self.params)

    def given_each(self, rows: Sequence[Mapping[str, Any]]) -> Sql:
        """The rows for each of several sets of values, in one statement: planning is what takes time."""
        casts = {param.name: param.cast for param in self.params if isinstance(param, Parameter)}
        params = iter(self.params)
        constants: list[Any] = []

        def stand_in(sign: re.Match[str]) -> str:
            if sign[0] == "%s" and isinstance(param := next(params), Parameter):
                return f'asked."{param.name}"'
            if sign[0] == "%s":
                constants.append(param)
            return sign[0]

        once = _SIGNS.sub(stand_in, self.sql)
        names = ", ".join(f'"{name}"' for name in casts)
        row = ", ".join(f"%s::{cast}" for cast in casts.values())
        table = f"(VALUES {', '.join([f'({row})'] * len(rows))}) AS asked ({names})"
        values = [row[name] for row in rows for name in casts]
        each = f"SELECT found.* FROM {table} CROSS JOIN LATERAL ({once}) AS found"
        return each, (*values, *constants)


Askable = Statement | Prepared


def select(name: str, columns: Mapping[str, Any], source: str, *, kept: bool = False) -> Part:
    """A part that selects expressions from earlier parts; `source` is everything from FROM on."""
    compiler = Lead.objects.all().query.get_compiler(connection=connection)
    compiled = {column: compiler.compile(expression) for column, expression in columns.items()}
    listed = ", ".join(f'{sql} AS "{column}"' for column, (sql, _) in compiled.items())
    params = tuple(param for _, given in compiled.values() for param in given)
    return Part(name, f"SELECT {listed} FROM {source}", params, tuple(columns), kept)


def text(name: str, template: str, *, kept: bool = False, **given: Any) -> Part:
    """A part written as SQL; expressions, parameters and numbers stand in it by name."""
    compiler = Lead.objects.all().query.get_compiler(connection=connection)
    parts = {
        key: (str(part), ()) if isinstance(part, int) else compiler.compile(part)
        for key, part in given.items()
    }
    sql, params = fill(template, parts)
    return Part(name, sql, params, kept=kept)


def from_query(name: str, query: QuerySet[Any, Any], *, kept: bool = False) -> Part:
    """A part that is a query of the ORM."""
    sql, params = query.query.get_compiler(connection=connection).as_sql()
    return Part(name, sql, tuple(params), kept=kept)


def assemble(parts: Iterable[Part], final: str) -> Statement:
    """The parts as WITH, and the final SELECT without parameters."""
    parts = list(parts)
    params = tuple(param for part in parts for param in part.params)
    return Statement(f"WITH {', '.join(map(str, parts))} {final}", params)
