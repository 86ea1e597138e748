"""Rows without which nothing is scored; created after every migration when they are missing."""

import json
from pathlib import Path

from django.apps import AppConfig
from django.db import transaction

from leads.roles import grant_administrators
from scoring.actions import import_model, publish_model
from scoring.models import Band, Lane, ScoringModel

DEFAULT_MODEL = Path(__file__).with_name("default_model.json")
BANDS = [
    ("hot", "Hot", Lane.PERSONAL, True),
    ("warm", "Warm", Lane.PERSONAL, False),
    ("cold", "Cold", Lane.AUTOMATED, False),
    ("dead", "Dead", Lane.NONE, False),
]


def create_defaults(sender: AppConfig, **_: object) -> None:
    """Receiver of `post_migrate`: the four bands and a first model for every lead."""
    grant_administrators(sender.label)
    if not Band.objects.exists():
        Band.objects.bulk_create(
            Band(key=key, name=name, lane=lane, colour=key, order=order, qualifies=qualifies)
            for order, (key, name, lane, qualifies) in enumerate(BANDS, start=1)
        )
    if not ScoringModel.objects.exists():
        document = json.loads(DEFAULT_MODEL.read_text(encoding="utf-8"))
        with transaction.atomic():
            publish_model(import_model(document, by=None), by=None)
