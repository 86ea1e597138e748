"""What every template keeps to: nothing inline, only icons that are drawn, error pages that need nobody."""

import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string

ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
INLINE = re.compile(
    r"""\sstyle\s*=|<style|\son[a-z]+\s*=|\shx-on|<script(?![^>]*\b(?:src|application/json))|js:"""
)
ICON = re.compile(r"""{% icon "([\w-]+)""")


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_template_brings_what_the_content_security_policy_forbids(template):
    assert not INLINE.findall(template.read_text())


def test_every_icon_is_drawn():
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (ROOT / "static/img/icons.svg").read_text()))
    used = {name for template in TEMPLATES for name in ICON.findall(template.read_text())}
    assert used <= drawn


@pytest.mark.parametrize("page", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html"])
def test_an_error_page_needs_no_request_and_no_database(page):
    assert "<h1" in render_to_string(page)
