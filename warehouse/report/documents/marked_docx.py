"""Writes a checked text as a Word document: every number shaded, and comments that say why."""

from __future__ import annotations

import io
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from docx.document import Document as WordDocument

from warehouse.contracts.model import Text
from warehouse.report.documents.docx_comments import DocxComments
from warehouse.report.documents.docx_inline import Piece
from warehouse.report.documents.docx_new import make_docx
from warehouse.report.documents.docx_open import open_docx
from warehouse.report.documents.docx_runs import Stretch, shade, split_runs
from warehouse.report.documents.docx_walk import DocxWalk
from warehouse.report.documents.failure import tell_unread, tell_unwritten
from warehouse.report.documents.spans import keep_apart
from warehouse.report.documents.status_signs import SIGNS, write_amount, write_release
from warehouse.report.model import CheckedText, Item, Remark
from warehouse.whole_file import put_whole


@dataclass(frozen=True)
class _Mark:
    """A stretch of the text to be marked.

    Attributes:
        fill: its background as RRGGBB; None to leave it.
        comment: paragraphs of the comment on it; none for no comment.
    """

    start: int
    end: int
    fill: str | None
    comment: tuple[str, ...]


def write_marked_docx(checked: CheckedText, original: Path, target: Path) -> None:
    """Writes the document, whole or not at all.

    Args:
        checked: the text and what was found in it.
        original: the file it was read from. A .docx is written again as it is, with the marks; of
            any other a new document is made of its blocks.
        target: the file to write; one that is there is replaced.

    Raises:
        DocumentUnread: the original cannot be read any more, or says something else than was
            checked.
        DocumentUnwritten: the file cannot be written.
    """
    word, pieces = _open(checked, original)
    _lay_marks(word, pieces, _list_marks(checked))
    content = io.BytesIO()
    word.save(content)
    try:
        put_whole(target, content.getvalue())
    except OSError as error:
        raise tell_unwritten(target, error) from error


def _open(checked: CheckedText, original: Path) -> tuple[WordDocument, Sequence[Piece]]:
    if original.suffix.lower() != ".docx":
        return make_docx(checked.document)
    try:
        word = open_docx(original)
    except OSError as error:
        raise tell_unread(
            str(original),
            f"打不开（{error.strerror}）。核对之后请把原件留在原处。",
            f"It cannot be opened ({error.strerror}). Leave the file in its place while it is "
            "checked.",
        ) from error
    walk = DocxWalk(word, original.name)
    if walk.document.text != checked.document.text:
        raise tell_unread(
            str(original),
            "核对之后又改过，标记会错位。请重新核对。",
            "It was changed after it was checked, so marks would be misplaced. Check it again.",
        )
    return word, walk.pieces


def _lay_marks(word: WordDocument, pieces: Sequence[Piece], marks: Sequence[_Mark]) -> None:
    cuts = sorted({place for mark in marks for place in (mark.start, mark.end)})
    stretches = split_runs(pieces, cuts)
    starts = [stretch.start for stretch in stretches]
    comments: DocxComments | None = None
    for mark in marks:
        within = _find_within(stretches, starts, mark)
        if not within:
            continue
        for stretch in within:
            if mark.fill:
                shade(stretch.run, mark.fill)
        if mark.comment:
            comments = comments or DocxComments(word)
            comments.add(within[0].anchor, within[-1].anchor, mark.comment)


def _find_within(
    stretches: Sequence[Stretch], starts: Sequence[int], mark: _Mark
) -> Sequence[Stretch]:
    first, last = bisect_left(starts, mark.start), bisect_right(starts, mark.end - 1)
    return stretches[first:last]


def _list_marks(checked: CheckedText) -> list[_Mark]:
    marks = [
        _Mark(item.start, item.end, SIGNS[item.status].fill, tuple(_comment_on(item)))
        for item in keep_apart(checked.items)
    ]
    for remark in checked.remarks:
        spans = [span for span in remark.spans if span[0] < span[1]]
        marks += (_Mark(*span, None, _comment_on_remark(remark)) for span in spans[:1])
    return marks


def _comment_on(item: Item) -> list[str]:
    """What is said of a number, Chinese first; nothing where nobody has to look."""
    if item.status in {"not a measure", "agrees"}:
        return []
    sign = SIGNS[item.status]
    said: list[str] = []
    for language, published in (("zh", "已发布值 "), ("en", "published value ")):
        head = [f"{sign.mark} {sign.word.of(language)}"]
        if item.warehouse_value is not None:
            head.append(published + write_amount(item.warehouse_value, item.unit))
        release = write_release(item)
        if release:
            head.append(release.of(language))
        said.append(("｜" if language == "zh" else " | ").join(head))
        said.append((item.reason or sign.meaning).of(language))
    return said


def _comment_on_remark(remark: Remark) -> tuple[str, ...]:
    heads = Text(zh="⚑ 前后不一致", en="⚑ Inconsistent within the text")
    return tuple(
        line
        for language in ("zh", "en")
        for line in (
            heads.of(language),
            remark.sentence.of(language),
            remark.remedy.of(language),
        )
    )
