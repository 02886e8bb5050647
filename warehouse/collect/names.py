"""Judges a file by its name alone, before anything is fetched: take it, ignore it, or refuse it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath

_SYSTEM_FILES = {"thumbs.db", "desktop.ini", ".ds_store", "__macosx", "$recycle.bin"}
_TEMPORARY_SUFFIXES = (".tmp", ".temp", ".part", ".partial", ".filepart", ".crdownload", ".swp")
_LOCK_PREFIXES = ("~$", ".~")  # Excel, Word; LibreOffice and WPS
_DRIVE = re.compile(r"[A-Za-z]:")
_BIDI_CONTROLS = {*"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"}


@dataclass(frozen=True)
class Verdict:
    """What becomes of a file.

    Attributes:
        outcome: `refused`, `ignored` or `waiting`; `stored` or `identical` once it was fetched.
        reason: the code that says why it is not read, such as `name_leaves_folder`.
    """

    outcome: str
    reason: str | None = None


def judge_name(name: str) -> Verdict | None:
    """Judges a name relative to its source, with `/` between folders; None means: take it."""
    parts = name.split("/")
    if "\\" in name or _DRIVE.match(name) or not {"", ".", ".."}.isdisjoint(parts):
        return Verdict("refused", "name_leaves_folder")
    if not all(map(_is_readable, name)):
        return Verdict("refused", "unreadable_name")
    return next(
        (Verdict("ignored", reason) for reason in map(_find_clutter, parts) if reason), None
    )


def decode_name(raw: bytes) -> str:
    """Turns the bytes of a file name into text: UTF-8 first, then GB18030, as old servers write.

    What is neither comes back with replacement characters, and `judge_name` refuses it.
    """
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "replace")


def show_name(name: str) -> str:
    """Writes a name so that it is safe in a table, a log or a ledger: control signs are spelled."""
    return "".join(sign if _is_readable(sign) else f"<U+{ord(sign):04X}>" for sign in name)


def _is_readable(sign: str) -> bool:
    return (
        unicodedata.category(sign) not in {"Cc", "Cs"}
        and sign not in _BIDI_CONTROLS
        and sign != "\ufffd"
    )


def _find_clutter(part: str) -> str | None:
    lowered = part.lower()
    if lowered in _SYSTEM_FILES:
        return "system_file"
    if lowered.startswith(_LOCK_PREFIXES):
        return "office_lock"
    if lowered.endswith("~") or PurePosixPath(lowered).suffix in _TEMPORARY_SUFFIXES:
        return "temporary_file"
    return "hidden" if lowered.startswith(".") else None
