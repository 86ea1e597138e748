"""Drafts tried on what is there: as a simulation, as a backtest, or fitted to it."""

from scoring.trials.backtesting import start_backtest
from scoring.trials.fitting import start_fit
from scoring.trials.jobs import finish_trial
from scoring.trials.profiling import start_outdated_profiles, start_profile
from scoring.trials.simulating import register_consumer, start_simulation

__all__ = [
    "finish_trial",
    "register_consumer",
    "start_backtest",
    "start_fit",
    "start_outdated_profiles",
    "start_profile",
    "start_simulation",
]
