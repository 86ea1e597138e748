"""The mappings in the guide to importing are mappings."""

import re

import pytest

from leads.imports.mapping_file import MappingFile
from pipeline.imports.definition import read_options
from pipeline.imports.fields import LEADS
from tests.imports import ROOT

pytestmark = pytest.mark.django_db

BLOCKS = re.findall(
    r"```toml\n(.*?)```", (ROOT / "docs" / "importing.md").read_text(encoding="utf-8"), re.DOTALL
)


def test_what_the_guide_shows_is_read_without_a_fault(tmp_path):
    path = tmp_path / "mapping.toml"
    path.write_text(BLOCKS[0], encoding="utf-8")
    document = MappingFile(path, LEADS)

    mapping, options = document.read(), read_options(document)
    document.close()

    assert mapping.constants == {"product_line": "Pumps"}
    assert options.places["Closed lost"].reason == "price"
    assert options.defaults_to_list_price


def test_the_pipeline_that_the_guide_shows_is_one(tmp_path):
    path = tmp_path / "mapping.toml"
    path.write_text(f'system = "crm"\n[leads]\nid = "Id"\n{BLOCKS[1]}', encoding="utf-8")
    document = MappingFile(path, LEADS)

    document.read()
    pipeline = read_options(document).pipeline
    document.close()

    assert pipeline.stages == (("talk", "Talk", 20),)


def test_the_guide_names_every_field():
    guide = (ROOT / "docs" / "importing.md").read_text(encoding="utf-8")
    named = {name.removeprefix("contact.").removeprefix("company.") for name in LEADS.fields}

    assert not {name for name in named if f"`{name}`" not in guide and f"`.{name}`" not in guide}
