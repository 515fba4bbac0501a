"""The only reader of the environment: every setting is a variable that starts with `WEB_`."""

from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

DEVELOPMENT_KEY = "for development only: anyone can read this"


class Settings(BaseSettings):
    """What an operator can choose. Whoever knows the secret key can forge a session."""

    model_config = SettingsConfigDict(env_prefix="WEB_", frozen=True)

    environment: Literal["development", "production"] = "development"
    api_url: str = Field(default="http://127.0.0.1:8000", pattern=r"^https?://[^/?#]+/?$")
    host: str = "127.0.0.1"
    port: int = Field(default=5000, ge=0, le=65535)
    threads: int = Field(
        default=16, ge=1, description="pages made at once, each with a connection to the API of its own"
    )
    secret_key: SecretStr = Field(default=SecretStr(DEVELOPMENT_KEY), min_length=16)
    trusted_proxy: str | None = Field(default=None, description="whose X-Forwarded-For and -Proto are believed")

    @property
    def production(self) -> bool:
        return self.environment == "production"

    @model_validator(mode="after")
    def _production_has_a_key_of_its_own(self) -> Self:
        if self.production and self.secret_key.get_secret_value() == DEVELOPMENT_KEY:
            raise ValueError("WEB_SECRET_KEY must be set in production, to a long random text that nobody else knows")
        return self
