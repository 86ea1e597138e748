"""Imports in tests: invented files and mappings, the real data, and what a command says."""

import os
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "docs" / "examples"
REAL_DATA = Path(os.environ.get("PLUMBLINE_REAL_DATA") or ROOT.parent / "shared" / "data")

needs_real_data = pytest.mark.skipif(
    not REAL_DATA.is_dir(), reason="There is no real data here; PLUMBLINE_REAL_DATA names its folder."
)


class Files:
    """Writes a file and its mapping into a folder, and imports it; answers what the command says."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, content, name="file.csv") -> Path:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def run(self, command, content, mapping, *options, name="file.csv") -> str:
        file = self.write(content, name)
        return run_command(command, file, self.write(mapping, "mapping.toml"), *options)

    @property
    def rejected(self) -> list[str]:
        """The lines of the file of rejected rows, without its header."""
        path = self.folder / "file.csv.rejected.csv"
        return path.read_text(encoding="utf-8-sig").splitlines()[1:] if path.exists() else []


def run_command(command, file, mapping, *options) -> str:
    said = StringIO()
    call_command(command, str(file), "--mapping", str(mapping), *options, stdout=said, stderr=StringIO())
    return said.getvalue()


def learn_sizes() -> None:
    """Let the planner know how large the tables are; by itself it learns that only from what is committed."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def counts(said) -> dict[str, int]:
    """The figures of a summary by name."""
    words = [line.split() for line in said.splitlines()]
    return {
        line[0]: int(line[1].replace(",", "")) for line in words if len(line) == 2 and line[1][0].isdigit()
    }
