"""Yardstick of the rush: the reference, run as it serves, learns who asks and for what, and does nothing about it."""

from fastapi import FastAPI

from api.__main__ import worker as reference
from api.routers.dependencies import authorized, json_body
from api.schemas import EnrollmentIn


async def enroll(new: EnrollmentIn) -> None:
    """Named like the operation that it stands in for, which lets the same callers in."""


def worker() -> FastAPI:
    app = reference()
    app.post("/enrollments", status_code=204, dependencies=[authorized, json_body])(enroll)
    app.router.routes.insert(0, app.router.routes.pop())  # the first that matches is taken
    return app
