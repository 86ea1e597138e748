"""A scoring model as a value, and its JSON form (design, §3): pure."""

from config.faults import Fault
from scoring.definition.nodes import FaultyDefinition
from scoring.definition.reader import read_definition
from scoring.definition.specs import ModelSpec
from scoring.definition.writer import write_definition

__all__ = ["Fault", "FaultyDefinition", "ModelSpec", "read_definition", "write_definition"]
