"""What history or a person suggests, written into a draft."""

from leads.actions.audit import audited
from leads.models import User
from scoring.actions.drafting import change_draft
from scoring.definition import write_definition
from scoring.ideal import Profile, with_ideal
from scoring.models import ScoringModel
from scoring.rows import load_definition


@audited
def describe_ideal(model: ScoringModel, profile: Profile, *, by: User | None) -> ScoringModel:
    """Write the fit groups of an ideal customer into a draft, in the place of those written before."""
    return change_draft(model, with_ideal(write_definition(load_definition(model)), profile), by=by)
