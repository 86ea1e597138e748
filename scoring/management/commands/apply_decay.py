"""`manage.py apply_decay`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from scoring.models import RunStatus
from scoring.nights import in_words
from scoring.pending import drain_scores
from scoring.runs import finish_run, start_decay


class Command(BaseCommand):
    help = (
        "Rescore the leads whose scores time has changed; any number of missed days is caught up in one run."
    )

    def handle(self, **_: Any) -> None:
        run = finish_run(start_decay())
        if run.status != RunStatus.DONE:
            raise CommandError(f"The run failed: {run.error}")
        drain_scores()
        self.stdout.write(
            f"{run.total:,} leads looked at, {run.changed:,} scores changed, {run.skipped:,} leads skipped."
        )
        if run.missed:
            self.stdout.write(in_words(run.missed))
