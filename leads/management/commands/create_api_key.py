"""`manage.py create_api_key NAME --user USERNAME`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.refusals import Refusal
from leads.actions import create_api_key
from leads.models import User


class Command(BaseCommand):
    help = "Make a bearer key for the API and print it, once, alone on the last line."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="what the key is for; also the system of the external ids it brings")
        parser.add_argument("--user", required=True, help="the user name as whom the key acts")

    def handle(self, *, name: str, user: str, **_: Any) -> None:
        owner = User.objects.active().filter(username=user).first()
        if owner is None:
            raise CommandError(f"There is no active user “{user}”.")
        try:
            plain = create_api_key(name, owner, by=None)[1]
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stderr.write("Keep this key: it is shown only once.")
        self.stdout.write(plain)
