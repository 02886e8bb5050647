"""Members of a zip container, unpacked within the sizes their directory declares."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from pathlib import Path
from types import TracebackType
from xml.parsers import expat

from warehouse.read.refuse import Limits, Refused

# What zipfile raises on damaged containers (seen by damaging real ones at random).
_ZIP_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    ValueError,
)
_READABLE_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED_FLAG = 0x1
_DECLARED_ENCODING = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([^"']*)""")
_ACCEPTED_ENCODINGS = (b"utf-8", b"utf8", b"us-ascii", b"ascii")
_UTF_8_BOM = b"\xef\xbb\xbf"


class ZipParts:
    """The members of one container by name, without regard to case or kind of slash.

    Sizes are checked in the directory before anything is unpacked. A member that holds more than
    it declares is cut off there and fails its checksum, so no read exceeds what was checked.
    """

    def __init__(self, path: Path, limits: Limits) -> None:
        """Open the container at `path`.

        Raises:
            Refused: ``damaged``, ``encrypted``, or ``too_large`` by declared sizes.
        """
        try:
            # From memory: a zip is read in many small steps, each of them slow on a file.
            self._zip = zipfile.ZipFile(io.BytesIO(path.read_bytes()))
        except _ZIP_FAULTS as error:
            raise Refused("damaged", found=f"zip: {error}") from error
        self._members: dict[str, zipfile.ZipInfo] = {}
        try:
            self._list_members(limits)
        except Refused:
            self._zip.close()
            raise

    def __enter__(self) -> ZipParts:
        """Use as a context, so that the file is closed."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        self._zip.close()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all members, in lower case with forward slashes."""
        return tuple(self._members)

    def has(self, name: str) -> bool:
        """Say whether there is a member of this name."""
        return _plain_name(name) in self._members

    def read(self, name: str) -> bytes:
        """Unpack one member.

        Raises:
            Refused: ``damaged`` if it is missing, fails its checksum or cannot be unpacked.
        """
        info = self._members.get(_plain_name(name))
        if info is None:
            raise Refused("damaged", part=name, found="missing")
        try:
            with self._zip.open(info) as member:
                # One byte more than declared makes zipfile reach the end and compare checksums.
                content = member.read(info.file_size + 1)
        except _ZIP_FAULTS as error:
            raise Refused("damaged", part=name, found=str(error)) from error
        if len(content) != info.file_size:
            raise Refused("damaged", part=name, found="shorter than declared")
        return content

    def read_xml(self, name: str) -> bytes:
        """Unpack one XML member that is UTF-8 and declares no document type.

        Office programs write neither another encoding nor a document type; both serve to smuggle
        entities past a reader.

        Raises:
            Refused: ``damaged``, also for another encoding or a document type.
        """
        content = self.read(name).removeprefix(_UTF_8_BOM)
        declared = _DECLARED_ENCODING.match(content)
        encoding = declared[1].lower() if declared else b"utf-8"
        if encoding not in _ACCEPTED_ENCODINGS or b"\0" in content[:4]:
            raise Refused("damaged", part=name, found="encoding")
        if b"<!DOCTYPE" in content:
            raise Refused("damaged", part=name, found="DOCTYPE")
        return content

    def _list_members(self, limits: Limits) -> None:
        declared_bytes = 0
        for info in self._zip.infolist():
            name = _plain_name(info.filename)
            declared_bytes += info.file_size
            if name in self._members:
                raise Refused("damaged", part=info.filename, found="listed twice")
            if info.flag_bits & _ENCRYPTED_FLAG:
                raise Refused("encrypted", part=info.filename)
            if info.compress_type not in _READABLE_METHODS:
                raise Refused("damaged", part=info.filename, found=f"method {info.compress_type}")
            self._members[name] = info
        if declared_bytes > limits.unpacked_bytes:
            raise Refused("too_large", unpacked_bytes=declared_bytes, limit=limits.unpacked_bytes)


def list_elements(content: bytes, part: str) -> list[tuple[str, dict[str, str]]]:
    """List the elements of an XML member in document order: name without prefix, attributes.

    Raises:
        Refused: ``damaged`` if it is not well-formed or declares a document type.
    """
    elements: list[tuple[str, dict[str, str]]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        elements.append((name.rpartition(":")[2], attributes))

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parse_xml(parser, content, part)
    return elements


def parse_xml(parser: expat.XMLParserType, content: bytes, part: str) -> None:
    """Run `parser` over `content`, refusing what is not well-formed or declares a document type."""

    def refuse_doctype(*_: object) -> None:
        raise Refused("damaged", part=part, found="DOCTYPE")

    parser.StartDoctypeDeclHandler = refuse_doctype
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise Refused("damaged", part=part, found=str(error)) from error


def _plain_name(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()
