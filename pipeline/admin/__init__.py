"""What administrators edit: the process, what moves confidence, money; and deals to look at."""

from pipeline.admin.deals import AssignmentAdmin, DealAdmin
from pipeline.admin.money import ExchangeRateAdmin, TargetAdmin
from pipeline.admin.nurture import EnrolmentAdmin, MailTemplateAdmin, NurtureProgrammeAdmin
from pipeline.admin.process import (
    AnswerPointAdmin,
    CompetitorAdmin,
    KeyActivityAdmin,
    LostReasonAdmin,
    PipelineAdmin,
)
from pipeline.admin.routing import RoutingPoolAdmin, RoutingWaitAdmin
from pipeline.admin.stages import StageAdmin

__all__ = [
    "AnswerPointAdmin",
    "AssignmentAdmin",
    "CompetitorAdmin",
    "DealAdmin",
    "EnrolmentAdmin",
    "ExchangeRateAdmin",
    "KeyActivityAdmin",
    "LostReasonAdmin",
    "MailTemplateAdmin",
    "NurtureProgrammeAdmin",
    "PipelineAdmin",
    "RoutingPoolAdmin",
    "RoutingWaitAdmin",
    "StageAdmin",
    "TargetAdmin",
]
