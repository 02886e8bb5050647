"""Reads how reminders are written and sent: the table `[reminders]` of `biaogan.toml`."""

from __future__ import annotations

import difflib
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from warehouse.collect.sources import ConfigError, find_config
from warehouse.contracts.codes import Codes
from warehouse.settings import Settings

TABLE = "reminders"
BlockName = Annotated[str, Field(pattern=r"^[a-z0-9-]+/[a-z0-9-]+$")]


class ReminderConfig(BaseModel):
    """How reminders are written and sent.

    Attributes:
        language: of the texts.
        days_ahead: working days before its due date from which on a form is asked for.
        days_back: days after its due date until which it is; older forms are history.
        escalate_after: working days late beyond which the quality office hears of a reporter.
        send_from: the hour of the day before which nothing is sent.
        page: where the steward's pages can be read, to be named in the texts.
        block: Prefect's notification block for reporters without one of their own, as
            `type/name`; without any, texts are left in the outbox only.
        blocks: by reporter code, the block its texts go through.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    language: Literal["zh", "en"] = "zh"
    days_ahead: int = Field(default=3, ge=0)
    days_back: int = Field(default=366, ge=0)
    escalate_after: int = Field(default=5, ge=0)
    send_from: int = Field(default=8, ge=0, le=23)
    page: str | None = Field(default=None, max_length=200)
    block: BlockName | None = None
    blocks: dict[str, BlockName] = Field(default_factory=dict)

    def find_block(self, reporter: str) -> str | None:
        """The block a reporter's texts go through."""
        return self.blocks.get(reporter, self.block)


def load_reminder_config(settings: Settings, codes: Codes) -> ReminderConfig:
    """Reads the table `[reminders]`; what it does not say is as `ReminderConfig` has it.

    Raises:
        ConfigError: the file cannot be read, or the table has a key, a value or a reporter that
            cannot be used.
    """
    path = find_config(settings.home)
    if path is None:
        return ReminderConfig()
    table = _read_table(path)
    try:
        config = ReminderConfig(**table)
    except ValidationError as error:
        raise _translate(path, error) from error
    known = [reporter.code for reporter in codes.reporters]
    for reporter in config.blocks.keys() - set(known):
        where = f"{TABLE} ▸ blocks ▸ {reporter}"
        raise _complain(path, where, *_name_known(reporter, known, "填报单位", "reporter"))
    return config


def _read_table(path: Path) -> dict[str, Any]:
    try:
        table = tomllib.loads(path.read_bytes().decode("utf-8-sig")).get(TABLE, {})
    except (OSError, ValueError) as error:
        raise _complain(path, "file", f"读不出来：{error}", f"cannot be read: {error}") from error
    if not isinstance(table, dict):
        raise _complain(path, TABLE, f"应写成 [{TABLE}]", f"write it as a table, [{TABLE}]")
    return table


def _translate(path: Path, error: ValidationError) -> ConfigError:
    problem = error.errors()[0]
    where = " ▸ ".join([TABLE, *(str(part) for part in problem["loc"])])
    if problem["type"] == "extra_forbidden":
        known = list(ReminderConfig.model_fields)
        misspelt = str(problem["loc"][-1])
        return _complain(path, where, *_name_known(misspelt, known, "键", "key"))
    if problem["type"] == "string_pattern_mismatch":
        return _complain(
            path,
            where,
            "应写成“类型/名称”，如 chat-robot/zljg",
            "write it as type/name, such as chat-robot/quality",
        )
    said = problem["msg"]
    return _complain(path, where, f"值不合要求：{said}", f"{said}: mend the value")


def _name_known(key: str, known: list[str], zh: str, en: str) -> tuple[str, str]:
    meant = difflib.get_close_matches(key, known, n=1)
    listed = ", ".join(meant or known)
    return f"没有这个{zh}；可用：{listed}", f"no such {en}; known: {listed}"


def _complain(path: Path, where: str, zh: str, en: str) -> ConfigError:
    return ConfigError(f"{path.name} ▸ {where}：{zh}。 / {path.name} ▸ {where}: {en}.")
