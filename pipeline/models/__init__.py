"""The tables of `pipeline`, one module per noun."""

from pipeline.models.assignments import Assignment, How, Takeover
from pipeline.models.deals import (
    Category,
    CategoryChange,
    ConfidenceChange,
    Deal,
    DealChange,
    PendingConfidence,
    StageChange,
)
from pipeline.models.money import ExchangeRate, Target
from pipeline.models.nurture import (
    Enrolment,
    EnrolmentState,
    MailTemplate,
    NurtureEvent,
    NurtureProgramme,
    NurtureStep,
    StepKind,
)
from pipeline.models.routing import (
    Circle,
    CircleMember,
    Part,
    PendingRouting,
    PoolMember,
    RoutingCredit,
    RoutingPool,
    RoutingWait,
)
from pipeline.models.stages import (
    AnswerPoint,
    Competitor,
    KeyActivity,
    LostReason,
    Pipeline,
    Requirement,
    Stage,
)

__all__ = [
    "AnswerPoint",
    "Assignment",
    "Category",
    "CategoryChange",
    "Circle",
    "CircleMember",
    "Competitor",
    "ConfidenceChange",
    "Deal",
    "DealChange",
    "Enrolment",
    "EnrolmentState",
    "ExchangeRate",
    "How",
    "KeyActivity",
    "LostReason",
    "MailTemplate",
    "NurtureEvent",
    "NurtureProgramme",
    "NurtureStep",
    "Part",
    "PendingConfidence",
    "PendingRouting",
    "Pipeline",
    "PoolMember",
    "Requirement",
    "RoutingCredit",
    "RoutingPool",
    "RoutingWait",
    "Stage",
    "StageChange",
    "StepKind",
    "Takeover",
    "Target",
]
