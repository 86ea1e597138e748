"""Everything that changes deals: named verbs, each in one transaction, each with its actor."""

from pipeline.actions.assignments import MayNotAssign, assign_lead, assign_leads
from pipeline.actions.births import NoPipeline
from pipeline.actions.calibrating import Adoption, BaseChanged, BaseWrong, MayNotAdopt, adopt_bases
from pipeline.actions.categories import CategoryWrong, categorise_deal
from pipeline.actions.closing import (
    ClosedBeforeOpening,
    DealClosing,
    ReasonNeeded,
    close_deals,
    lose_deal,
    record_closings,
    win_deal,
)
from pipeline.actions.confidences import (
    ConfidenceNeedsReason,
    NotAPercentage,
    ReturnInThePast,
    release_confidence,
    release_due_confidences,
    set_confidence,
    set_initial_confidence,
)
from pipeline.actions.deals import DealFacts, DealStart, FactsWrong, set_deal, set_deals, start_deals
from pipeline.actions.entering import enter_pipeline
from pipeline.actions.histories import DealHistory, HistoryWrong, MovedHere, record_histories
from pipeline.actions.moves import Move, MoveTooEarly, StaleMove, WrongPipeline, move_deal, move_deals
from pipeline.actions.nightly import refresh_pipelines
from pipeline.actions.nurture import NoProgramme, advance_programmes, stop_programme
from pipeline.actions.rates import Rate, RatesSet, RateWrong, remove_rates, set_rates
from pipeline.actions.recalculation import drain_confidence, queue_confidence, queue_open_deals, recalculate
from pipeline.actions.reopening import Reopening, reopen_deal, reopen_deals
from pipeline.actions.requiring import MayNotWaive, RequirementsMissing
from pipeline.actions.routing import drain_routing, queue_routing, queue_unowned, queue_waiting, route_leads
from pipeline.actions.stages import SuccessorNeeded, follow_successors, remove_stage
from pipeline.actions.supplying import Supplies
from pipeline.actions.takeovers import (
    GivenBackAlready,
    MayNotTakeOver,
    NothingToTakeOver,
    give_back_leads,
    release_to_routing,
    take_over_leads,
)
from pipeline.actions.targets import MonthLocked, NotYourTarget, TargetWrong, Wanted, Whose, set_targets

__all__ = [
    "Adoption",
    "BaseChanged",
    "BaseWrong",
    "CategoryWrong",
    "ClosedBeforeOpening",
    "ConfidenceNeedsReason",
    "DealClosing",
    "DealFacts",
    "DealHistory",
    "DealStart",
    "FactsWrong",
    "GivenBackAlready",
    "HistoryWrong",
    "MayNotAdopt",
    "MayNotAssign",
    "MayNotTakeOver",
    "MayNotWaive",
    "MonthLocked",
    "Move",
    "MoveTooEarly",
    "MovedHere",
    "NoPipeline",
    "NoProgramme",
    "NotAPercentage",
    "NotYourTarget",
    "NothingToTakeOver",
    "Rate",
    "RateWrong",
    "RatesSet",
    "ReasonNeeded",
    "Reopening",
    "RequirementsMissing",
    "ReturnInThePast",
    "StaleMove",
    "SuccessorNeeded",
    "Supplies",
    "TargetWrong",
    "Wanted",
    "Whose",
    "WrongPipeline",
    "adopt_bases",
    "advance_programmes",
    "assign_lead",
    "assign_leads",
    "categorise_deal",
    "close_deals",
    "drain_confidence",
    "drain_routing",
    "enter_pipeline",
    "follow_successors",
    "give_back_leads",
    "lose_deal",
    "move_deal",
    "move_deals",
    "queue_confidence",
    "queue_open_deals",
    "queue_routing",
    "queue_unowned",
    "queue_waiting",
    "recalculate",
    "record_closings",
    "record_histories",
    "refresh_pipelines",
    "release_confidence",
    "release_due_confidences",
    "release_to_routing",
    "remove_rates",
    "remove_stage",
    "reopen_deal",
    "reopen_deals",
    "route_leads",
    "set_confidence",
    "set_deal",
    "set_deals",
    "set_initial_confidence",
    "set_rates",
    "set_targets",
    "start_deals",
    "stop_programme",
    "take_over_leads",
    "win_deal",
]
