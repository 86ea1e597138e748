"""`manage.py scoring_import FILE.json [--publish]`."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.refusals import Refusal
from scoring.actions import import_model, publish_model
from scoring.definition import FaultyDefinition
from scoring.definition.positions import line_of, path_lines
from scoring.models import ScoringModel
from scoring.runs import finish_run


class Command(BaseCommand):
    help = "Import a scoring model from its JSON form as a draft, and on demand publish it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--publish", action="store_true", help="put it live and score all leads with it")

    def handle(self, *, file: Path, publish: bool, **_: Any) -> None:
        model = import_file(file)
        self.stdout.write(f"Imported {model} as draft {model.pk}.")
        if publish:
            self.publish(model)

    def publish(self, model: ScoringModel) -> None:
        try:
            run = finish_run(publish_model(model, by=None))
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(f"Published {model}: {run.done:,} leads scored, {run.changed:,} scores changed.")


def import_file(file: Path) -> ScoringModel:
    """A draft from a file; everything that is wrong with it becomes one error with line numbers."""
    try:
        text = file.read_text(encoding="utf-8-sig")
        return import_model(json.loads(text), by=None)
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{file} is not encoded as UTF-8.") from error
    except RecursionError as error:
        raise CommandError(f"{file} is nested too deeply.") from error
    except json.JSONDecodeError as error:
        raise CommandError(f"{file}, line {error.lineno}: this is no JSON: {error.msg}.") from error
    except FaultyDefinition as error:
        lines = path_lines(text)
        faults = (f"  line {line_of(fault.path, lines)}, {fault}" for fault in error.faults)
        raise CommandError("\n".join([f"{file} is refused, and nothing is stored:", *faults])) from error
