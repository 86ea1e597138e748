"""`manage.py rescore [--lead ID …]`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from scoring.actions import rescore_all, rescore_leads
from scoring.models import LeadScore, RunStatus
from scoring.pending import drain_scores
from scoring.runs import finish_run


class Command(BaseCommand):
    help = "Score leads again, all of them or those named, and wait until it is done."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--lead", type=int, action="append", default=[], dest="leads", metavar="ID")

    def handle(self, *, leads: list[int], **_: Any) -> None:
        if leads:
            self.rescore(set(leads))
        else:
            self.rescore_all()

    def rescore(self, leads: set[int]) -> None:
        missing = leads - set(LeadScore.objects.filter(pk__in=leads).values_list("pk", flat=True))
        if missing:
            raise CommandError(f"There is no lead {', '.join(map(str, sorted(missing)))}.")
        drain_scores(leads)
        changed = rescore_leads(leads)
        drain_scores(leads)
        self.stdout.write(f"{len(leads):,} leads scored, {changed:,} scores changed.")

    def rescore_all(self) -> None:
        run = finish_run(rescore_all(by=None))
        if run.status != RunStatus.DONE:
            raise CommandError(f"The run failed: {run.error}")
        drain_scores()
        self.stdout.write(f"{run.done:,} leads scored, {run.changed:,} scores changed.")
