"""What the web UI says to the API and hears from it: a reverse proxy between them notes it, the contract judges it."""

import contextlib
import json
import threading
import warnings
from collections.abc import Iterator
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import requests
from openapi_core import Config, OpenAPI
from openapi_core.contrib.requests import RequestsOpenAPIRequest, RequestsOpenAPIResponse
from typing_extensions import override

CONTRACT = Path(__file__).parent.parent / "contract" / "openapi.json"
PATIENCE = 20  # seconds without a byte
HOP_BY_HOP = {"connection", "content-length", "keep-alive", "transfer-encoding"}


class Traffic(ThreadingHTTPServer):
    """The proxy, and the answers that have passed it since the test began, each with its request."""

    def __init__(self, api_url: str) -> None:
        super().__init__(("127.0.0.1", 0), _Relay)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.api_url = api_url
        self.answers: list[requests.Response] = []
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers.clear()

    @property
    def writes(self) -> list[str]:
        """The requests that were more than a question, as `POST /students`."""
        asked = (answer.request for answer in self.answers)
        return [f"{request.method} {request.path_url}" for request in asked if request.method != "GET"]

    def findings(self) -> list[str]:
        """What the contract does not allow, with the request that shows it."""
        return [
            f"{answer.request.method} {answer.request.path_url} → {answer.status_code}: {_explained(error)}"
            for answer in self.answers
            for error in _errors(answer)
        ]


@contextlib.contextmanager
def recorded(api_url: str) -> Iterator[Traffic]:
    """The API's traffic, by way of the proxy's URL."""
    with Traffic(api_url) as traffic, traffic.session:
        threading.Thread(target=traffic.serve_forever, args=(0.05,), daemon=True).start()
        yield traffic
        traffic.shutdown()


class _Relay(BaseHTTPRequestHandler):
    """Hands each request on as it is, and the answer back."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Traffic

    def _relay(self) -> None:
        answer = self.server.session.request(
            self.command,
            self.server.api_url + self.path,
            headers={name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP},
            data=self.rfile.read(int(self.headers.get("Content-Length", 0))),
            allow_redirects=False,
            timeout=PATIENCE,
        )
        self.server.answers.append(answer)
        self._hand_back(answer)

    def _hand_back(self, answer: requests.Response) -> None:
        self.send_response_only(answer.status_code)
        for name, value in answer.headers.items():
            if name.lower() not in HOP_BY_HOP:
                self.send_header(name, value)
        if answer.status_code != 204:
            self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        self.wfile.write(answer.content)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _relay  # noqa: N815 - the standard library's names

    @override
    def log_message(self, format: str, *args: object) -> None:
        """The servers have logs of their own."""


@cache
def _contract() -> OpenAPI:
    config = Config(extra_media_type_deserializers={"application/problem+json": json.loads})
    return OpenAPI.from_path(CONTRACT, config=config)


def _errors(answer: requests.Response) -> Iterator[Exception]:
    request = RequestsOpenAPIRequest(answer.request)
    with warnings.catch_warnings(action="ignore", category=UserWarning):  # openapi-core judges no OAuth2
        yield from _contract().iter_request_errors(request)
    yield from _contract().iter_response_errors(request, RequestsOpenAPIResponse(answer))


def _explained(error: BaseException | None) -> str:
    """openapi-core says what is wrong, and leaves why to the causes."""
    texts = []
    while error:
        texts.append(str(error))
        error = error.__cause__
    return "; ".join(texts)
