"""Request ids, and the answer when all else fails."""

import logging
from datetime import datetime

import pytest
from fastapi.testclient import TestClient

from api.config import Settings
from api.main import create_app
from api.middleware import RequestIDFilter
from tests.unit.api.visitors import API, refusal


@pytest.mark.parametrize("offered", ["a", "0123-abc-XYZ", "x" * 64])
def test_a_callers_request_id_comes_back(api: API, offered: str) -> None:
    assert api.get("/health/live", by=None, headers={"X-Request-ID": offered}).headers["x-request-id"] == offered


@pytest.mark.parametrize("offered", ["", "x" * 65, "a b", "a_b", "é".encode()])
def test_an_unacceptable_one_gives_way_to_a_new_one(api: API, offered: str) -> None:
    answers = [api.get("/health/live", by=None, headers={"X-Request-ID": offered}) for _ in range(2)]

    assert len({answer.headers["x-request-id"] for answer in answers} | {offered}) == 3


@pytest.mark.parametrize("path", ["/nothing", "/students", "/docs"])
def test_every_answer_has_a_request_id(api: API, path: str) -> None:
    assert api.get(path, by=None).headers["x-request-id"]


@pytest.fixture
def broken(settings: Settings) -> TestClient:
    """An API that fails where nobody expects it: its clock has stopped for good."""

    def clock() -> datetime:
        raise RuntimeError("a secret detail")

    return TestClient(create_app(settings, clock=clock))


def test_an_unexpected_failure_is_a_500_that_tells_its_id_and_nothing_else(broken: TestClient) -> None:
    answer = broken.get("/health/ready", headers={"X-Request-ID": "this-one"})

    assert refusal(answer) == (500, "internal_error")
    assert "this-one" in answer.json()["detail"]
    assert "secret" not in answer.text
    assert answer.headers["x-request-id"] == "this-one"


def test_an_unexpected_failure_is_logged_whole_with_its_id(
    broken: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.handler.addFilter(RequestIDFilter())

    broken.get("/health/ready", headers={"X-Request-ID": "this-one"})

    (record,) = (record for record in caplog.records if record.levelno == logging.ERROR)
    assert vars(record)["request_id"] == "this-one"
    assert "a secret detail" in caplog.text
