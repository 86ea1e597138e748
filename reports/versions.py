"""Before and after a scoring model went live: what became of the leads that entered then."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import floor

from django.db.models import Count, F, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from leads.models import User
from leads.models.leads import Outcome
from leads.organisation import local_date
from pipeline.models import Deal
from reports.comparison import Contrast, Share
from reports.cycles import days_taken
from reports.outcomes import Ended, Outcomes, outcomes_of
from reports.periods import DAY
from reports.places import Place
from reports.scope import Scope
from scoring.models import ScoringModel

MOST_VERSIONS = 12  # versions compared at once, the newest
SHORTEST = 7  # days of a window that is worth comparing
NOTABLE = 0.1  # of all leads, from which a shift between sources is worth its words
NO_SOURCE = "no source"

Line = int | None  # the id of a product line; None for the default or no product line


@dataclass(frozen=True)
class Entered(Ended):
    """Deals of one product line and source that entered between two neighbouring moments."""

    place: int = 0
    line: Line = None
    source: str = ""


@dataclass(frozen=True)
class Side:
    """The leads that entered the pipeline in a window, and what became of them since."""

    start: datetime
    end: datetime
    entered: int
    open: int
    outcomes: Outcomes
    sources: Counter[str]


@dataclass(frozen=True)
class Shift:
    """A source whose share of the leads was another after than before."""

    source: str
    before: float
    after: float


@dataclass(frozen=True)
class Window:
    """As many days before as after a version went live."""

    model: ScoringModel
    began: datetime
    days: int
    old_enough_on: date | None  # for the shortest window; None where another version was too near
    others: list[ScoringModel]  # of other product lines, that went live within these days
    own: frozenset[int]  # product lines that had a version of their own then

    @property
    def is_long_enough(self) -> bool:
        return self.days >= SHORTEST

    @property
    def start(self) -> datetime:
        return self.began - self.days * DAY

    @property
    def end(self) -> datetime:
        return self.began + self.days * DAY

    def concerns(self, line: Line) -> bool:
        """Whether the version scores the leads of this product line."""
        own = self.model.product_line_id
        return line == own if own else line not in self.own


@dataclass(frozen=True)
class BeforeAfter:
    """A version with both sides of the day on which it went live; they are None while it is too young."""

    window: Window
    before: Side | None
    after: Side | None

    @property
    def win_rate(self) -> Contrast | None:
        """Won of those won or lost, after (ours) against before (theirs)."""
        if not (self.before and self.after):
            return None
        after, before = self.after.outcomes, self.before.outcomes
        return Contrast("Win rate", Share(after.won, after.closed), Share(before.won, before.closed))

    @property
    def shift(self) -> Shift | None:
        """The source whose share changed most, if that is notable."""
        if not (self.before and self.after and self.before.entered and self.after.entered):
            return None
        before, after = self.before, self.after
        shifts = [
            Shift(source, before.sources[source] / before.entered, after.sources[source] / after.entered)
            for source in sorted(before.sources | after.sources)
        ]
        widest = max(shifts, key=lambda shift: abs(shift.after - shift.before))
        return widest if abs(widest.after - widest.before) >= NOTABLE else None


def compare_versions(user: User, scope: Scope, windows: Sequence[Window]) -> list[BeforeAfter]:
    """What became of the leads of each window, from one statement for all of them."""
    bounds = sorted({moment for window in windows if window.is_long_enough for moment in _moments(window)})
    cells = _entered(user, scope, bounds) if bounds else []
    return [
        BeforeAfter(
            window,
            _side(cells, bounds, window, window.start, window.began),
            _side(cells, bounds, window, window.began, window.end),
        )
        if window.is_long_enough
        else BeforeAfter(window, None, None)
        for window in windows
    ]


def published_versions() -> list[ScoringModel]:
    """Every version that is or was live, the newest first."""
    versions = ScoringModel.objects.exclude(active_from=None)
    return list(versions.select_related("product_line").order_by("-active_from", "-pk"))


def window_of(
    model: ScoringModel, published: Iterable[ScoringModel], *, longest: int, maturity: int | None
) -> Window:
    """As long as asked, if no other version of its line went live within it and it ended long enough ago.

    `maturity` is the age in days from which a deal counts; None, as long as nothing has closed.
    """
    began = _began(model)
    rest = [other for other in published if other != model]
    nearest = min(
        (abs(_began(other) - began) for other in rest if other.product_line_id == model.product_line_id),
        default=longest * DAY,
    )
    age = timezone.now() - began - (maturity or 0) * DAY
    days = 0 if maturity is None else max(0, min(longest, floor(nearest / DAY), floor(age / DAY)))
    reach = days * DAY
    return Window(
        model=model,
        began=began,
        days=days,
        old_enough_on=_old_enough_on(began, maturity) if nearest >= SHORTEST * DAY else None,
        others=[
            other
            for other in rest
            if other.product_line_id != model.product_line_id and abs(_began(other) - began) < reach
        ],
        own=frozenset(
            other.product_line_id
            for other in rest
            if other.product_line_id and _began(other) < began + reach and _ended_after(other, began - reach)
        ),
    )


def entered_between(scope: Scope, window: Window, *, after: bool) -> Q:
    """The condition of deals that entered before, or after, the version of a window went live."""
    start, end = (window.began, window.end) if after else (window.start, window.began)
    line = window.model.product_line_id
    concerned = Q(lead__product_line=line) if line else ~Q(lead__product_line__in=window.own)
    return scope.condition() & Q(entered_at__gte=start, entered_at__lt=end) & concerned


def _moments(window: Window) -> tuple[datetime, datetime, datetime]:
    return window.start, window.began, window.end


def _began(model: ScoringModel) -> datetime:
    assert model.active_from, "only of versions that went live"
    return model.active_from


def _ended_after(model: ScoringModel, moment: datetime) -> bool:
    return model.active_to is None or model.active_to > moment


def _old_enough_on(began: datetime, maturity: int | None) -> date | None:
    return None if maturity is None else local_date(began + (SHORTEST + maturity) * DAY)


def _entered(user: User, scope: Scope, bounds: Sequence[datetime]) -> list[Entered]:
    """Every deal stands between two neighbouring bounds, so that windows may overlap."""
    deals = Deal.objects.visible_to(user).filter(
        scope.condition(), entered_at__gte=bounds[0], entered_at__lt=bounds[-1]
    )
    alike = deals.order_by().values(
        outcome=F("lead__outcome"),
        days=days_taken(),
        filled=F("scores_filled_later"),
        place=Place("entered_at", bounds),
        line=F("lead__product_line"),
        source=Coalesce("lead__source__name", Value(NO_SOURCE)),
    )
    return [Entered(**row) for row in alike.annotate(deals=Count("pk"))]


def _side(
    cells: Iterable[Entered], bounds: Sequence[datetime], window: Window, start: datetime, end: datetime
) -> Side:
    first, last = bounds.index(start) + 1, bounds.index(end)
    held = [cell for cell in cells if first <= cell.place <= last and window.concerns(cell.line)]
    sources: Counter[str] = Counter()
    for cell in held:
        sources[cell.source] += cell.deals
    return Side(
        start=start,
        end=end,
        entered=sources.total(),
        open=sum(cell.deals for cell in held if cell.outcome == Outcome.OPEN),
        outcomes=outcomes_of(held),
        sources=sources,
    )
