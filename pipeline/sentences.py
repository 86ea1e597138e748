"""What notifications say: a sentence from a lead's name and what was announced about it."""

from collections.abc import Mapping


def band_risen(name: str, payload: Mapping[str, object]) -> str:
    """Marta Lindqvist became hot, with a score of 79."""
    return f"{name} became {str(payload['band']).lower()}, with a score of {payload['total']}."


def lead_assigned(name: str, payload: Mapping[str, object]) -> str:
    """Marta Lindqvist is yours now, given by Jonas Weber."""
    return f"{name} is yours now, given by {payload['by']}."


def leads_assigned(payload: Mapping[str, object]) -> str:
    """14 leads are yours now, given by Plumbline."""
    return f"{payload['number']} leads are yours now, given by {payload['by']}."


def lead_seconded(name: str, payload: Mapping[str, object]) -> str:
    """You are the second person for Marta Lindqvist, chosen by Plumbline."""
    return f"You are the second person for {name}, chosen by {payload['by']}."
