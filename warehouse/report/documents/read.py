"""Reads a report, whatever it was written with, into plain text and blocks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from warehouse.contracts.model import Text
from warehouse.report.documents.docx_text import read_docx
from warehouse.report.documents.failure import (
    DocumentUnread,
    tell_empty,
    tell_too_large,
    tell_unread,
)
from warehouse.report.documents.html_text import read_html
from warehouse.report.documents.markdown_text import read_markdown
from warehouse.report.documents.pdf_text import read_pdf
from warehouse.report.documents.plain_text import read_plain_text
from warehouse.report.model import Document

READERS: dict[str, Callable[[Path], Document]] = {
    ".txt": read_plain_text,
    ".md": read_markdown,
    ".docx": read_docx,
    ".html": read_html,
    ".htm": read_html,
    ".pdf": read_pdf,
}
"""What reads a file, by its ending."""

LARGEST_MB = 50

_SAVE_AS_DOCX = Text(
    zh="请用 Word 或 WPS 打开，另存为 .docx 再核对。",
    en="Open it in Word or WPS, save it as .docx, and check that.",
)
_NO_REPORT = Text(
    zh="这是表格或演示文稿，不是报告正文。请把正文存为 .docx 再核对；报表请用 biaogan check 检查。",
    en="It is a table or slides, no text. Save the text as .docx and check that; a form is checked "
    "with biaogan check.",
)
_ADVICE = dict.fromkeys((".doc", ".wps", ".wpt", ".rtf", ".odt", ".docm", ".ofd"), _SAVE_AS_DOCX)
_ADVICE |= dict.fromkeys((".xlsx", ".xls", ".et", ".csv", ".ods", ".pptx", ".ppt"), _NO_REPORT)


def read_document(path: Path) -> Document:
    """The text of a .txt, .md, .docx, .html, .htm or .pdf file.

    Raises:
        DocumentUnread: it cannot be read, and why: missing, of an unknown kind, larger than 50 MB,
            encrypted, damaged, a scan, or without text.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise _tell_unknown(path)
    try:
        _refuse_size(path)
        document = reader(path)
    except OSError as error:
        raise _tell_unopened(path, error) from error
    if not document.blocks:
        raise tell_empty(path.name)
    return document


def _refuse_size(path: Path) -> None:
    size = path.stat().st_size
    if size > LARGEST_MB * 1024**2:
        raise tell_too_large(path.name, LARGEST_MB)
    if size == 0:
        raise tell_empty(path.name)


def _tell_unknown(path: Path) -> DocumentUnread:
    advice = _ADVICE.get(path.suffix.lower(), _SAVE_AS_DOCX)
    kinds = " ".join(READERS)
    return tell_unread(
        path.name,
        f"读不了 {path.suffix or '没有扩展名的'} 文件，只读 {kinds}。{advice.zh}",
        f"A {path.suffix or 'nameless kind of'} file cannot be read, only {kinds}. {advice.en}",
    )


def _tell_unopened(path: Path, error: OSError) -> DocumentUnread:
    if isinstance(error, FileNotFoundError):
        return tell_unread(
            str(path),
            "没有这个文件。请检查路径。",
            "There is no such file. Check the path.",
        )
    if isinstance(error, IsADirectoryError):
        return tell_unread(
            str(path),
            "这是文件夹。请给其中的一个文件。",
            "This is a folder. Give one of the files in it.",
        )
    return tell_unread(
        str(path),
        f"打不开（{error.strerror}）。请检查权限，并确认没有别的程序占用。",
        f"It cannot be opened ({error.strerror}). Check your permission to read it, and that no "
        "other program holds it.",
    )
