"""`manage.py apply_decay`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from scoring.models import RunKind, RunStatus
from scoring.pending import drain_scores
from scoring.runs import finish_run, start_run


class Command(BaseCommand):
    help = (
        "Rescore the leads whose scores time has changed; any number of missed days is caught up in one run."
    )

    def handle(self, **_: Any) -> None:
        run = finish_run(start_run(RunKind.DECAY, by=None))
        if run.status != RunStatus.DONE:
            raise CommandError(f"The run failed: {run.error}")
        drain_scores()
        self.stdout.write(f"{run.done:,} leads rescored, {run.changed:,} scores changed.")
