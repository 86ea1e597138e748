"""Closed leads as they stood before their outcome: which values they had, and which rules held for them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt

from leads.models import ActivityKind
from scoring.compiler.past import past_parts
from scoring.compiler.plan import Plan
from scoring.compiler.trying import holding_statement, values_statement
from scoring.definition.specs import GroupSpec, ModelSpec
from scoring.fields import Catalogue, Field
from scoring.learning.candidates import Candidate, candidates_of, may_be_learnt, order_key, signal_candidates
from scoring.models import BacktestedLead, GroupKind
from scoring.trials.backtesting import asked, leads_by_day

BATCH = 5_000  # leads in one statement
MOST_RULES = 200  # in one statement
MOST_LEADS = 20_000  # that are learnt from, the newest
NO_RULES = ModelSpec(name="", groups=())
Values = Mapping[str, list[set[Any]]]


@dataclass(frozen=True, slots=True)
class History:
    """Closed leads in order of time: ids, the day each is looked at, and whether it was won."""

    leads: tuple[int, ...]
    days: tuple[date, ...]
    is_won: npt.NDArray[np.bool_]
    catalogue: Catalogue

    def in_order(self, keys: Sequence[tuple[bool, float | str]]) -> "History":
        """Ordered by a key for each lead, rising; equal ones stay as they were."""
        order = sorted(range(len(self.leads)), key=lambda place: keys[place])
        return replace(
            self,
            leads=tuple(self.leads[place] for place in order),
            days=tuple(self.days[place] for place in order),
            is_won=self.is_won[order],
        )

    def batches(self) -> Iterator[dict[date, list[int]]]:
        """Lead ids by day, in parts that one statement takes."""
        for start in range(0, len(self.leads), BATCH):
            part = slice(start, start + BATCH)
            yield leads_by_day(zip(self.leads[part], self.days[part], strict=True))


def read_history(trial_id: int, catalogue: Catalogue) -> History:
    """The closed leads that a trial has noted."""
    rows = BacktestedLead.objects.filter(trial=trial_id).order_by("-place")
    found = list(rows.values_list("lead_id", "day", "is_won")[:MOST_LEADS])[::-1]
    leads, days, is_won = zip(*found, strict=True) if found else ((), (), ())
    return History(leads, days, np.array(is_won, dtype=bool), catalogue)


def read_values(history: History, fields: Sequence[Field]) -> Values:
    """By path, what each lead had: a set, for a lead may have several people."""
    before = list(past_parts([field.path for field in fields]))
    statement = values_statement(Plan(NO_RULES, history.catalogue), fields, before)
    places = {lead_id: place for place, lead_id in enumerate(history.leads)}
    values: Values = {field.path: [set() for _ in history.leads] for field in fields}
    for by_day in history.batches():
        for lead_id, *row in asked(statement, by_day):
            for field, value in zip(fields, row[-len(fields) :], strict=True):
                values[field.path][places[lead_id]].add(value)
    return values


def order_by(history: History, field: Field) -> History:
    """In order of time by a field of the leads."""
    values = read_values(history, [field])[field.path]
    return history.in_order([order_key(next(iter(found), None)) for found in values])


def find_candidates(history: History, *, among: int, left_out: Collection[str]) -> list[Candidate]:
    """The rules that the first `among` leads suggest, of every field that may be learnt and every signal."""
    fields = [field for field in history.catalogue.fields.values() if may_be_learnt(field, left_out)]
    values = read_values(history, fields)
    found = [item for field in fields for item in candidates_of(field, values[field.path][:among])]
    labels = ActivityKind.objects.filter(key__in=history.catalogue.signals).values_list("key", "label")
    return found + [item for item in signal_candidates(dict(labels)) if item.source not in left_out]


def hold(history: History, candidates: Sequence[Candidate]) -> npt.NDArray[np.bool_]:
    """For which leads (rows) which candidates (columns) give points, told by the statement that scores."""
    truths = np.zeros((len(history.leads), len(candidates)), dtype=bool)
    places = {lead_id: place for place, lead_id in enumerate(history.leads)}
    for start in range(0, len(candidates), MOST_RULES):
        part = candidates[start : start + MOST_RULES]
        # The plan numbers rules group by group.
        order = [
            place for signal in (False, True) for place, item in enumerate(part) if item.is_signal == signal
        ]
        plan = Plan(_model_of(part), history.catalogue)
        statement = holding_statement(plan, list(past_parts(plan.named)))
        columns = [start + place for place in order]
        for by_day in history.batches():
            for lead_id, held in asked(statement, by_day):
                truths[places[lead_id], columns] = held
    return truths


def _model_of(candidates: Sequence[Candidate]) -> ModelSpec:
    def group(kind: str, *, signals: bool) -> GroupSpec:
        rules = tuple(item.rule for item in candidates if item.is_signal == signals)
        return GroupSpec(name=kind, kind=kind, rules=rules, max=Decimal(100))

    groups = (group(GroupKind.FIT, signals=False), group(GroupKind.ENGAGEMENT, signals=True))
    return ModelSpec(name="Candidates", groups=groups)
