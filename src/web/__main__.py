"""python -m web: serve the pages with waitress."""

import logging
import signal
import sys

import waitress
from pydantic import ValidationError

from web.answers import RequestIdFilter
from web.config import Settings
from web.main import create_app


def main() -> None:
    settings = _settings()
    _log()
    try:
        server = waitress.create_server(
            create_app(settings),
            host=settings.host,
            port=settings.port,
            threads=settings.threads,
            connection_limit=1000,
            max_request_body_size=1024 * 1024,
            ident=None,
            trusted_proxy=settings.trusted_proxy,
            trusted_proxy_headers={"x-forwarded-for", "x-forwarded-proto"} if settings.trusted_proxy else (),
        )
    except OSError as error:
        sys.exit(
            f"WEB_PORT: cannot listen on {settings.host}:{settings.port} ({error.strerror}). "
            "Choose another port (macOS holds 5000 for AirPlay)."
        )
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    logging.getLogger("web").info("Serving on http://%s:%d", settings.host, settings.port)
    server.run()


def _settings() -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        variable = "".join(f"WEB_{place}: ".upper() for place in first["loc"])
        sys.exit(variable + first["msg"].removeprefix("Value error, "))


def _log() -> None:
    handler = logging.StreamHandler()
    handler.addFilter(RequestIdFilter())
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s [%(request_id)s] %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])


if __name__ == "__main__":
    main()
