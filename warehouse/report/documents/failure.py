"""Why a document cannot be read or marked, in one sentence that says what to do."""

from __future__ import annotations

from pathlib import Path

from warehouse.contracts.model import Text
from warehouse.told import ToldFault


class DocumentUnread(ToldFault):
    """A file that holds no text this program can read."""


class DocumentUnwritten(ToldFault):
    """A marked document cannot be made or put where it was asked for."""


def tell_unread(name: str, zh: str, en: str) -> DocumentUnread:
    """The fault of a file: its name, then what is wrong with it and what to do."""
    return DocumentUnread(Text(zh=f"{name}：{zh}", en=f"{name}: {en}"))


def tell_empty(name: str) -> DocumentUnread:
    """The fault of a file without a word in it."""
    return tell_unread(
        name,
        "里面没有文字。请确认给的是写好的报告正文。",
        "There is no text in it. Make sure it is the finished report.",
    )


def tell_damaged(name: str, kind: str) -> DocumentUnread:
    """The fault of a file that is not what its ending says, or only half of it."""
    return tell_unread(
        name,
        f"打不开，文件已损坏或不是真正的 {kind} 文件。请用 Word 或 WPS 打开后另存为 .docx，"
        "或重新取一份。",
        f"It cannot be opened: it is damaged, or no {kind} file. Open it in Word or WPS and save "
        "it as .docx, or fetch it again.",
    )


def tell_encrypted(name: str) -> DocumentUnread:
    """The fault of a file behind a password."""
    return tell_unread(
        name,
        "文件已加密。请用密码打开，去掉密码后另存再核对。",
        "The file is encrypted. Open it with its password, save it without one, and check that.",
    )


def tell_too_large(name: str, limit_mb: int, unpacked: bool = False) -> DocumentUnread:
    """The fault of a file beyond the size a report can have; `limit_mb` in megabytes."""
    zh, en = ("解开后", " unpacked") if unpacked else ("", "")
    return tell_unread(
        name,
        f"{zh}超过 {limit_mb} MB，不像一份报告。请删去图片和附件，只留正文，再核对。",
        f"It is larger than {limit_mb} MB{en}, which no report is. Take out pictures and "
        "attachments, keep the text, and check that.",
    )


def tell_unwritten(target: Path, error: OSError) -> DocumentUnwritten:
    """The fault of a marked file that cannot be put to its place."""
    return DocumentUnwritten(
        Text(
            zh=f"{target} 写不了（{error.strerror}）。请关闭正打开它的程序，或换一个文件夹。",
            en=f"{target} cannot be written ({error.strerror}). Close the program that has it "
            "open, or choose another folder.",
        )
    )
