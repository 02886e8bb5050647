"""Reads what stands within a paragraph of a .docx."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from docx.oxml.ns import qn

from warehouse.report.documents.element import Element

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_WRAPPERS = frozenset(
    map(
        qn,
        (
            "w:hyperlink", "w:ins", "w:moveTo", "w:smartTag", "w:customXml", "w:dir", "w:bdo",
            "w:sdt", "w:sdtContent",
        ),
    )
) | {f"{_MC}AlternateContent", f"{_MC}Choice"}  # fmt: skip
_SIGNS = {
    qn("w:tab"): "\t", qn("w:ptab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n",
    qn("w:noBreakHyphen"): "-",
}  # fmt: skip
_T, _R, _SYM, _FIELD = qn("w:t"), qn("w:r"), qn("w:sym"), qn("w:fldChar")
_BOX, _DRAWINGS = qn("w:txbxContent"), frozenset({qn("w:drawing"), qn("w:pict"), qn("w:object")})
_ONE_LINE = str.maketrans("\n\r\t", "   ")
_OFF = frozenset({"0", "false", "off"})
# What Word counts by itself is not what the writer says.
_COUNTED = re.compile(
    r"\s*(?:PAGE|PAGEREF|NUMPAGES|SECTIONPAGES|SECTION|SEQ|LISTNUM|AUTONUM\w*|TOC|NOTEREF)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Piece:
    """A stretch of the text and the element it comes from.

    Attributes:
        start: its first character; `end` is the one after its last.
        node: `w:t`, or an element that stands for one character, such as `w:tab`.
        run: the `w:r` it lies in.
        anchor: the run a comment on it is fastened to: of the text itself, also for what stands in
            a text box, where Word allows no comment.
    """

    start: int
    end: int
    node: Element
    run: Element
    anchor: Element

    def shift(self, by: int) -> Piece:
        """The same piece `by` characters further on."""
        return replace(self, start=self.start + by, end=self.end + by)


@dataclass
class Inline:
    """What stands within a paragraph.

    Attributes:
        text: its characters.
        pieces: where they come from.
        boxes: text boxes hung onto it, each with the run it hangs on.
    """

    text: str = ""
    pieces: list[Piece] = field(default_factory=list)
    boxes: list[tuple[Element, Element]] = field(default_factory=list)

    def append_line(self, other: Inline) -> None:
        """Puts another below it, if that says something."""
        if not other.text.strip():
            return
        if self.text:
            self.text += "\n"
        self.pieces += (piece.shift(len(self.text)) for piece in other.pieces)
        self.text += other.text


class InlineReader:
    """Reads paragraphs one after the other; a field may reach from one into the next."""

    def __init__(self) -> None:
        """Begins outside of any field."""
        self._fields: list[_Field] = []

    def read(self, paragraph: Element, inline: Inline, anchor: Element | None = None) -> None:
        """Adds what a paragraph says to `inline`.

        Deleted and hidden text is left out, and so is what Word counts by itself.
        """
        said: list[str] = [inline.text]
        at = len(inline.text)
        for run, outer in _list_runs(paragraph, anchor):
            for node, text in self._read_run(run, outer, inline):
                said.append(text)
                inline.pieces.append(Piece(at, at + len(text), node, run, outer))
                at += len(text)
        inline.text = "".join(said)

    def _read_run(
        self, run: Element, anchor: Element, inline: Inline
    ) -> Iterator[tuple[Element, str]]:
        if _is_hidden(run):
            return
        for node in run:
            if node.tag == _FIELD:
                self._step(node)
            elif node.tag == qn("w:instrText"):
                self._instruct(node.text or "")
            elif node.tag in _DRAWINGS or node.tag == f"{_MC}AlternateContent":
                inline.boxes += ((box, anchor) for box in _list_boxes(node))
            elif (text := _read_node(node)) and not any(item.is_unseen for item in self._fields):
                yield node, text

    def _step(self, node: Element) -> None:
        kind = node.get(qn("w:fldCharType"))
        if kind == "begin":
            self._fields.append(_Field())
        elif kind == "separate" and self._fields:
            self._fields[-1].is_result = True
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _instruct(self, text: str) -> None:
        if self._fields:
            self._fields[-1].instruction += text


@dataclass
class _Field:
    """A field that is open: first what Word is to do, then what came of it."""

    instruction: str = ""
    is_result: bool = False

    @property
    def is_unseen(self) -> bool:
        return not self.is_result or bool(_COUNTED.match(self.instruction))


def _list_runs(element: Element, anchor: Element | None) -> Iterator[tuple[Element, Element]]:
    """The runs within an element, each with the run comments on it are fastened to."""
    for child in element:
        if child.tag == _R:
            yield child, child if anchor is None else anchor
            for base in child.iterfind(f"{qn('w:ruby')}/{qn('w:rubyBase')}"):
                yield from _list_runs(base, child if anchor is None else anchor)
        elif child.tag in _WRAPPERS or (
            child.tag == qn("w:fldSimple") and not _COUNTED.match(child.get(qn("w:instr"), ""))
        ):
            yield from _list_runs(child, anchor)


def _read_node(node: Element) -> str:
    if node.tag == _T:
        return str(node.text or "").translate(_ONE_LINE)
    if node.tag == _SYM:
        given = str(node.get(qn("w:char"), ""))
        code = int(given, 16) if re.fullmatch("[0-9A-Fa-f]{1,5}", given) else 0
        return chr(code) if 0x20 <= code < 0xD800 else ""
    return _SIGNS.get(node.tag, "")


def _list_boxes(node: Element) -> Iterator[Element]:
    """The text boxes in a drawing; the one kept for old programs says the same once more."""
    for child in node:
        if child.tag == _BOX:
            yield child
        elif child.tag != f"{_MC}Fallback":
            yield from _list_boxes(child)


def _is_hidden(run: Element) -> bool:
    hidden = run.find(f"{qn('w:rPr')}/{qn('w:vanish')}")
    return hidden is not None and hidden.get(qn("w:val")) not in _OFF
