"""What a file may be refused for before anybody looks at its contents, and how much may be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

Reason = Literal[
    "et_format",
    "encrypted",
    "damaged",
    "not_a_table",
    "too_large",
    "unsupported_format",
    "external_links",
    "empty_file",
]


class Wording(NamedTuple):
    """What a clerk is told about one reason: the fault and what to do, in Chinese and English."""

    sentence_zh: str
    sentence_en: str
    remedy_zh: str
    remedy_en: str


WORDING: Mapping[Reason, Wording] = {
    "et_format": Wording(
        "这是 WPS 的 .et 文件，无法读取。",
        "This is a WPS .et file, which cannot be read.",
        "请在 WPS 中另存为 .xlsx 后重新报送。",
        "Save it as .xlsx in WPS and send it again.",
    ),
    "encrypted": Wording(
        "文件设有打开密码。",
        "The file is protected by a password.",
        "请取消密码后重新报送。",
        "Remove the password and send it again.",
    ),
    "damaged": Wording(
        "文件已损坏，无法完整读取。",
        "The file is damaged and cannot be read in full.",
        "请用原软件打开并另存一份，确认能打开后重新报送。",
        "Open it in the program it was made with, save a new copy, and send that.",
    ),
    "not_a_table": Wording(
        "文件不是表格。",
        "The file is not a table.",
        "请报送 .xlsx、.xls、.ods 或 .csv 格式的报表。",
        "Send the form as .xlsx, .xls, .ods or .csv.",
    ),
    "too_large": Wording(
        "文件超出可读取的大小。",
        "The file is larger than what is read.",
        "请删除多余的工作表、图片和远处的单元格，或分开报送。",
        "Remove spare sheets, pictures and far-away cells, or send it in parts.",
    ),
    "unsupported_format": Wording(
        "不支持这种文件格式。",
        "This file format is not supported.",
        "请另存为 .xlsx 后重新报送。",
        "Save it as .xlsx and send it again.",
    ),
    "external_links": Wording(
        "工作簿引用了其他文件中的数据。",
        "The workbook takes figures from other files.",
        "请将引用其他文件的公式粘贴为数值后重新报送。",
        "Paste the formulas that point to other files as values and send it again.",
    ),
    "empty_file": Wording(
        "文件是空的。",
        "The file is empty.",
        "请检查后重新报送。",
        "Check the file and send it again.",
    ),
}


class Refused(Exception):
    """A file that is not read at all.

    Attributes:
        reason: why, one of `Reason`; the key of `WORDING`.
        facts: what was seen, such as ``offset``, ``line``, ``limit`` or ``found``.
    """

    def __init__(self, reason: Reason, **facts: str | int) -> None:
        """Refuse for `reason`, with the facts that let somebody find the fault."""
        self.reason: Reason = reason
        self.facts: dict[str, str | int] = facts
        super().__init__(reason, facts)

    def __str__(self) -> str:
        """Say what is wrong, what was seen and what to do, Chinese first."""
        wording = WORDING[self.reason]
        seen = ", ".join(f"{name}={value}" for name, value in self.facts.items())
        seen = f" ({seen})" if seen else ""
        return (
            f"{wording.sentence_zh}{wording.remedy_zh}"
            f" {wording.sentence_en}{seen} {wording.remedy_en}"
        )


@dataclass(frozen=True)
class Limits:
    """How much one file may hold; beyond it the file is refused as ``too_large``.

    Attributes:
        file_bytes: size of the file as received.
        unpacked_bytes: sum of the sizes a zip container declares for its members.
        cells: rows times columns of the rectangle that holds all filled cells, over all sheets.
        rows: lines of a text table.
    """

    file_bytes: int = 200 * 1024**2
    unpacked_bytes: int = 1024**3
    cells: int = 20_000_000
    rows: int = 12_000_000
