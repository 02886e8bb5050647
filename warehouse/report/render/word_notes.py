"""Word's own footnotes, which python-docx does not write: the part, its notes, the references."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from warehouse.report.render.notes import Note
from warehouse.report.render.word_styles import NOTE, NOTE_SIGN

_SEPARATORS = (("-1", "separator"), ("0", "continuationSeparator"))
"""The line above footnotes; Word wants both, by these numbers."""


def write_notes(document: Document, notes: Sequence[Note]) -> None:
    """Adds the part with all footnotes, numbered from 1; the references are added one by one."""
    root = parse_xml(f"<w:footnotes {nsdecls('w')}/>")
    settings: Any = OxmlElement("w:footnotePr")
    for place, kind in _SEPARATORS:
        root.append(
            parse_xml(
                f'<w:footnote {nsdecls("w")} w:type="{kind}" w:id="{place}"><w:p><w:pPr>'
                '<w:spacing w:after="0" w:line="240" w:lineRule="auto"/></w:pPr>'
                f"<w:r><w:{kind}/></w:r></w:p></w:footnote>"
            )
        )
        separator = OxmlElement("w:footnote")
        separator.set(qn("w:id"), place)
        settings.append(separator)
    names = {name: document.styles[name].style_id for name in (NOTE, NOTE_SIGN)}
    for number, note in enumerate(notes, start=1):
        root.append(_write_note(number, note, names))
    content = serialize_part_xml(root)
    package = document.part.package
    part = Part(PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, content, package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    _place_setting(document.settings.element, settings)


def add_reference(paragraph: Any, number: int) -> None:  # noqa: ANN401
    """The sign that leads to a footnote."""
    run = paragraph.add_run()
    run.style = NOTE_SIGN
    reference = OxmlElement("w:footnoteReference")
    reference.set(qn("w:id"), str(number))
    run._r.append(reference)


def _write_note(number: int, note: Note, names: dict[str, str]) -> Any:  # noqa: ANN401
    proof = f"依据：{'，'.join(note.commands)}" if note.commands else ""
    element: Any = parse_xml(
        f'<w:footnote {nsdecls("w")} w:id="{number}"><w:p><w:pPr>'
        f'<w:pStyle w:val="{names[NOTE]}"/></w:pPr>'
        f'<w:r><w:rPr><w:rStyle w:val="{names[NOTE_SIGN]}"/></w:rPr><w:footnoteRef/></w:r>'
        '<w:r><w:t xml:space="preserve"/></w:r></w:p></w:footnote>'
    )
    element.findall(f".//{qn('w:t')}")[0].text = f" {note.sentence}{proof}"
    return element


def _place_setting(settings: Any, footnotes: Any) -> None:  # noqa: ANN401
    """Before what the schema wants behind it: Word refuses settings out of their order."""
    following = ("endnotePr", "compat", "docVars", "rsids", "mathPr", "themeFontLang")
    names = {qn(f"w:{name}") for name in following} | {
        "{http://schemas.openxmlformats.org/officeDocument/2006/math}mathPr"
    }
    for child in settings:
        if child.tag in names:
            child.addprevious(footnotes)
            return
    settings.append(footnotes)
