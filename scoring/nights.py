"""The nights of decay: what the last one did, and which did not happen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Min
from django.utils import timezone

from leads.organisation import local_date, local_midnight, today
from scoring.models import RunKind, RunStatus, ScoringModel, ScoringRun

PATIENCE = timedelta(hours=3)  # after midnight; beat asks every hour
NEWS = "decay_missed"


@dataclass(frozen=True, slots=True)
class Nights:
    """The last run that ended, and how many nights since then had none; tonight counts after 3 o'clock."""

    last: ScoringRun | None
    missed: int

    @property
    def sentence(self) -> str:
        """What an administrator should know; empty when all is well."""
        if not self.missed:
            return ""
        since = f"since {self.last.as_of:%d %b %Y}" if self.last else "since the first model went live"
        nights = "night" if self.missed == 1 else "nights"
        return (
            f"Decay has not run for {self.missed} {nights}, {since}, so scores may be too high. Look whether "
            "the scheduler and the workers run; one run makes up for all nights."
        )


def nights() -> Nights:
    """How decay stands now. Two queries at most."""
    last, day = last_night(), today()
    is_early = timezone.now() < local_midnight(day) + PATIENCE
    return Nights(last, missed_before(day if is_early else day + timedelta(days=1), last))


def last_night() -> ScoringRun | None:
    """The last run of decay that ended well."""
    done = ScoringRun.objects.filter(kind=RunKind.DECAY, status=RunStatus.DONE)
    return done.order_by("-as_of", "-pk").first()


def missed_before(day: date, last: ScoringRun | None) -> int:
    """Nights without a run between the last one, or the first publication, and a day, itself not counted."""
    began = last.as_of if last else _first_live()
    return max(0, (day - began).days - 1) if began else 0


def has_run(day: date) -> bool:
    """Whether decay ran for this day, or is at it."""
    return ScoringRun.objects.filter(kind=RunKind.DECAY, as_of=day).exclude(status=RunStatus.FAILED).exists()


def _first_live() -> date | None:
    first = ScoringModel.objects.aggregate(first=Min("active_from"))["first"]
    return local_date(first) if first else None


def told(_: str, payload: Mapping[str, object]) -> str:
    """The news of an announcement."""
    return in_words(int(str(payload["missed"])))


def in_words(missed: int) -> str:
    """For those who are told after the event."""
    how_many = "one night" if missed == 1 else f"{missed} nights"
    return f"Decay did not run for {how_many}; the run of today makes up for it."
