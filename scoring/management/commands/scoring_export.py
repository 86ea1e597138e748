"""`manage.py scoring_export ID`."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from scoring.definition import write_definition
from scoring.models import ScoringModel
from scoring.rows import load_definition


class Command(BaseCommand):
    help = "Print a scoring model in its JSON form."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", type=int)

    def handle(self, *, id: int, **_: Any) -> None:  # noqa: A002 (the argument's name)
        model = ScoringModel.objects.filter(pk=id).first()
        if model is None:
            raise CommandError(f"There is no scoring model {id}.")
        self.stdout.write(json.dumps(write_definition(load_definition(model)), ensure_ascii=False, indent=2))
