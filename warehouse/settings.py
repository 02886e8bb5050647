"""Where everything is, and the few things an operator may set."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from warehouse.fault import UserFault

CITY_TIME = ZoneInfo("Asia/Shanghai")


class SettingsError(UserFault):
    """The config file is wrong: which key, and how to mend it."""


class Settings(BaseModel):
    """Settings of one data root.

    Attributes:
        home: the data root; everything Biaogan writes lies below it.
        keep_releases: published files kept; older ones are removed, the ledger keeps their rows.
        memory_limit: what DuckDB may use before it writes to disk.
        threads: processor cores DuckDB may use.
        extra: a folder with further `expectations/` and `sql/`, for datasets of one's own.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    home: Path
    keep_releases: int = Field(default=12, ge=1)
    memory_limit: str = "1500MB"
    threads: int = Field(default=2, ge=1)
    extra: Path | None = None

    @property
    def inbox(self) -> Path:
        """Where reporters' files lie, one folder per reporter."""
        return self.home / "inbox"

    @property
    def archive(self) -> Path:
        """Every file ever received, under its hash."""
        return self.home / "archive"

    @property
    def database(self) -> Path:
        """The ledger and core tables; written by one process at a time."""
        return self.home / "warehouse.duckdb"

    @property
    def published(self) -> Path:
        """The released files and the pointer to the newest."""
        return self.home / "published"

    @property
    def pointer(self) -> Path:
        """What analysts open."""
        return self.published / "mart.duckdb"

    @property
    def outbox(self) -> Path:
        """What goes back to reporters, one folder per reporter."""
        return self.home / "outbox"

    @property
    def site(self) -> Path:
        """The steward's pages."""
        return self.home / "site"

    @property
    def lease(self) -> Path:
        """Who is writing."""
        return self.home / "warehouse.lease"

    @property
    def config(self) -> Path:
        """The one config file."""
        return Path(os.environ.get("BIAOGAN_CONFIG") or self.home / "biaogan.toml")

    @property
    def expectations_extra(self) -> Path | None:
        """Further contracts."""
        return self.extra / "expectations" if self.extra else None

    @property
    def sql_extra(self) -> Path | None:
        """Further models."""
        return self.extra / "sql" if self.extra else None


def find_home() -> Path:
    """The data root: `$BIAOGAN_HOME`, else `data` where the command is run."""
    return Path(os.environ.get("BIAOGAN_HOME") or "data").resolve()


def load_settings(home: Path | None = None) -> Settings:
    """Settings from `$BIAOGAN_HOME` and the config file's table `[biaogan]`.

    Raises:
        SettingsError: the config file cannot be read or has an unknown key.
    """
    root = home.resolve() if home else find_home()
    settings = Settings(home=root)
    if not settings.config.exists():
        return settings
    try:
        table: dict[str, Any] = tomllib.loads(settings.config.read_text(encoding="utf-8"))
        return Settings(home=root, **table.get("biaogan", {}))
    except (OSError, ValueError, ValidationError) as error:
        name = settings.config.name
        message = (
            f"{name}：{error}。请改正其中的 [biaogan]。 / "
            f"{name}: {error}. Mend the table [biaogan]."
        )
        raise SettingsError(message) from error
