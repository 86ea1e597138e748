"""Everything that changes models, exclusions and scores: named verbs, each with its actor."""

from scoring.actions.commenting import CommentRefused, comment_on_line, settle_comments
from scoring.actions.drafting import (
    ChangedMeanwhile,
    NotADraft,
    add_rule,
    change_draft,
    copy_model,
    import_model,
)
from scoring.actions.excluding import (
    AlreadyExcluded,
    BadDomain,
    exclude_domain,
    exclude_lead,
    lift_exclusion,
    plain_domain,
)
from scoring.actions.publishing import AlreadyPublished, ChangedSince, publish_model, restore_model
from scoring.actions.rescoring import rescore_all, rescore_leads
from scoring.actions.suggesting import describe_ideal

__all__ = [
    "AlreadyExcluded",
    "AlreadyPublished",
    "BadDomain",
    "ChangedMeanwhile",
    "ChangedSince",
    "CommentRefused",
    "NotADraft",
    "add_rule",
    "change_draft",
    "comment_on_line",
    "copy_model",
    "describe_ideal",
    "exclude_domain",
    "exclude_lead",
    "import_model",
    "lift_exclusion",
    "plain_domain",
    "publish_model",
    "rescore_all",
    "rescore_leads",
    "restore_model",
    "settle_comments",
]
