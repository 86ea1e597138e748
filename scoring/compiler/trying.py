"""The statements that try a draft: against the scores that are stored, and on leads as they once stood."""

from collections.abc import Sequence

from config.prepared import Parameter
from scoring.compiler.expressions import BIGINT, INTEGER, Column
from scoring.compiler.leads import Facts, known_part
from scoring.compiler.parts import Part, Statement, assemble, select, text
from scoring.compiler.past import past_parts
from scoring.compiler.plan import Plan
from scoring.compiler.statement import score_parts
from scoring.compiler.storing import Version, banded_parts, firing_parts
from scoring.fields import Field

TRIAL = Parameter("trial", "bigint", BIGINT)
STEP = Parameter("step", "int", INTEGER)

MOVED = """
    INSERT INTO scoring_simulatedmove
           (trial_id, lead_id, before_id, after_id, total_before, total_after, fires)
    SELECT {trial}, fired.lead_key, fired.band_before, fired.band_id, before.total, fired.total, fired.crosses
    FROM fired LEFT JOIN before ON before.lead_id = fired.lead_key
    WHERE fired.band_id IS DISTINCT FROM fired.band_before
"""
# What is counted: bands and steps of five points before and after, and what would be news.
COUNTED = """
    SELECT fired.band_before, fired.band_id, fired.state_before, fired.state,
           LEAST(before.total / 5, 19) AS step_before, LEAST(fired.total / 5, 19) AS step_after,
           fired.crosses, fired.qualified_by IS NOT NULL AS qualifies, count(*)
    FROM fired LEFT JOIN before ON before.lead_id = fired.lead_key
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
"""


def simulating_statement(plan: Plan, version: Version) -> Statement:
    """What publishing would change in the leads asked for: notes the moves, answers the counts."""
    parts = [*score_parts(plan), *firing_parts(plan, version), text("moved", MOVED, trial=TRIAL)]
    return assemble(parts, COUNTED)


def cutting_statement(plan: Plan, version: Version) -> Statement:
    """Leads as they stood: total, band entered then, and of every `step`-th what each rule was worth."""
    worths = ", ".join(f'worths."{rule.worth}"' for rule in plan.rules)
    sampled = text(
        "sampled",
        f"SELECT worths.lead_key, ARRAY[{worths}]::int[] AS points FROM worths "
        "WHERE worths.lead_key % {step} = 0",
        step=STEP,
    )
    return assemble(
        [*past_parts(plan.named), *score_parts(plan), *banded_parts(plan, version), sampled],
        "SELECT scored.lead_key, scored.total, scored.band_id, sampled.points "
        "FROM scored LEFT JOIN sampled ON sampled.lead_key = scored.lead_key",
    )


def holding_statement(plan: Plan, before: Sequence[Part]) -> Statement:
    """For each lead asked for, which rules give it points, as an array of truths in the rules' order."""
    truths = ", ".join(f'worths."{rule.worth}" IS NOT NULL' for rule in plan.rules)
    return assemble(
        [*before, *score_parts(plan)], f"SELECT worths.lead_key, ARRAY[{truths}]::boolean[] FROM worths"
    )


def matching_statement(plan: Plan, final: str) -> Statement:
    """`final` over the part `matched`: each lead asked for, and in how many groups a rule holds today."""
    facts = Facts(plan)
    known = known_part(plan, facts)
    worths = [", ".join(f"known.{rule.worth}" for rule in group.rules) for group in plan.groups]
    held = " + ".join(f"(COALESCE({columns}) IS NOT NULL)::int" for columns in worths)
    matched = text("matched", f"SELECT known.lead_key, {held} AS matches FROM known")
    return assemble([facts.part(), known, matched], final)


def values_statement(plan: Plan, fields: Sequence[Field], before: Sequence[Part]) -> Statement:
    """The values of fields, one row for each lead asked for, or for each of its people; the lead first."""
    facts = Facts(plan)
    columns = {f"v{place}": facts.read(field, field.type) for place, field in enumerate(fields)}
    read = select("read", {"lead_key": Column("facts", "lead_key"), **columns}, "facts")
    return assemble([*before, facts.part(), read], "SELECT * FROM read")
