"""The tables of `pipeline`, one module per noun."""

from pipeline.models.assignments import Assignment
from pipeline.models.deals import ConfidenceChange, Deal, DealChange, PendingConfidence, StageChange
from pipeline.models.money import ExchangeRate, Target
from pipeline.models.stages import AnswerPoint, KeyActivity, LostReason, Pipeline, Stage

__all__ = [
    "AnswerPoint",
    "Assignment",
    "ConfidenceChange",
    "Deal",
    "DealChange",
    "ExchangeRate",
    "KeyActivity",
    "LostReason",
    "PendingConfidence",
    "Pipeline",
    "Stage",
    "StageChange",
    "Target",
]
