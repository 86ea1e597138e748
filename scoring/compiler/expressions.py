"""The expressions that everything is compiled from: SQL with named parts, parameters, columns of parts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Self

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import (
    BigIntegerField,
    BooleanField,
    DateField,
    DateTimeField,
    DecimalField,
    Expression,
    Field,
    FloatField,
    IntegerField,
    TextField,
    Value,
)
from django.db.models.sql.compiler import SQLCompiler

from config.prepared import Parameter, Sql

BOOLEAN: Field[Any, Any] = BooleanField(null=True)
INTEGER: Field[Any, Any] = IntegerField(null=True)
BIGINT: Field[Any, Any] = BigIntegerField(null=True)
FLOAT: Field[Any, Any] = FloatField(null=True)
NUMERIC: Field[Any, Any] = DecimalField(null=True)
DATE: Field[Any, Any] = DateField(null=True)
MOMENT: Field[Any, Any] = DateTimeField(null=True)
TEXT: Field[Any, Any] = TextField(null=True)

_PART = re.compile(r"\{(\w+)\}")

AS_OF = Parameter("as_of", "date", DATE)
UNTIL = Parameter("until", "date", DATE)
MOMENT_OF = Parameter("moment", "timestamptz", MOMENT)
TIME_ZONE = Parameter("time_zone", "text", TEXT)
LEAD_IDS = Parameter("lead_ids", "bigint[]", BIGINT)


class Column(Expression):
    """A column of a named part of the statement."""

    def __init__(self, part: str, name: str, output_field: Field[Any, Any] = INTEGER) -> None:
        super().__init__(output_field)
        self.part = part
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:
        return f'"{self.part}"."{self.name}"', ()


class Formula(Expression):
    """SQL with named expressions in it, as in Formula("{a} >= {b}", BOOLEAN, a=F("employees"), b=50).

    Numbers are written into the text; everything else is compiled with its parameters.
    """

    def __init__(self, template: str, output_field: Field[Any, Any], **parts: Any) -> None:
        super().__init__(output_field)
        self.template = template
        self.numbers = {name: str(part) for name, part in parts.items() if isinstance(part, int | Decimal)}
        self.names = [name for name in parts if name not in self.numbers]
        self.expressions = [_expression(parts[name]) for name in self.names]

    def get_source_expressions(self) -> list[Any]:
        return self.expressions

    def set_source_expressions(self, exprs: Any) -> None:
        self.expressions = list(exprs)

    def copy(self) -> Self:
        copied = super().copy()
        copied.expressions = self.expressions[:]
        return copied

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:
        compiled = {
            name: compiler.compile(part) for name, part in zip(self.names, self.expressions, strict=True)
        } | {name: (text, ()) for name, text in self.numbers.items()}
        sql, params = fill(self.template, compiled)
        return f"({sql})", params


def _expression(part: Any) -> Any:
    return Value(part) if isinstance(part, str | date) else part


def fill(template: str, parts: Mapping[str, Sql]) -> Sql:
    """The template with compiled parts in the place of their names, and their parameters in that order."""
    literals, names = _PART.split(template)[::2], _PART.findall(template)
    sql = [literals[0].replace("%", "%%")]
    params: list[Any] = []
    for name, literal in zip(names, literals[1:], strict=True):
        sql += [parts[name][0], literal.replace("%", "%%")]
        params += parts[name][1]
    return "".join(sql), tuple(params)


def joined(parts: Iterable[Any], by: str, output_field: Field[Any, Any]) -> Formula:
    """Expressions in a row with something between them, such as AND."""
    named = {f"p{index}": part for index, part in enumerate(parts)}
    return Formula(by.join(f"{{{name}}}" for name in named), output_field, **named)


def all_of(*parts: Any) -> Formula:
    """True when all are, unknown when one is unknown and none is false: SQL's AND."""
    return joined(parts, " AND ", BOOLEAN)


def any_of(*parts: Any) -> Formula:
    """SQL's OR."""
    return joined(parts, " OR ", BOOLEAN)


def earliest(*parts: Any) -> Formula:
    """The least of the dates that are known."""
    named = {f"p{index}": part for index, part in enumerate(parts)}
    return Formula(f"LEAST({', '.join(f'{{{name}}}' for name in named)})", DATE, **named)
