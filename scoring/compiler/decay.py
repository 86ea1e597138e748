"""Points of one signal at an age, as tenths, and the date on which time next takes a tenth away.

Arithmetic is exact where a result can stand half-way between two tenths: whole numbers are multiplied
first and divided once, so neither float8 nor numeric can miss the tie that rounds away from zero.
"""

from dataclasses import dataclass
from typing import Any

from scoring.compiler.expressions import AS_OF, DATE, FLOAT, INTEGER, NUMERIC, Formula
from scoring.definition.specs import Decay, DecayType, Per, RuleSpec
from scoring.tenths import to_tenths

LARGEST_LINE = 10**15  # tenths; an absurd amount must not overflow the sum
TIE = "1e-9::float8"  # days; less than any real distance from midnight, more than the error of float8


@dataclass(frozen=True, slots=True)
class Fading:
    """A rule's points under its group's decay; with `per`, `amount` is the quantity of one signal."""

    rule: RuleSpec
    decay: Decay
    amount: Any = None

    @property
    def hundredths(self) -> int:
        return int(self.rule.points * 100)

    @property
    def fades(self) -> bool:
        return self.decay.type != DecayType.NONE and self.hundredths != 0

    def tenths(self, age: Any) -> Formula:
        """The line's points at this age; an unknown amount gives 0."""
        if self.rule.per is not None:
            exact = self._exact(age)
            return Formula("COALESCE(trunc({x} + sign({x}) * 0.5)::bigint, 0)", INTEGER, x=exact)
        if self.decay.type in (DecayType.NONE, DecayType.WINDOW):
            return self._while_in_window(age, to_tenths(self.rule.points))
        rounding = "floor({x} + 0.5::float8)::int" if self.hundredths >= 0 else "ceil({x} - 0.5::float8)::int"
        return Formula(rounding, INTEGER, x=self._exact(age))

    def _while_in_window(self, age: Any, points: Any) -> Formula:
        if self.decay.type == DecayType.WINDOW:
            return Formula(
                "CASE WHEN {age} < {days} THEN {points} ELSE 0 END",
                INTEGER,
                age=age,
                days=self.decay.days,
                points=points,
            )
        return Formula("{points}", INTEGER, points=points)

    def _exact(self, age: Any) -> Formula:
        """Tenths before rounding."""
        weight = (
            self.hundredths
            if self.rule.per is None
            else weighted(self.amount, self.hundredths, self.rule.per)
        )
        unit = 1 if self.rule.per is None else self.rule.per.unit
        parts = {"weight": weight, "unit": unit * 10, "days": self.decay.days, "age": age}
        match self.decay.type:
            case DecayType.LINEAR if self.rule.per is None:
                return Formula(
                    "({weight} * GREATEST({days} - {age}, 0))::float8 / ({unit} * {days})", FLOAT, **parts
                )
            case DecayType.LINEAR:
                return Formula("{weight} * GREATEST({days} - {age}, 0) / ({unit} * {days})", NUMERIC, **parts)
            case DecayType.HALF_LIFE if self.rule.per is None:
                return Formula(
                    "{weight} * power(0.5::float8, {age} / {days}::float8) / {unit}", FLOAT, **parts
                )
            case DecayType.HALF_LIFE:
                return Formula(
                    "{weight} * power(0.5::float8, {age} / {days}::float8)::numeric / {unit}",
                    NUMERIC,
                    **parts,
                )
            case _:
                undecayed = Formula("{weight} / {unit}", NUMERIC, **parts)
                return self._while_in_window(age, undecayed)

    def next_change(self, day: Any, age: Any) -> Formula:
        """The first date on which this line differs from today's; null when it never will."""
        return Formula(
            f"CASE WHEN {{k}} <> 0 THEN {{day}} + {self._lifetime()} END",
            DATE,
            k=self.tenths(age),
            day=day,
            days=self.decay.days,
            start=self._start(),
        )

    def _lifetime(self) -> str:
        """Days from the signal to the change: tenths stay k until the exact value is below k - 0.5."""
        match self.decay.type:
            case DecayType.WINDOW:
                return "{days}"
            case DecayType.LINEAR:
                return f"floor({{days}} * (1 - (abs({{k}}) - 0.5::float8) / {{start}}) + {TIE})::int + 1"
            case _:
                ratio = "{start} / (abs({k}) - 0.5::float8)"
                return f"floor({{days}} * ln({ratio}) / ln(2::float8) + {TIE})::int + 1"

    def _start(self) -> Formula:
        """The size of the line at age 0, in tenths before rounding."""
        if self.rule.per is None:
            return Formula("abs({weight}) / 10::float8", FLOAT, weight=self.hundredths)
        weight = weighted(self.amount, self.hundredths, self.rule.per)
        return Formula("abs({weight} / {unit})::float8", FLOAT, weight=weight, unit=self.rule.per.unit * 10)


def weighted(amount: Any, hundredths: int, per: Per) -> Formula:
    """Points in hundredths times the amount, held within what a line may be."""
    most = LARGEST_LINE * 10 * per.unit / max(abs(hundredths), 1)
    return Formula(
        "{points} * CASE WHEN {amount} IS NOT NULL"
        " THEN GREATEST(LEAST({amount}::numeric, {most}), -{most}) END",
        NUMERIC,
        points=hundredths,
        amount=amount,
        most=most,
    )


def age_on(day: Any) -> Formula:
    """Whole days from `day` to the date of the scoring, never below 0."""
    return Formula("GREATEST({as_of} - {day}, 0)", INTEGER, as_of=AS_OF, day=day)
