"""The pages that people wait for, as an administrator who sees everything: statements and milliseconds."""

from django.test import Client
from django.urls import reverse

from benchmarks.measuring import seconds, statements
from benchmarks.results import Table
from leads.models import Lead, User

MOST_STATEMENTS = 12
MOST_OF_A_REPORT = 15  # at most 10 of the report; sign-in, settings, filters and saved views besides


def measure_pages(table: Table) -> None:
    """Triage, lead page, board, forecast and funnel, each after a first visit that warms templates up."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(username="admin"))
    lead = Lead.objects.in_triage().order_by("-score__total").values_list("pk", flat=True)[0]
    addresses = {
        "triage": reverse("leads:list"),
        "triage, second page": f"{reverse('leads:list')}?page=2",
        "triage, by text": f"{reverse('leads:list')}?q=First77",
        "lead page": reverse("leads:detail", args=[lead]),
        "board": reverse("pipeline:board"),
        "forecast": reverse("reports:forecast"),
        "funnel": reverse("reports:funnel"),
    }
    for name, address in addresses.items():
        measure_page(table, client, name, address)


def measure_page(table: Table, client: Client, name: str, address: str) -> None:
    """One page."""

    def visit() -> None:
        answer = client.get(address)
        if answer.status_code != 200:
            raise SystemExit(f"{address} answers {answer.status_code}.")

    visit()
    limit = MOST_OF_A_REPORT if address.startswith("/reports/") else MOST_STATEMENTS
    table.add(f"{name}: statements", statements(visit), "", limit)
    table.add(f"{name}: time", seconds(visit, times=5) * 1_000, "ms")
