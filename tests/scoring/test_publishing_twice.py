"""Two people publish one draft in the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from scoring.actions import AlreadyPublished, import_model, publish_model
from scoring.models import ScoringModel, ScoringRun
from tests.definitions import MODEL

pytestmark = pytest.mark.django_db(transaction=True)


def test_publishing_twice_at_once_publishes_once(admin):
    draft = import_model(MODEL, by=admin)
    together = Barrier(2)

    def publish(note):
        together.wait()
        try:
            return publish_model(ScoringModel.objects.get(pk=draft.pk), by=admin, note=note)
        except AlreadyPublished as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as two:
        answers = list(two.map(publish, ["first", "second"]))
    [run] = [answer for answer in answers if isinstance(answer, ScoringRun)]
    [refused] = [answer for answer in answers if isinstance(answer, AlreadyPublished)]
    assert refused.sentence.endswith("is live already.")
    assert ScoringModel.objects.active().get(product_line=None).pk == draft.pk
    assert list(draft.runs.all()) == [run]
