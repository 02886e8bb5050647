"""The XML of the list around and within its rows: cells, widths, guides, print setup."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from warehouse.returned.fills import BASE_COLOURS
from warehouse.returned.xml_places import write_text, write_value

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TAB_COLOUR = f"FF{BASE_COLOURS['must_fix']:06X}"
_HIDDEN = ' hidden="1"'
_PROMPT_LIMIT = 255
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{main}"><sheetPr>'
    '<tabColor rgb="{colour}"/><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews><sheetView '
    'showGridLines="0" tabSelected="1" workbookViewId="0"><pane ySplit="{heading}" '
    'topLeftCell="A{below}" activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft"/>'
    '</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>'
)
_FOOT = (
    '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>'
    '<pageSetup paperSize="9" fitToHeight="0" orientation="landscape"/><headerFooter><oddFooter>'
    "&amp;C第 &amp;P 页，共 &amp;N 页</oddFooter></headerFooter></worksheet>"
)


@dataclass(frozen=True)
class Guide:
    """What entries of some cells are to be, and what is said beside them.

    Attributes:
        kind: `textLength`, `date` or `custom`.
        operator: how an entry compares with the limit; empty for a formula.
        style: `stop` forbids other entries, `warning` asks back.
    """

    kind: str
    cells: str
    operator: str
    limit: str
    words: str
    style: str = "warning"


@dataclass(frozen=True)
class Frame:
    """What stands around the rows of the list.

    Attributes:
        widths: of all columns in letters.
        hidden: places of the columns that are hidden, from 0.
        heading: the row of the headings.
        filtered: the table with its headings.
        links: where each link leads, by cell.
    """

    widths: Sequence[int]
    hidden: frozenset[int]
    heading: int
    filtered: str
    merged: Sequence[str]
    guides: Sequence[Guide]
    links: Mapping[str, str]


def write_cell(address: str, style: int, text: str, *, is_number: bool = False) -> str:
    """One cell; a text is written as a text whatever it looks like."""
    if not text:
        return f'<c r="{address}" s="{style}"/>'
    if is_number:
        return f'<c r="{address}" s="{style}"><v>{text}</v></c>'
    written = f'<t xml:space="preserve">{write_text(text).decode()}</t>'
    return f'<c r="{address}" s="{style}" t="inlineStr"><is>{written}</is></c>'


def write_sheet(rows: Sequence[str], frame: Frame) -> bytes:
    """The whole sheet."""
    columns = [
        f'<col min="{place + 1}" max="{place + 1}" width="{width}" customWidth="1"'
        f"{_HIDDEN if place in frame.hidden else ''}/>"
        for place, width in enumerate(frame.widths)
    ]
    links = [
        f'<hyperlink ref="{cell}" location="{write_value(target).decode()}"/>'
        for cell, target in frame.links.items()
    ]
    parts = [
        _HEAD.format(
            main=_MAIN, colour=_TAB_COLOUR, heading=frame.heading, below=frame.heading + 1
        ),
        _wrap("cols", columns),
        _wrap("sheetData", rows),
        f'<autoFilter ref="{frame.filtered}"/>',
        _wrap("mergeCells", [f'<mergeCell ref="{cells}"/>' for cells in frame.merged]),
        _wrap("dataValidations", [_write_guide(guide) for guide in frame.guides]),
        _wrap("hyperlinks", links),
        _FOOT,
    ]
    return "".join(parts).encode()


def _write_guide(guide: Guide) -> str:
    words = write_value(guide.words[:_PROMPT_LIMIT]).decode()
    operator = f' operator="{guide.operator}"' if guide.operator else ""
    return (
        f'<dataValidation type="{guide.kind}" errorStyle="{guide.style}"{operator} allowBlank="1" '
        f'showInputMessage="1" showErrorMessage="1" error="{words}" prompt="{words}" '
        f'sqref="{guide.cells}"><formula1>{guide.limit}</formula1></dataValidation>'
    )


def _wrap(name: str, entries: Sequence[str]) -> str:
    return f"<{name}>{''.join(entries)}</{name}>" if entries else ""
