"""The only reader of the environment: every setting is a variable that starts with `API_`."""

from typing import Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What an operator can choose. In production the demo logins are refused."""

    model_config = SettingsConfigDict(env_prefix="API_", frozen=True)

    environment: Literal["development", "production"] = "development"
    database_url: str = "sqlite:///registrar.db"
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    workers: int = Field(default=1, ge=1, description="processes")
    threads: int = Field(default=4, ge=1, description="threads, and so database connections, of each worker")
    lock_timeout: float = Field(default=1, gt=0, description="seconds that one of four attempts waits for a lock")
    trusted_proxies: str = Field(default="127.0.0.1", description="whose X-Forwarded-For is believed, with commas")

    @field_validator("database_url")
    @classmethod
    def _is_supported(cls, url: str) -> str:
        if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("must start with sqlite:/// or postgresql+psycopg://")
        return url

    @property
    def production(self) -> bool:
        return self.environment == "production"
