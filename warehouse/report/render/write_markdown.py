"""Writes a report as Markdown: footnotes below, each picture in a file beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from warehouse.report.render.drawing import Drawing
from warehouse.report.render.notes import Note
from warehouse.report.render.pictures import draw_svg
from warehouse.report.render.press import replace_marks
from warehouse.report.render.printable import Printable

_SIGNS = re.compile(r"([\\`*_\[\]<>|#~])")


def write_markdown(
    text: str, placed: Sequence[Printable | Drawing], notes: Sequence[Note], stem: str
) -> dict[str, bytes]:
    """The files of a report: first, under the empty name, the report; then its pictures.

    Args:
        text: the filled template.
        placed: what its marks stand for.
        notes: the footnote of each.
        stem: what the pictures' names begin with.
    """
    pictures: dict[str, bytes] = {}

    def write(number: int) -> str:
        entry = placed[number]
        if entry.refused:
            word = f"〔{entry.refused.word}：{entry.name_zh}〕"
            return f"{_escape(word)}[^{number + 1}]"
        if isinstance(entry, Drawing):
            name = f"{stem}-{len(pictures) + 1}.svg"
            pictures[name] = draw_svg(entry).encode()
            title = _escape(entry.title)
            return f"![{title}](<{name}>)\n\n*{title}*[^{number + 1}]"
        return f"{_escape(entry.write().text)}[^{number + 1}]"

    body = replace_marks(text, write).rstrip("\n")
    below = [_write_note(number, note) for number, note in enumerate(notes, start=1)]
    report = "\n".join([body, "", *below, ""]) if below else f"{body}\n"
    return {"": report.encode(), **pictures}


def _write_note(number: int, note: Note) -> str:
    commands = "，".join(f"`{command}`" for command in note.commands)
    proof = f"依据：{commands}" if commands else ""
    return f"[^{number}]: {_escape(note.sentence)}{proof}"


def _escape(text: str) -> str:
    return _SIGNS.sub(r"\\\1", text.replace("\n", " "))
