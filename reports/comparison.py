"""Two funnels side by side, and how likely their difference is chance. Pure."""

from dataclasses import dataclass
from functools import cached_property

from reports.funnel import Funnel, FunnelQuery
from scoring.statistics import chance_of_equal_shares, wilson

OURS, THEIRS = "ours", "theirs"
RARE = 0.05
LEAST = 5  # of those that went on, and of those that did not, that chance would give each side


@dataclass(frozen=True)
class Against:
    """What a funnel is compared with, and what both sides are called."""

    own_name: str
    name: str
    query: FunnelQuery


@dataclass(frozen=True)
class Share:
    """A part of a whole."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        return self.part / self.whole if self.whole else None

    @property
    def bounds(self) -> tuple[float, float] | None:
        """Its 95 % interval (Wilson 1927)."""
        return wilson(self.part, self.whole) if self.whole else None


@dataclass(frozen=True)
class Contrast:
    """The same share on both sides."""

    name: str
    ours: Share
    theirs: Share
    stage: str = ""  # the key of the stage from which it advanced, if of one

    @property
    def sides(self) -> list[tuple[str, Share]]:
        """Both, by the names that they have in addresses."""
        return [(OURS, self.ours), (THEIRS, self.theirs)]

    @property
    def is_sure(self) -> bool:
        """One difference in twenty is as large by chance alone; a rarer one is worth a word."""
        return self.chance is not None and self.chance < RARE

    @property
    def difference(self) -> float | None:
        """Ours less theirs."""
        if self.ours.value is None or self.theirs.value is None:
            return None
        return self.ours.value - self.theirs.value

    @property
    def chance(self) -> float | None:
        """How likely a difference of this size is by chance; None with too few to tell.

        The test of two proportions holds where each side can expect five of either kind.
        """
        ours, theirs = self.ours, self.theirs
        whole = ours.whole + theirs.whole
        part = ours.part + theirs.part
        rarer, smaller = min(part, whole - part), min(ours.whole, theirs.whole)
        if not whole or rarer * smaller < LEAST * whole:
            return None
        return chance_of_equal_shares(ours.part, ours.whole, theirs.part, theirs.whole)


@dataclass(frozen=True)
class Comparison:
    """Our funnel and theirs, of the same pipeline."""

    against: Against
    ours: Funnel
    theirs: Funnel

    @property
    def sides(self) -> list[tuple[str, Funnel]]:
        """Both, by the names that they have in addresses."""
        return [(OURS, self.ours), (THEIRS, self.theirs)]

    @cached_property
    def stages(self) -> list[Contrast]:
        """Of those that entered each stage, how many advanced."""
        return [
            Contrast(
                one.name, Share(one.advanced, one.entered), Share(other.advanced, other.entered), one.stage
            )
            for one, other in zip(self.ours.stages, self.theirs.stages, strict=True)
        ]

    @cached_property
    def won_of_entered(self) -> Contrast:
        return Contrast(
            "Won of entered",
            Share(self.ours.won, self.ours.entered),
            Share(self.theirs.won, self.theirs.entered),
        )

    @cached_property
    def win_rate(self) -> Contrast:
        return Contrast(
            "Win rate", Share(self.ours.won, self.ours.closed), Share(self.theirs.won, self.theirs.closed)
        )

    @cached_property
    def still_open(self) -> Contrast:
        return Contrast(
            "Still open",
            Share(self.ours.open, self.ours.entered),
            Share(self.theirs.open, self.theirs.entered),
        )

    @property
    def contrasts(self) -> list[Contrast]:
        """All shares, those of the stages first."""
        return [*self.stages, self.won_of_entered, self.win_rate]

    @property
    def widest(self) -> Contrast | None:
        """The stage whose conversions differ most, among those where that is hardly chance."""
        sure = [stage for stage in self.stages if stage.is_sure]
        return max(sure, key=lambda stage: abs(stage.difference or 0), default=None)
