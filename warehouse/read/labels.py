"""What the lines of a form say of it: 填报单位, 报告期, 单位 and titles, each with its cell."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from warehouse.contracts.codes import fold_name
from warehouse.contracts.model import Contract
from warehouse.findings import Finding
from warehouse.read.form import is_unread
from warehouse.read.headings import head_of
from warehouse.read.sheet import Document, cell_address

TITLE_CELLS = 3
"""A line with more different texts than this is a row of the table and no title."""

_LABEL = re.compile(
    r"(?:(?P<reporter>(?:填报|报送|填表|上报)(?:单位|部门|机构)(?:名称)?)"
    r"|(?P<period>报告期(?:别|间)?)"
    r"|(?P<unit>(?:计量|金额|货币|(?<![主管承办编制受益组织依托建设]))单位)"
    r"|(?P<other>(?:单位|统计|分管)?负责人|填表人|填报人|制表人|审核人|联系电话|联系方式|分机号"
    r"|(?:报出|填报|报送|制表)(?:日期|时间)|表号|文号|(?:制定|批准|备案)机关|有效期至?))"
    r"\s*(?:[(（][^()（）]{1,8}[)）]\s*)?[:：]"
)
_TITLE_UNIT = re.compile(r"[(（]\s*(亿元|万元|千元|元)\s*[)）]\s*$")
_SEAL = re.compile(r"[(（]\s*(?:盖章|公章|签章|章)\s*[)）]")
_OTHER_LABEL = re.compile(r"\s+[^\s:：]{2,10}[:：]")
_BETWEEN = " \t\r\n　,，;；。、"


@dataclass(frozen=True)
class Said:
    """Something a form says of itself, and where."""

    text: str
    sheet: str
    source_row: int
    cell: str

    def dispute(self, rule_id: str, expected: str | None = None) -> Finding:
        """What is wrong with it, as a finding that has to be mended."""
        return Finding(
            rule_id, "must_fix", self.sheet, self.source_row, self.cell, None, self.text, expected
        )


@dataclass(frozen=True)
class Line:
    """One of the first rows of a sheet: its filled cells by position."""

    sheet: str
    source_row: int
    cells: tuple[tuple[int, str], ...]

    def say(self, place: int, text: str) -> Said:
        """A text of this line."""
        return Said(text, self.sheet, self.source_row, cell_address(self.source_row, place))


def lines_of(document: Document) -> list[Line]:
    """The first rows of every sheet that may hold the form.

    Hidden sheets are among them: a copy of last quarter's form that lies hidden would otherwise be
    read with the rest, and its 报告期 never be seen.
    """
    return [
        Line(sheet.name, number, tuple((at, text) for at, text in enumerate(cells) if text))
        for sheet in document.sheets
        if not is_unread(sheet.name)
        for number, cells in head_of(sheet)
    ]


def find_labelled(lines: Iterable[Line], kind: str) -> list[Said]:
    """What stands behind one kind of label, blanks left out.

    Args:
        lines: of a document.
        kind: `reporter`, `period` or `unit`.
    """
    return [said for line in lines for label, said in _read_labels(line) if label == kind]


def find_money_units(lines: Sequence[Line], contract: Contract) -> list[Said]:
    """The units a form's unit lines and titles name, each as written and without brackets."""
    found = find_labelled(lines, "unit")
    for title in find_titles(lines, [contract]).get(contract.dataset, []):
        if unit := _TITLE_UNIT.search(title.text):
            found.append(Said(unit[1], title.sheet, title.source_row, title.cell))
    return [
        replace(said, text=unicodedata.normalize("NFKC", said.text).strip("()")) for said in found
    ]


def find_titles(lines: Iterable[Line], contracts: Iterable[Contract]) -> dict[str, list[Said]]:
    """The titles of forms by dataset."""
    titles = list_titles(contracts)
    found: dict[str, list[Said]] = {}
    for line in lines:
        if len({text for _, text in line.cells}) > TITLE_CELLS:
            continue
        for place, text in line.cells:
            for dataset in match_titles(text, titles):
                found.setdefault(dataset, []).append(line.say(place, text))
    return found


def list_titles(contracts: Iterable[Contract]) -> dict[str, str]:
    """Folded title to dataset."""
    return {
        fold_name(title): contract.dataset
        for contract in contracts
        for title in (contract.title.zh, *contract.title_spellings)
    }


def match_titles(text: str, titles: dict[str, str]) -> set[str]:
    """The datasets whose titles a text holds, a title inside a longer one left out."""
    folded = fold_name(text)
    found = [title for title in titles if title in folded]
    return {
        titles[title]
        for title in found
        if not any(title != other and title in other for other in found)
    }


def _read_labels(line: Line) -> Iterator[tuple[str, Said]]:
    """Labels with what stands behind them: in the same cell, or else in the next filled one.

    Only a cell that begins with a label is read for labels: a sentence that mentions one is none.
    """
    for index, (place, text) in enumerate(line.cells):
        if ("：" not in text and ":" not in text) or not _LABEL.match(text.lstrip(" 　\t(（【[")):
            continue
        labels = list(_LABEL.finditer(text))
        for label, following in zip(labels, [*labels[1:], None], strict=True):
            kind = str(label.lastgroup)
            value = _trim(text[label.end() : following.start() if following else None])
            if value:
                yield kind, line.say(place, value)
            elif following is None and index + 1 < len(line.cells):
                beside, value = line.cells[index + 1]
                if not _LABEL.match(value.strip()):
                    yield kind, line.say(beside, _trim(value))


def _trim(text: str) -> str:
    """The value alone: no blanks, no place of the seal, no other label, no bracket left over."""
    value = _OTHER_LABEL.split(_SEAL.sub("", text))[0].strip(_BETWEEN)
    return value if re.search(r"[(（【\[]", value) else value.rstrip(")）】]").strip(_BETWEEN)
