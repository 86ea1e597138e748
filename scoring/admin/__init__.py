"""What administrators of scoring edit: models as JSON, bands, exclusions by hand; and the runs to look at."""

from scoring.admin.bands import BandAdmin
from scoring.admin.comments import LineCommentAdmin
from scoring.admin.exclusions import ManualExclusionAdmin
from scoring.admin.models import ScoringModelAdmin
from scoring.admin.runs import ScoringRunAdmin

__all__ = ["BandAdmin", "LineCommentAdmin", "ManualExclusionAdmin", "ScoringModelAdmin", "ScoringRunAdmin"]
