"""What won leads share, in sentences for people who sell."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from leads import formats
from reports.findings.words import counted
from reports.likeness import Fit, Trait
from reports.profile import Profile


def profile_finding(report: Profile) -> SafeString:
    """The ideal customer in one sentence, and how many open leads are like it."""
    if not report.traits:
        nothing = "Nothing that is known of a lead before its outcome sets won leads apart."
        return format_html("<b>No trait is clear.</b> {}", nothing)
    if not report.fit:
        nothing = "nothing that says who a lead is speaks for winning."
        return format_html("<b>There is no ideal customer</b>: {}", nothing)
    return format_html("{} {}", ideal_sentence(report.fit), fit_sentence(report.fit))


def ideal_sentence(fit: Fit) -> SafeString:
    """The criteria with their values."""
    parts = [
        f"{criterion.label} {_or([trait.value for trait in criterion.traits])}" for criterion in fit.criteria
    ]
    return format_html("<b>The ideal customer</b>: {}.", "; ".join(parts))


def fit_sentence(fit: Fit) -> str:
    """How many open leads are like it, and what that means."""
    criteria = len(fit.criteria)
    meets = "it" if criteria == 1 else f"at least {fit.least} of these {criteria}"
    verb = "meets" if fit.fits == 1 else "meet"
    return f"{formats.count(fit.fits)} of {counted(fit.open, 'open lead')} {verb} {meets}."


def trait_sentence(trait: Trait) -> SafeString:
    """Mining is 2.3 times as frequent among won leads: 34 % of won against 15 % of lost, 41 leads."""
    side = "won" if trait.speaks_for else "lost"
    return format_html(
        "<b>{}: {}</b> {} {} leads: {} of won against {} of lost, {}.",
        trait.label,
        trait.value,
        f"is {trait.times:.1f} times as frequent among" if trait.times else "occurs only among",
        side,
        formats.share(trait.of_won),
        formats.share(trait.of_lost),
        counted(trait.leads, "lead"),
    )


def missing_sentence(report: Profile) -> str:
    """How much history is still needed."""
    parts = [
        f"{counted(number, f'more {word} lead')}"
        for number, word in zip(report.missing, ("won", "lost"), strict=True)
        if number
    ]
    return f"It takes {' and '.join(parts)} before anything can be said with confidence."


def _or(values: list[str]) -> str:
    return values[0] if len(values) == 1 else f"{', '.join(values[:-1])} or {values[-1]}"
