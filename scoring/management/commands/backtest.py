"""`manage.py backtest MODEL_ID [--precision 0.8] [--days-before N]`."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.refusals import Refusal
from scoring.models import ScoringModel
from scoring.trials import finish_trial, start_backtest
from scoring.trials.findings import printed


class Command(BaseCommand):
    help = "Test a version on closed leads as they stood before their outcome; prints the figures as JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("model", type=int, metavar="MODEL_ID")
        parser.add_argument("--precision", type=float, default=0.8, help="wished of a threshold, from 0 to 1")
        parser.add_argument(
            "--days-before", type=int, metavar="N", help="look at leads N days before their outcome"
        )

    def handle(self, *, model: int, precision: float, days_before: int | None, **_: Any) -> None:
        version = ScoringModel.objects.select_related("product_line").filter(pk=model).first()
        if version is None:
            raise CommandError(f"There is no scoring model {model}.")
        try:
            trial = start_backtest(version, by=None, days_before=days_before, precision=precision)
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(json.dumps(printed(finish_trial(trial)), indent=2, ensure_ascii=False))
