"""What every answer carries: a request id, a line in the log, and headers that keep a browser in."""

import logging
import re
from urllib.parse import quote
from uuid import uuid4

from flask import Flask, Response, g, has_request_context, request

REQUEST_ID = re.compile(r"[A-Za-z0-9-]{1,64}")
SECURITY = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


class RequestIdFilter(logging.Filter):
    """Gives each record the id of the request it was written for, by which the API's log has it too."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = g.get("request_id", "-") if has_request_context() else "-"
        return True


def register(app: Flask) -> None:
    app.before_request(_identify)
    app.after_request(_finish)


def _identify() -> None:
    sent = request.headers.get("X-Request-ID", "")
    g.request_id = sent if REQUEST_ID.fullmatch(sent) else uuid4().hex


def _finish(response: Response) -> Response:
    response.headers.update(SECURITY)
    response.headers["X-Request-ID"] = g.request_id
    if not (request.endpoint or "").endswith("static"):
        response.headers["Cache-Control"] = "no-store"
    logging.getLogger("web").info("%s %s %d", request.method, quote(request.path), response.status_code)
    return response
