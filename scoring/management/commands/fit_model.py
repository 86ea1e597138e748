"""`manage.py fit_model --product-line NAME [--ignore FIELD …] [--order-by FIELD] [--out draft.json]`."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.refusals import Refusal
from leads.models import ProductLine
from scoring.trials import finish_trial, start_fit


class Command(BaseCommand):
    help = "Fit a model to the closed leads of a product line; prints the figures as JSON and stores nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--product-line", required=True, metavar="NAME")
        parser.add_argument("--ignore", nargs="+", action="extend", default=[], metavar="FIELD")
        parser.add_argument("--order-by", metavar="FIELD", help="what tells older leads from newer ones")
        parser.add_argument("--out", type=Path, metavar="FILE", help="the draft, for scoring_import")

    def handle(
        self, *, product_line: str, ignore: list[str], order_by: str | None, out: Path | None, **_: Any
    ) -> None:
        line = ProductLine.objects.filter(name__iexact=product_line).first()
        if line is None:
            raise CommandError(f"There is no product line “{product_line}”.")
        try:
            trial = finish_trial(start_fit(line, by=None, ignore=ignore, order=order_by, stores=False))
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        found = trial.result or {}
        trial.delete()
        definition, _shares = found.pop("definition", None), found.pop("shares", None)
        if out and definition:
            out.write_text(json.dumps(definition, indent=2, ensure_ascii=False), encoding="utf-8")
        self.stdout.write(json.dumps(found, indent=2, ensure_ascii=False))
