"""The contract is served as it is committed, readable without a network, and held without knowing the servers."""

import difflib
import json
import re
import sys
from collections.abc import Mapping
from typing import Any

import pytest

from tests.contract.client import Client
from tests.contract.document import DOCUMENT

RENEW = "PYTHONPATH=src python -m api openapi > tests/contract/openapi.json"


def lines(document: Mapping[str, Any]) -> list[str]:
    return json.dumps(document, indent=2, ensure_ascii=False, sort_keys=True).splitlines()


def test_the_served_document_is_the_committed_one(nobody: Client) -> None:
    """The served openapi.json says what tests/contract/openapi.json says."""
    served = nobody.get("/openapi.json").json()

    difference = "\n".join(difflib.unified_diff(lines(DOCUMENT), lines(served), "committed", "served", lineterm=""))
    if difference:
        pytest.fail(f"{difference}\n\nIf this is meant, renew the committed file:\n    {RENEW}", pytrace=False)


@pytest.mark.check("robustness.docs", points=1)
def test_the_documentation_needs_no_network(nobody: Client) -> None:
    """`/docs` is public, and all that it loads comes from this server."""
    page = nobody.get("/docs").text

    loaded = re.findall(r"""(?:src|href)=["']([^"']+)""", page)
    assert loaded
    assert [each for each in loaded if not each.startswith("/")] == []
    assert {nobody.get(each).status_code for each in loaded} == {200}


def test_the_suite_knows_neither_server() -> None:
    """These checks see HTTP only: neither server is loaded beside them."""
    assert {"api", "web"} & sys.modules.keys() == set()
