"""Two people start the same trial in the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from scoring.actions import import_model
from scoring.models import ScoringModel, Trial
from scoring.trials import start_backtest, start_fit, start_simulation
from tests.scoring.trials import MODEL

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    "start",
    [
        lambda model: start_simulation(model, by=None),
        lambda model: start_backtest(model, by=None),
        lambda model: start_fit(model.product_line, by=None),
    ],
    ids=["simulation", "backtest", "fit"],
)
def test_of_two_starts_at_once_one_begins_and_both_watch_it(admin, start):
    draft = import_model(MODEL, by=admin)
    together = Barrier(2)

    def begin(_):
        together.wait()
        try:
            return start(ScoringModel.objects.get(pk=draft.pk))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as two:
        first, second = two.map(begin, range(2))
    assert first == second == Trial.objects.get()
