"""The encoding of a text file, found by a fixed ladder, and its text as UTF-8.

A byte order mark decides; without one, strict UTF-8 is tried and then strict GB18030. Libraries
that guess read short Chinese texts as Big5 or Korean, and plain GBK lacks rare characters of names.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from warehouse.read.refuse import Refused

_SLICE = 4 * 1024**2
# Chinese text in GB18030 fails as UTF-8 within a few characters (one in seven passes by chance), so
# after this many that read well a fault is damage, not another encoding.
_CONVINCING = 20


def to_utf_8(content: bytes) -> tuple[str, bytes]:
    """Name the encoding of a text file and give its text as UTF-8 without a byte order mark.

    Returns:
        ``utf-8-sig``, ``utf-16``, ``utf-8`` or ``gb18030``, and the text.

    Raises:
        Refused: ``not_a_table`` for bytes no text has, ``damaged`` for text that breaks off in the
            middle of a character or holds bytes its encoding lacks; ``offset`` says where.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = b"".join(_recode(content, "utf-16"))
        _refuse_nul(text)
        return "utf-16", text
    _refuse_nul(content)
    if content.startswith(codecs.BOM_UTF8):
        content = content[len(codecs.BOM_UTF8) :]
        _find_fault(content)
        return "utf-8-sig", content
    try:
        _find_fault(content)
    except Refused as refused:
        offset = int(refused.facts["offset"])
        if _count_beyond_ascii(content[:offset]) >= _CONVINCING:
            raise
        return "gb18030", b"".join(_recode(content, "gb18030"))
    return "utf-8", content


def _refuse_nul(content: bytes) -> None:
    offset = content.find(b"\0")
    if offset >= 0:
        raise Refused("not_a_table", found="NUL", offset=offset)


def _find_fault(content: bytes) -> None:
    for _ in _decode(content, "utf-8"):
        pass


def _recode(content: bytes, encoding: str) -> Iterator[bytes]:
    for text in _decode(content, encoding):
        try:
            yield text.encode()
        except UnicodeEncodeError as error:
            raise Refused("damaged", encoding=encoding, found="surrogate") from error


def _decode(content: bytes, encoding: str) -> Iterator[str]:
    """Decode slice by slice, so that no second copy of a large file is held."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    pending = 0
    for start in range(0, len(content), _SLICE):
        end = start + _SLICE
        try:
            yield decoder.decode(content[start:end], final=end >= len(content))
        except UnicodeDecodeError as error:
            offset = start - pending + error.start
            raise Refused("damaged", encoding=encoding, offset=offset) from error
        state = decoder.getstate()[0]
        pending = len(state)


def _count_beyond_ascii(content: bytes) -> int:
    return sum(character > "\x7f" for character in content[:4096].decode(errors="ignore"))
