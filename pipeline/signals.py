"""News of `pipeline` for the apps above it, sent inside the transaction of the move."""

from django.dispatch import Signal

deals_moved = Signal()
"""`lead_ids`, `by`, `at`: deals entered a stage."""
