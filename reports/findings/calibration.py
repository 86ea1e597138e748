"""What calibration says: which stage is furthest off, and whether proposals foretell better."""

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString

from leads import formats
from pipeline.actions import Adoption
from reports.calibration import CalibratedStages, Calibration, StageCalibration
from reports.findings.words import counted
from reports.reliability import FEWEST


def worst_stage(report: CalibratedStages) -> StageCalibration | None:
    """The stage whose confidence misses its win rate by most, if by more than chance explains."""
    off = [row for row in report.stages if row.judged.entries >= FEWEST and row.judged.is_off]
    return max(off, key=lambda row: abs(row.judged.gap or 0), default=None)


def calibration_finding(report: CalibratedStages) -> SafeString:
    """The worst-calibrated stage with the evidence, or why none is named."""
    worst = worst_stage(report)
    if worst:
        return format_html("<b>{} is furthest off.</b> {}", worst.stage, evidence(worst))
    judged = [row for row in report.stages if row.judged.entries >= FEWEST]
    if judged:
        return format_html(
            "<b>No stage is off by more than chance explains</b>, among {} with {} closed deals or more.",
            counted(len(judged), "stage"),
            FEWEST,
        )
    most = max((row.judged.entries for row in report.stages), default=0)
    return format_html(
        "<b>Not enough data</b>: a stage needs {} closed deals, and none has more than {}.",
        FEWEST,
        formats.count(most),
    )


def evidence(row: StageCalibration) -> SafeString:
    """Mean confidence on entering, win rate, its interval, and how far apart they are."""
    low, high = row.judged.interval or (0.0, 1.0)
    gap = row.judged.gap or 0.0
    return format_html(
        "Deals entered it at {} on average, and <b>{} of {}</b> were won (95 % sure between {} and {}): "
        "<b>{} too {}</b>.",
        formats.share(row.judged.mean),
        formats.share(row.judged.win_rate),
        counted(row.judged.entries, "deal"),
        formats.share(low),
        formats.share(high),
        counted(round(abs(gap) * 100), "point"),
        "low" if gap > 0 else "high",
    )


def verdict_finding(report: Calibration) -> SafeString | None:
    """Whether proposals from the older deals foretold the newer ones better; None without newer ones."""
    verdict = report.verdict
    if verdict is None:
        return None
    if not any(row.verdict and row.verdict.proposed for row in report.stages):
        return format_html("<b>Not enough data</b>: no stage has {} older deals to propose from.", FEWEST)
    now, then = (f"{figure:.4f}" for figure in (verdict.now, verdict.then))
    if now == then:
        return format_html("<b>No difference</b>: the Brier score of the newer deals is {} either way.", now)
    return format_html(
        "<b>{}</b>: by what the older deals alone propose, {} newer entries have a Brier score of {} instead "
        "of {}.",
        "It would have foretold better" if verdict.change < 0 else "It would have foretold worse",
        formats.count(verdict.entries),
        then,
        now,
    )


def adopted(rows: Sequence[Adoption], report: Calibration, waiting: int) -> str:
    """What was changed, and how many open deals follow."""
    names = {row.stage.pk: row.stage.name for row in report.stages}
    changed = ", ".join(f"{names[row.stage_id]} {row.before} → {row.after} %" for row in rows)
    follow = "follows" if waiting == 1 else "follow"
    return f"Adopted: {changed}. {counted(waiting, 'open deal')} {follow} in the background."
