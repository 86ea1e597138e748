"""What a move costs, and a board on which ten thousand deals stand."""

from django.db import connection
from django.test import Client
from django.urls import reverse

from benchmarks.measuring import seconds, statements
from benchmarks.pages import MOST_STATEMENTS
from benchmarks.results import Table
from leads.models import User
from pipeline.actions import move_deal
from pipeline.models import Deal, Stage

ON_BOARD = 10_000
KILOBYTE = 1_000
PLACE = """
WITH stages AS (
    SELECT id, row_number() OVER (ORDER BY "order") - 1 AS place, count(*) OVER () AS many
    FROM pipeline_stage WHERE removed_at IS NULL AND pipeline_id = (SELECT min(id) FROM pipeline_pipeline)
), chosen AS (
    SELECT id FROM leads_lead WHERE outcome = 'open' ORDER BY id LIMIT %s
), working AS (
    UPDATE leads_lead SET status = 'working' WHERE id IN (SELECT id FROM chosen)
)
UPDATE pipeline_deal SET stage_id = stages.id, entered_at = now(), stage_entered_at = now(), value = 1000
FROM chosen, stages WHERE lead_id = chosen.id AND stages.place = chosen.id %% stages.many
"""


def measure_moves(table: Table) -> None:
    """A move with history, confidence and news; then the board, whole and by its next cards."""
    fill_board()
    admin = User.objects.get(username="admin")
    deal = Deal.objects.in_pipeline().select_related("stage").order_by("pk")[0]
    ahead = Stage.objects.current().filter(pipeline=deal.stage.pipeline_id).exclude(pk=deal.stage_id)
    to, back = ahead[0], deal.stage
    table.add("statements of a move", statements(lambda: move_deal(deal, to=to, by=admin)), "", 15)
    table.add("a move and back", seconds(lambda: _there_and_back(deal, to, back, admin)) * 1_000, "ms")
    measure_board(table, admin)


def fill_board() -> None:
    """Have ten thousand open deals stand in the stages of the first pipeline, as many in each."""
    with connection.cursor() as cursor:
        cursor.execute(PLACE, [ON_BOARD])
        cursor.execute("ANALYZE leads_lead, pipeline_deal")


def measure_board(table: Table, admin: User) -> None:
    """First paint and further cards, as somebody who sees every deal."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(admin)
    count = Deal.objects.in_pipeline().count()
    stage = Stage.objects.current().order_by("pipeline", "order")[0]
    places = {
        f"board of {count:,} deals": reverse("pipeline:board"),
        "its next cards": f"{reverse('pipeline:cards', args=[stage.pk])}?start=12",
    }
    for name, address in places.items():
        answer = client.get(address)
        table.add(f"{name}: size", len(answer.content) / KILOBYTE, "KB", 300)
        table.add(f"{name}: statements", statements(lambda at=address: client.get(at)), "", MOST_STATEMENTS)  # type: ignore[misc]
        table.add(f"{name}: time", seconds(lambda at=address: client.get(at)) * 1_000, "ms")  # type: ignore[misc]


def _there_and_back(deal: Deal, to: Stage, back: Stage, by: User) -> None:
    move_deal(deal, to=to, by=by)
    move_deal(deal, to=back, by=by)
