"""News that travels uphill: sent inside the transaction that caused it, many ids at once.

Receivers in higher apps write in the same transaction: rows of their own from birth, or pending rows.
Each signal is sent with `sender=Lead`.
"""

from django.dispatch import Signal

leads_added = Signal()
"""`lead_ids`, `by`, `at` (or None for now): leads were inserted; scoring and pipeline insert their rows."""

leads_changed = Signal()
"""`lead_ids`: something that a fit rule may look at has changed (lead, company, people, answers)."""

activities_logged = Signal()
"""`lead_ids`, `kinds` (keys; None for any): activities were added, or changed their lead or trust."""

statuses_changed = Signal()
"""`lead_ids`, `before` (dict id → status), `after`, `by`, `at`: open leads changed status."""

leads_closed = Signal()
"""`lead_ids`, `outcome`, `by`, `at`: leads were won, lost or disqualified."""

leads_reopened = Signal()
"""`lead_ids`, `by`, `at`: closed leads are open again."""

tasks_changed = Signal()
"""`lead_ids`: open tasks were added, moved or done."""

announced = Signal()
"""Sent with `sender=Outbox`: rows wait in the outbox."""
