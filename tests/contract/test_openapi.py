"""The contract is served as it is committed, readable without a network, and held without knowing the servers."""

import difflib
import json
import re
import sys
from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin

import pytest

from tests.contract.client import Client
from tests.contract.document import DOCUMENT

LOADED = re.compile(r"""<(?:script|link|img)\b[^>]*?\b(?:src|href)=["']([^"']+)""")
RENEW = "PYTHONPATH=src python -m api openapi > tests/contract/openapi.json"


def lines(document: Mapping[str, Any]) -> list[str]:
    return json.dumps(document, indent=2, ensure_ascii=False, sort_keys=True).splitlines()


def test_the_served_document_is_the_committed_one(nobody: Client) -> None:
    """The served openapi.json says what tests/contract/openapi.json says."""
    served = nobody.get("/openapi.json").json()

    difference = "\n".join(difflib.unified_diff(lines(DOCUMENT), lines(served), "committed", "served", lineterm=""))
    if difference:
        pytest.fail(f"{difference}\n\nIf this is meant, renew the committed file:\n    {RENEW}", pytrace=False)


@pytest.mark.check("robustness.docs", points=1, hint="Serve Swagger UI's files yourself, as fastapi-offline does.")
def test_the_documentation_needs_no_network(nobody: Client) -> None:
    """`/docs` and `/openapi.json` are public, and all that the page loads comes from this server."""
    page = nobody.get("/docs")
    if page.is_redirect:  # to where its files are
        page = nobody.get(urljoin(page.url, page.headers["Location"]).removeprefix(nobody.url))

    assert page.status_code == 200
    loaded = [urljoin(page.url, each) for each in LOADED.findall(page.text) if not each.startswith("data:")]
    assert [each for each in loaded if not each.startswith(f"{nobody.url}/")] == []
    assert [each for each in loaded if nobody.get(each.removeprefix(nobody.url)).status_code != 200] == []
    assert nobody.get("/openapi.json").json()["openapi"].startswith("3.")


def test_the_suite_knows_neither_server() -> None:
    """These checks see HTTP only: neither server is loaded beside them."""
    assert {"api", "web"} & sys.modules.keys() == set()
