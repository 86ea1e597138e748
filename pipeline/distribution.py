"""Decides lead by lead who gets it, in words: given what was read, without a further question. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pipeline.lanes import Choice, first_met, lane_of
from pipeline.models.assignments import How
from pipeline.models.routing import Part
from pipeline.routing import Candidate, CompanyOwner, Pool
from pipeline.turns import Place, Rep, Sharing, Turn, hindrances, take_turn
from scoring.models import Lane


@dataclass(frozen=True, slots=True)
class Given:
    """A rep gets the lead, perhaps with a second person."""

    candidate: Candidate
    user_id: int
    why: str
    how: str
    pool_id: int
    second_id: int | None = None
    circle: Sharing = ()


@dataclass(frozen=True, slots=True)
class Waiting:
    """Nobody can take the lead now."""

    candidate: Candidate
    why: str


@dataclass(frozen=True, slots=True)
class Nurtured:
    """A programme keeps the lead warm."""

    candidate: Candidate
    programme: Choice


Decision = Given | Waiting | Nurtured


@dataclass(slots=True)
class Distribution:
    """Leads dealt out one after the other; each changes whose turn is next."""

    pools: Sequence[Pool]
    programmes: Sequence[Choice]
    reps: Mapping[int, Rep]
    company_owners: dict[int, CompanyOwner]
    at: datetime

    def decide(self, candidate: Candidate) -> Decision | None:
        """None leaves the lead to nobody: its lane says so, or nothing is set up for it."""
        lane = lane_of(candidate.facts)
        if lane == Lane.PERSONAL and not candidate.is_resting:
            return self._for_a_person(candidate)
        programme = first_met(self.programmes, candidate.facts) if lane == Lane.AUTOMATED else None
        return Nurtured(candidate, programme) if programme else None

    def _for_a_person(self, candidate: Candidate) -> Decision | None:
        pool = next((pool for pool in self.pools if pool.choice.conditions.meets(candidate.facts)), None)
        if pool is None:
            return None
        owner = self._owner_of_company(candidate)
        if owner:
            owner.receive(candidate.expected)
            why = f"{candidate.band}. {owner.name} has other leads of {candidate.company}."
            return self._given(candidate, pool, owner, why, How.TOGETHER)
        turn = self._turn(pool, candidate, Part.OWNER)
        queue = pool.queue(Part.OWNER, candidate.facts.band_id, self.reps)
        if turn is None:
            return Waiting(candidate, _why_nobody(pool.choice.name, queue))
        turn.place.rep.receive(candidate.expected)
        why = _why_turn(pool.choice.name, candidate, turn, queue)
        given = self._given(candidate, pool, turn.place.rep, why, How.TURN)
        return replace(given, circle=turn.circle)

    def _owner_of_company(self, candidate: Candidate) -> Rep | None:
        known = self.company_owners.get(candidate.company_id) if candidate.company_id else None
        rep = self.reps.get(known.user_id) if known else None
        return rep if rep and rep.can else None

    def _turn(self, pool: Pool, candidate: Candidate, part: str, besides: Rep | None = None) -> Turn | None:
        queue = pool.queue(part, candidate.facts.band_id, self.reps)
        able = [place for place in queue if place.rep.can and place.rep is not besides]
        if not able:
            return None
        return take_turn(able, at=self.at)

    def _given(self, candidate: Candidate, pool: Pool, rep: Rep, why: str, how: str) -> Given:
        if candidate.company_id and candidate.company_id not in self.company_owners:
            self.company_owners[candidate.company_id] = CompanyOwner(rep.user_id, 1)
        second = self._second(pool, candidate, rep)
        if second:
            why += f" Large, so {second.name} helps."
        return Given(candidate, rep.user_id, why, how, pool.choice.number, second.user_id if second else None)

    def _second(self, pool: Pool, candidate: Candidate, rep: Rep) -> Rep | None:
        """Somebody to help with a large lead, in turn; helping fills nobody's list."""
        if not pool.choice.large.is_met(candidate.facts):
            return None
        turn = self._turn(pool, candidate, Part.SECOND, besides=rep)
        return turn.place.rep if turn else None

    def moved(self) -> Iterator[tuple[int, int, Place]]:
        """Pool, band and place of everybody who has had a share in the queues that were asked."""
        for pool in self.pools:
            for (_, band_id), queue in pool.queues.items():
                shared = (place for place in queue if place.received or place.credit)
                yield from ((pool.choice.number, band_id, place) for place in shared)


def _why_turn(pool: str, candidate: Candidate, turn: Turn, queue: Sequence[Place]) -> str:
    reason = "Qualified" if candidate.facts.is_qualified else candidate.band
    missing = hindrances(place.rep for place in queue)
    others = f" ({missing})" if missing else ""
    return f"{reason}. In turn in {pool} for {candidate.band.lower()} leads: {turn.reason}{others}."


def _why_nobody(pool: str, queue: Sequence[Place]) -> str:
    if not queue:
        return f"The pool {pool} has nobody who gets leads."
    return f"Nobody in {pool} can take a lead now: {hindrances(place.rep for place in queue)}."
