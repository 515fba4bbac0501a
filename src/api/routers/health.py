"""`/health`: whether the process lives, and whether it can serve."""

from fastapi import APIRouter

from api.errors import NotReady, Unavailable
from api.openapi import refusals
from api.routers.dependencies import Database
from api.schemas import HealthOut
from api.services import health

router = APIRouter(prefix="/health", tags=["health"])


@router.get("/live")
async def live() -> HealthOut:
    """Say that the process runs."""
    return HealthOut()


@router.get("/ready", responses=refusals(NotReady))
async def ready(database: Database) -> HealthOut:
    """Say that the database answers, and has the schema that this version wants."""
    try:
        return await database.read(health.ready)
    except Unavailable as unavailable:
        raise NotReady from unavailable
