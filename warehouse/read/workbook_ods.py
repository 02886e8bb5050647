"""The cells of an OpenDocument spreadsheet (ods).

Its one content member states everything about a cell: type, value, text, repeats, hidden rows.
It is read here in one pass rather than through a spreadsheet reader, because readers drop
percentages and error values and unfold a repeated cell as often as the file says.
"""

from __future__ import annotations

import re
from xml.parsers import expat

from warehouse.read.ods_sheet import OdsSheet, write_ods_value
from warehouse.read.refuse import Limits, Refused
from warehouse.read.sheet import Document, cell_address
from warehouse.read.zip_parts import ZipParts, parse_xml

_CONTENT = "content.xml"
_HIDDEN = ("collapse", "filter")
_ERROR_TEXT = re.compile(r"#[A-Z/0]+[!?]|#N/A|Err:\d+")
_COLUMNS = 16_384
# Elements whose cells or paragraphs are not those of the sheet.
_SKIPPED = frozenset(
    {
        "office:annotation",
        "table:tracked-changes",
        "table:shapes",
        "text:ruby-text",
        "draw:frame",
        "draw:custom-shape",
    }
)
_PREFIXES = {
    "urn:oasis:names:tc:opendocument:xmlns:office:1.0": "office",
    "urn:oasis:names:tc:opendocument:xmlns:table:1.0": "table",
    "urn:oasis:names:tc:opendocument:xmlns:text:1.0": "text",
    "urn:oasis:names:tc:opendocument:xmlns:style:1.0": "style",
    "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0": "draw",
    "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0": "calcext",
}


def read_ods(parts: ZipParts, limits: Limits) -> Document:
    """Read all sheets of an OpenDocument spreadsheet.

    Raises:
        Refused: ``encrypted``, ``damaged`` or ``too_large``.
    """
    manifest = "META-INF/manifest.xml"
    if parts.has(manifest) and b"encryption-data" in parts.read(manifest):
        raise Refused("encrypted", found="manifest")
    reader = _ContentReader(limits)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parse_xml(parser, parts.read_xml(_CONTENT), _CONTENT)
    return Document(
        kind="ods",
        encoding=None,
        sheets=tuple(table.finish(limits) for table in reader.tables if not table.is_link),
        has_macros=any(name.startswith(("basic/", "scripts/")) for name in parts.names),
        has_external_links=reader.has_external_links,
    )


class _ContentReader:
    """Receives the elements of the content member in document order."""

    def __init__(self, limits: Limits) -> None:
        self.tables: list[OdsSheet] = []
        self.has_external_links = False
        self._cells_left = limits.cells
        self._limits = limits
        self._skipped = 0
        self._style = ""
        self._hidden_styles: set[str] = set()
        self._cell: dict[str, str] | None = None
        self._words: list[str] = []
        self._paragraphs = 0
        self._is_paragraph = False

    def start(self, full_name: str, full_attributes: dict[str, str]) -> None:
        name = _short(full_name)
        if self._skipped or name in _SKIPPED:
            self._skipped += 1
            return
        attributes = {_short(key): value for key, value in full_attributes.items()}
        if name in ("table:table-cell", "table:covered-table-cell"):
            self._cell, self._words, self._paragraphs = attributes, [], 0
        elif name.startswith("text:"):
            self._start_text(name, attributes)
        elif name.startswith("table:"):
            self._start_table_part(name, attributes)
        elif name == "style:style":
            self._style = attributes.get("style:name", "")
        elif name == "style:table-properties" and attributes.get("table:display") == "false":
            self._hidden_styles.add(self._style)

    def end(self, full_name: str) -> None:
        if self._skipped:
            self._skipped -= 1
            return
        name = _short(full_name)
        if name in ("text:p", "text:h"):
            self._is_paragraph = False
        elif name in ("table:table-cell", "table:covered-table-cell"):
            self._end_cell()
        elif name == "table:table-row" and self.tables:
            self._end_row(self.tables[-1])

    def text(self, text: str) -> None:
        if self._is_paragraph and not self._skipped:
            self._words.append(text)

    def _start_text(self, name: str, attributes: dict[str, str]) -> None:
        if name in ("text:p", "text:h"):
            if self._paragraphs:
                self._words.append("\n")
            self._paragraphs += 1
            self._is_paragraph = True
        elif name == "text:s":
            self._words.append(" " * min(_count(attributes, "text:c"), 1000))
        elif name in ("text:tab", "text:line-break"):
            self._words.append("\t" if name == "text:tab" else "\n")

    def _start_table_part(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table:table":
            is_hidden = attributes.get("table:style-name") in self._hidden_styles
            self.tables.append(OdsSheet(attributes.get("table:name", ""), is_hidden))
        elif not self.tables:
            return
        table = self.tables[-1]
        if name == "table:table-source":
            self.has_external_links = table.is_link = True
        elif name == "table:table-row":
            table.row_repeat = _count(attributes, "table:number-rows-repeated")
            table.column, table.filled = 0, {}
            if attributes.get("table:visibility") in _HIDDEN:
                table.hidden_rows.append((table.row, table.row + table.row_repeat))
        elif name == "table:table-column":
            first = table.next_column
            table.next_column += _count(attributes, "table:number-columns-repeated")
            if attributes.get("table:visibility") in _HIDDEN:
                table.hidden_columns.update(range(first, min(table.next_column, _COLUMNS)))

    def _end_row(self, table: OdsSheet) -> None:
        first, end = table.row, table.row + table.row_repeat
        table.row = end
        if table.filled:
            self._spend(len(table.filled) * table.row_repeat)
            table.rows.extend((number, table.filled) for number in range(first, end))

    def _end_cell(self) -> None:
        cell, self._cell = self._cell or {}, None
        if not self.tables:
            return
        table = self.tables[-1]
        repeat = _count(cell, "table:number-columns-repeated")
        first = table.column
        table.column += repeat
        self._note_span(table, cell, first)
        formula = cell.get("table:formula")
        if formula and "'file:" in formula:
            self.has_external_links = True
        text = "".join(self._words)
        value = write_ods_value(cell, text)
        is_error = cell.get("calcext:value-type") == "error" or (
            formula is not None and _ERROR_TEXT.fullmatch(text) is not None
        )
        if value is None and formula is None:
            return
        self._spend(repeat * table.row_repeat)
        for column in range(first, first + repeat):
            address = cell_address(table.row, column)
            if is_error:
                table.errors.add(address)
                table.filled[column] = text
            elif value is not None:
                table.filled[column] = value
            else:
                table.uncalculated.add(address)

    def _note_span(self, table: OdsSheet, cell: dict[str, str], column: int) -> None:
        rows = _count(cell, "table:number-rows-spanned")
        columns = _count(cell, "table:number-columns-spanned")
        if rows > 1 or columns > 1:
            table.merged.append((table.row, column, table.row + rows - 1, column + columns - 1))

    def _spend(self, cells: int) -> None:
        self._cells_left -= cells
        if self._cells_left < 0:
            raise Refused("too_large", limit=self._limits.cells)


def _count(attributes: dict[str, str], name: str) -> int:
    count = attributes.get(name, "1")
    if not (count.isdecimal() and 0 < len(count) < 12):
        raise Refused("damaged", part=_CONTENT, found=f"{name}={count}"[:100])
    return max(int(count), 1)


def _short(name: str) -> str:
    namespace, _, local = name.rpartition(" ")
    return f"{_PREFIXES.get(namespace, '')}:{local}"
