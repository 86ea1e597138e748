"""Fill an empty database with an invented company's last twelve months."""

from argparse import ArgumentParser
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from leads.models import Lead
from leads.organisation import today
from pipeline.actions import drain_confidence, drain_routing
from pipeline.demo.seed import play
from pipeline.demo.setting import ask_for_facts, set_scene
from pipeline.demo.story import Story, tell_story
from scoring.history import replay
from scoring.models import ScoreDay
from scoring.pending import drain_scores
from scoring.trials import finish_trial, start_outdated_profiles

YEAR = timedelta(days=365)
CURVE = timedelta(days=90)


class Command(BaseCommand):
    help = "Fill an empty database with twelve months of invented history that end today."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--leads", type=int, default=600)
        parser.add_argument("--activities", type=int, default=6_000, help="about so many in all")
        parser.add_argument("--seed", type=int, default=14)
        parser.add_argument("--once", action="store_true", help="do nothing when there are leads already")

    def handle(self, *, leads: int, activities: int, seed: int, once: bool, **_: Any) -> None:
        if leads < 1 or activities < 0:
            raise CommandError("Give at least one lead, and no negative number of activities.")
        if Lead.objects.exists():
            if not once:
                raise CommandError("There are leads already. Demo data goes into an empty database only.")
        else:
            self.stdout.write("Loading demo data, once …")
            self.fill(leads, activities, Random(seed))  # noqa: S311 (dice for invented leads)
            self.stdout.write(f"Loaded {Lead.objects.count():,} leads of an invented company.")
        if not ScoreDay.objects.filter(day__lt=today()).exists():  # new, or broken off before this
            self.score()

    @transaction.atomic
    def fill(self, leads: int, activities: int, random: Random) -> None:
        """Everything that people would have entered, or nothing when it breaks off."""
        now = timezone.now()
        call_command("create_demo_users", verbosity=0)
        owners = set_scene()
        stories = tell_stories(random, leads=leads, activities=activities, now=now)
        for _ in play(stories, owners, random, now):
            pass
        ask_for_facts()

    def score(self) -> None:
        """What the engine makes of it: today, and for the curves of the last 90 days."""
        drain_scores()
        replay(first=today() - CURVE, last=today() - timedelta(days=1))
        drain_routing()
        drain_confidence()
        for profile in start_outdated_profiles():
            finish_trial(profile)


def tell_stories(random: Random, *, leads: int, activities: int, now: datetime) -> list[Story]:
    """As many as wanted, over the last year."""
    each = round(activities / leads)
    return [
        tell_story(random, number=number, begins=now - YEAR, now=now, activities=each)
        for number in range(leads)
    ]
