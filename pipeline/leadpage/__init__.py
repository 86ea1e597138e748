"""What stands on a lead's page and panel beside its explanation, curve and timeline."""

from pipeline.leadpage.questions import answers_of, questions_for
from pipeline.leadpage.reading import has_waiting_news, lead_to_view
from pipeline.leadpage.viewing import view_of

__all__ = ["answers_of", "has_waiting_news", "lead_to_view", "questions_for", "view_of"]
