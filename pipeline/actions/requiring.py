"""What a stage asks for is there, or a manager waives it with a note."""

from collections.abc import Iterable
from dataclasses import dataclass

from config.refusals import Refusal
from leads.models import User
from pipeline.models import Deal, Stage
from pipeline.requirements import Lacking, in_words, missing

WAIVE = "pipeline.waive_requirements"


class RequirementsMissing(Refusal):
    """The stage asks for something that the deal does not have yet."""


class MayNotWaive(Refusal):
    """Only managers let a deal pass without what its stage asks for."""


@dataclass(frozen=True)
class Waiver:
    """What was missing, in words, and why it was waived."""

    missing: list[str]
    note: str


def check_requirements(
    deal: Deal, stage: Stage, lacking: Iterable[Lacking], *, note: str, by: User | None
) -> Waiver | None:
    """Refuse what is missing on the way to the stage, unless somebody who may do so says why not."""
    lacking = missing(lacking, deal.stage, stage)
    if not lacking:
        return None
    if not note.strip():
        raise RequirementsMissing(f"{deal.lead} needs this to reach {stage}: {in_words(lacking)}.")
    if by is None or not by.has_perm(WAIVE):
        raise MayNotWaive(f"Only a manager moves {deal.lead} to {stage} without: {in_words(lacking)}.")
    return Waiver([str(asked) for asked in lacking], note.strip())
