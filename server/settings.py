"""Everything that the environment decides, read once. The table in the README names every field."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Values of `HUDDLE_…` variables. A missing or weak one is refused by name, never by value."""

    model_config = SettingsConfigDict(env_prefix="HUDDLE_", extra="ignore", frozen=True)

    database_url: str = "sqlite:///var/huddle.sqlite3"
    redis_url: str = "memory://"
    secret_key: SecretStr
    base_url: str = "http://127.0.0.1:8000"
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    checkpoint_key_file: Path | None = None
    checkpoint_file: Path | None = None
    metrics_token: SecretStr | None = None
    smtp_url: SecretStr | None = None
    mail_from: str = "huddle@localhost"
    canary_to: str = ""
    help_line: str = Field(default="", max_length=200)
    forwarded_allow_ips: str = "127.0.0.1"
    log_format: Literal["json", "console"] = "json"
    demo: bool = False
    chase: bool = True

    @field_validator("secret_key")
    @classmethod
    def _strong(cls, value: SecretStr) -> SecretStr:
        secret = value.get_secret_value()
        if len(secret.encode()) < 32 or len(set(secret)) < 8 or "change" in secret.lower():
            raise ValueError("must be at least 32 random bytes, for example from `openssl rand -hex 32`")
        return value

    @field_validator("database_url")
    @classmethod
    def _driver(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "postgresql+asyncpg://")):
            raise ValueError("must begin with sqlite:/// or postgresql+asyncpg://")
        return value

    @field_validator("redis_url")
    @classmethod
    def _redis(cls, value: str) -> str:
        if not value.startswith(("memory://", "redis://", "rediss://", "unix://")):
            raise ValueError("must begin with memory://, redis://, rediss:// or unix://")
        return value

    @field_validator("smtp_url")
    @classmethod
    def _relay(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not value.get_secret_value().startswith(("smtp://", "smtps://")):
            raise ValueError("must begin with smtp:// or smtps://")
        return value

    @field_validator("mail_from")
    @classmethod
    def _address(cls, value: str) -> str:
        if not re.fullmatch(r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*", value):
            raise ValueError("must be an email address alone, like huddle@example.org")
        return value

    @field_validator("canary_to")
    @classmethod
    def _canary(cls, value: str) -> str:
        return cls._address(value) if value else value

    @field_validator("help_line")
    @classmethod
    def _one_line(cls, value: str) -> str:
        if not value.isprintable():
            raise ValueError("must be one line")
        return value.strip()

    @property
    def embedded(self) -> bool:
        """One process with SQLite: nothing else may serve the same file."""
        return self.database_url.startswith("sqlite")

    @property
    def mails(self) -> bool:
        """Whether mail is set up: a relay takes it, or the demonstration keeps it."""
        return self.smtp_url is not None or self.demo

    @property
    def https(self) -> bool:
        return self.base_url.startswith("https://")
