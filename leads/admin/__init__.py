"""What administrators edit: people, catalogue, fields and questions, the organisation, API keys."""

from leads.admin.catalogue import CampaignAdmin, ProductAdmin, ProductLineAdmin, SourceAdmin
from leads.admin.fields import ActivityKindAdmin, CustomFieldAdmin, QuestionAdmin
from leads.admin.keys import ApiKeyAdmin
from leads.admin.organisation import OrganisationAdmin
from leads.admin.people import TeamAdmin, UserAdmin

__all__ = [
    "ActivityKindAdmin",
    "ApiKeyAdmin",
    "CampaignAdmin",
    "CustomFieldAdmin",
    "OrganisationAdmin",
    "ProductAdmin",
    "ProductLineAdmin",
    "QuestionAdmin",
    "SourceAdmin",
    "TeamAdmin",
    "UserAdmin",
]
