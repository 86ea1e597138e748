"""News of `scoring` for the apps above it, sent inside the engine's transaction."""

from django.dispatch import Signal

scores_queued = Signal()
"""Sent with `sender=PendingScore`: news waits for the engine."""

run_started = Signal()
"""`run`: its ranges wait for workers."""

trial_started = Signal()
"""`trial`: its ranges wait for workers."""

leads_scored = Signal()
"""`lead_ids`: scores were stored for the first time; what was missing on entry or closing can be filled."""

bands_crossed = Signal()
"""`crossings`: the BandCrossing rows that fire (a silent run sends none)."""
