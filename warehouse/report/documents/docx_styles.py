"""What the styles of a .docx say of a paragraph: heading, list item, table of contents."""

from __future__ import annotations

import re
from dataclasses import dataclass

from docx.oxml.ns import qn

from warehouse.report.documents.element import Element

_HEADING = re.compile(r"(?:heading|标题) ?([1-9])$", re.IGNORECASE)
_TITLES = frozenset({"title", "标题"})
_LISTS = ("list", "列表", "列出段落")
_CONTENTS = re.compile(r"(?:toc|目录) ?(?:[1-9]|heading|标题)?$", re.IGNORECASE)
_BODY_TEXT = 9
_DEEPEST = 30


@dataclass(frozen=True)
class Manner:
    """How a paragraph is set.

    Attributes:
        level: of a heading, the title being 1; 0 otherwise.
        is_item: whether it stands in a list.
        is_generated: whether it belongs to a table of contents.
    """

    level: int = 0
    is_item: bool = False
    is_generated: bool = False


class DocxStyles:
    """The paragraph styles of one document."""

    def __init__(self, styles: Element, body: Element) -> None:
        """Reads `w:styles`; headings lie below the title where `body` has one."""
        self._styles = {
            style.get(qn("w:styleId")): style
            for style in styles.iterfind(qn("w:style"))
            if style.get(qn("w:type")) == "paragraph"
        }
        self._default = next(
            (code for code, style in self._styles.items() if style.get(qn("w:default")) == "1"),
            None,
        )
        self._known: dict[str | None, Manner] = {}
        titles = {code for code in self._styles if self._read_name(code) in _TITLES}
        used = (style.get(qn("w:val")) for style in body.iter(qn("w:pStyle")))
        self._below_title = int(any(code in titles for code in used))

    def read_manner(self, properties: Element | None) -> Manner:
        """How a paragraph with these `w:pPr` is set."""
        style = None if properties is None else properties.find(qn("w:pStyle"))
        code = self._default if style is None else style.get(qn("w:val"))
        if code not in self._known:
            self._known[code] = self._read_style(code)
        manner = self._known[code]
        if properties is None:
            return manner
        level, is_item = self._read_own(properties)
        return Manner(
            manner.level if level is None else level,
            manner.is_item if is_item is None else is_item,
            manner.is_generated,
        )

    def _read_style(self, code: str | None) -> Manner:
        """Goes up from a style through those it is based on; what is nearer wins."""
        level: int | None = None
        is_item: bool | None = None
        is_generated = False
        for _ in range(_DEEPEST):
            style = self._styles.get(code)
            if style is None:
                break
            name = self._read_name(code)
            is_generated = is_generated or bool(_CONTENTS.match(name))
            level = self._name_level(name) if level is None else level
            own_level, own_item = self._read_own(style.find(qn("w:pPr")))
            level = own_level if level is None else level
            if own_item is None and name.startswith(_LISTS):
                own_item = True
            is_item = own_item if is_item is None else is_item
            based = style.find(qn("w:basedOn"))
            code = None if based is None else based.get(qn("w:val"))
        return Manner(level or 0, bool(is_item), is_generated)

    def _name_level(self, name: str) -> int | None:
        if name in _TITLES:
            return 1
        heading = _HEADING.match(name)
        return int(heading[1]) + self._below_title if heading else None

    def _read_own(self, properties: Element | None) -> tuple[int | None, bool | None]:
        """Level and list as the properties themselves say; None where they do not."""
        if properties is None:
            return None, None
        level = is_item = None
        outline = properties.find(qn("w:outlineLvl"))
        if outline is not None:
            at = int(outline.get(qn("w:val"), _BODY_TEXT))
            level = 0 if at >= _BODY_TEXT else at + 1 + self._below_title
        numbering = properties.find(f"{qn('w:numPr')}/{qn('w:numId')}")
        if numbering is not None:
            is_item = numbering.get(qn("w:val")) != "0"
        return level, is_item

    def _read_name(self, code: str | None) -> str:
        style = self._styles.get(code)
        name = None if style is None else style.find(qn("w:name"))
        return "" if name is None else str(name.get(qn("w:val"), "")).lower()
