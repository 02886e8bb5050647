"""The container of an xlsx workbook: members are replaced or added, all others keep their bytes."""

from __future__ import annotations

import posixpath
import zipfile
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from warehouse.read.refuse import Limits, Refused
from warehouse.read.zip_parts import ZipParts
from warehouse.returned.xml_places import (
    add_prefix,
    append_inside,
    find_places,
    prefix_of,
    splice,
    write_value,
)
from warehouse.whole_file import put_whole

_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_NO_RELATIONS = f'<Relationships xmlns="{_RELATIONS}"/>'.encode()
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES_PART = "[Content_Types].xml"
_ADDED_AT = (1980, 1, 1, 0, 0, 0)


class Relation(NamedTuple):
    """What a member leads to: kind such as `comments`, the full type, and the other member."""

    kind: str
    full_type: str
    target: str


class Package:
    """The members of one workbook, by name without regard to case.

    Attributes:
        workbook: the member that lists the sheets.
        office: what the types of its relations begin with: ISO's strict form has its own.
    """

    def __init__(self, content: bytes) -> None:
        """Opens a container that was checked, or made here."""
        self._zip = zipfile.ZipFile(BytesIO(content))
        self._infos = {_plain(info.filename): info for info in self._zip.infolist()}
        self._changed: dict[str, bytes] = {}
        self._added: dict[str, str] = {}
        self.workbook = "xl/workbook.xml"
        self.office = _OFFICE
        for relation in self.relations("").values():
            if relation.kind == "officeDocument":
                self.workbook = relation.target
                self.office = relation.full_type.rpartition("/")[0]

    def has(self, part: str) -> bool:
        """Whether there is a member of this name."""
        return _plain(part) in self._infos or _plain(part) in self._added

    def read(self, part: str) -> bytes:
        """A member as it is now, without a byte order mark.

        Raises:
            Refused: ``damaged`` if it is missing or cannot be unpacked.
        """
        name = _plain(part)
        if name in self._changed:
            return self._changed[name]
        if name not in self._infos:
            raise Refused("damaged", part=part, found="missing")
        try:
            return self._zip.read(self._infos[name]).removeprefix(b"\xef\xbb\xbf")
        except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, ValueError) as error:
            raise Refused("damaged", part=part, found=str(error)) from error

    def write(self, part: str, content: bytes) -> None:
        """Replaces a member, or adds it."""
        name = _plain(part)
        self._changed[name] = content
        if name not in self._infos:
            self._added.setdefault(name, part.lstrip("/"))

    def name_free(self, pattern: str) -> str:
        """The first name of a pattern such as `xl/comments{}.xml` that no member has."""
        number = 1
        while self.has(pattern.format(number)):
            number += 1
        return pattern.format(number)

    def relations(self, part: str) -> dict[str, Relation]:
        """What a member leads to, by relation id; "" is the container itself."""
        rels = _relations_part(part)
        if not self.has(rels):
            return {}
        folder = posixpath.dirname(part)
        found = {}
        for place in find_places(self.read(rels), rels, {"Relationship"}):
            target = place.attributes.get("Target", "").replace("\\", "/")
            full_type = place.attributes.get("Type", "")
            if place.attributes.get("TargetMode") != "External":
                target = target if target.startswith("/") else posixpath.join(folder, target)
                target = posixpath.normpath(target).lstrip("/")
            kind = full_type.rpartition("/")[2]
            found[place.attributes.get("Id", "")] = Relation(kind, full_type, target)
        return found

    def relate(self, part: str, full_type: str, target: str) -> str:
        """Leads a member to another one.

        Returns:
            The relation's id.
        """
        taken = self.relations(part)
        number = len(taken) + 1
        while f"rId{number}" in taken:
            number += 1
        where = posixpath.relpath(target, posixpath.dirname(part) or ".")
        self._append(
            _relations_part(part),
            _NO_RELATIONS,
            "Relationship",
            {"Id": f"rId{number}", "Type": full_type, "Target": where},
        )
        return f"rId{number}"

    def forget_relations(self, part: str) -> None:
        """Leads a member to nothing any more."""
        if self.has(_relations_part(part)):
            self.write(_relations_part(part), _NO_RELATIONS)

    def declare(self, part: str, content_type: str) -> None:
        """Says what a member holds."""
        self._append_type("Override", "PartName", f"/{part}", content_type)

    def declare_suffix(self, suffix: str, content_type: str) -> None:
        """Says what members of a suffix hold."""
        self._append_type("Default", "Extension", suffix, content_type)

    def save(self, target: Path) -> None:
        """Writes the container in one step: killed at any point, it is there whole or not at all.

        Raises:
            OSError: the file cannot be written.
        """
        put_whole(target, self._pack())

    def _pack(self) -> bytes:
        packed = BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as container:
            for name, info in self._infos.items():
                content = self._changed[name] if name in self._changed else self._zip.read(info)
                kept = zipfile.ZipInfo(info.filename, info.date_time)
                kept.compress_type = info.compress_type
                kept.external_attr = info.external_attr
                container.writestr(kept, content)
            for name, part in self._added.items():
                added = zipfile.ZipInfo(part, _ADDED_AT)
                added.compress_type = zipfile.ZIP_DEFLATED
                container.writestr(added, self._changed[name])
        return packed.getvalue()

    def _append_type(self, element: str, key: str, value: str, content_type: str) -> None:
        for place in find_places(self.read(_TYPES_PART), _TYPES_PART, {element}):
            if place.attributes.get(key, "").lower() == value.lower():
                return
        self._append(_TYPES_PART, b"", element, {key: value, "ContentType": content_type})

    def _append(self, part: str, empty: bytes, element: str, attributes: dict[str, str]) -> None:
        xml = self.read(part) if self.has(part) else empty
        root = find_places(xml, part)[0]
        written = b"".join(
            b' %b="%b"' % (name.encode(), write_value(value)) for name, value in attributes.items()
        )
        child = add_prefix(b"<%b%b/>" % (element.encode(), written), prefix_of(xml, root))
        self.write(part, splice(xml, append_inside(xml, root, child)))


def read_package(path: Path, limits: Limits) -> Package:
    """Opens a container as it came.

    Raises:
        Refused: ``damaged``, ``encrypted`` or ``too_large``.
    """
    with ZipParts(path, limits):
        return Package(path.read_bytes())


def _plain(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def _relations_part(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")
