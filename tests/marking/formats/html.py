"""`report.html` and `class.html`: one self-contained page each, for people."""

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from tests.marking.formats.words import MEANINGS, told
from tests.marking.report import Report
from tests.marking.verdicts import State

PAGES = Environment(
    loader=PackageLoader("tests.marking"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def render(report: Report, visibility: str) -> str:
    return page("report.html", report=report, visibility=visibility, told=told)


def page(name: str, **told: Any) -> str:
    return PAGES.get_template(name).render(told, meanings=MEANINGS, State=State)
