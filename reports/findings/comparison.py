"""How two funnels differ, and how likely that is chance, in plain words."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from leads import formats
from reports.comparison import Comparison, Contrast

HARDLY = 0.01
UNLIKE = 0.1  # of the deals: a difference in what is still open that makes conversions unlike


def comparison_finding(comparison: Comparison) -> SafeString:
    """Which side wins more of what it closed, and where they differ most."""
    rate = comparison.win_rate
    if rate.difference is None:
        return format_html("<b>{}</b> {}", "There is no win rate to compare:", "one side has closed nothing.")
    return format_html(
        "<b>{}: {} of the closed are won, {} for {}.</b> {}{}{}",
        comparison.against.own_name,
        formats.share(rate.ours.value, 1),
        formats.share(rate.theirs.value, 1),
        comparison.against.name,
        _judged(rate),
        _widest(comparison.widest),
        _caveat(comparison.still_open),
    )


def in_points(difference: float | None) -> str:
    """A difference of two shares: +8.1 points, −3.0 points."""
    if difference is None:
        return formats.NONE
    sign = formats.MINUS if round(difference, 3) < 0 else "+" if round(difference, 3) > 0 else ""
    return f"{sign}{abs(difference) * 100:.1f}"


def likelihood(contrast: Contrast) -> str:
    """How likely a difference of this size is by chance."""
    chance = contrast.chance
    if chance is None:
        return "too few to tell"
    if chance < HARDLY:
        return "hardly chance, under 1" + formats.NO_BREAK + "%"
    return f"{'unlikely' if contrast.is_sure else 'may well be'} chance, {formats.share(chance)}"


def _judged(rate: Contrast) -> str:
    return f"The difference of {in_points(rate.difference)} points: {likelihood(rate)}."


def _widest(stage: Contrast | None) -> SafeString | str:
    if not stage:
        return " At no stage do they differ by more than chance may bring."
    return format_html(
        " They differ most in <b>{}</b>: {} advanced against {}, {}.",
        stage.name,
        formats.share(stage.ours.value),
        formats.share(stage.theirs.value),
        likelihood(stage),
    )


def _caveat(still_open: Contrast) -> str:
    if abs(still_open.difference or 0) < UNLIKE:
        return ""
    ours, theirs = (formats.share(side.value) for side in (still_open.ours, still_open.theirs))
    return f" But {ours} against {theirs} are still open, and what is open may yet advance."
