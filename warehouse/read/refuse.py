"""What a file may be refused for before anybody looks at its contents, and how much may be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Reason = Literal[
    "et_format",
    "encrypted",
    "damaged",
    "not_a_table",
    "too_large",
    "unsupported_format",
    "external_links",
    "empty_file",
]


class Refused(Exception):
    """A file that is not read at all.

    Attributes:
        reason: why; the common rule `refused_<reason>` has the sentence its clerk reads.
        facts: what was seen, such as ``offset``, ``line``, ``limit`` or ``found``.
    """

    def __init__(self, reason: Reason, **facts: str | int) -> None:
        """Refuse for `reason`, with the facts that let somebody find the fault."""
        self.reason: Reason = reason
        self.facts: dict[str, str | int] = facts
        super().__init__(reason, facts)


@dataclass(frozen=True)
class Limits:
    """How much one file may hold; beyond it the file is refused as ``too_large``.

    Attributes:
        file_bytes: size of the file as received.
        unpacked_bytes: sum of the sizes a zip container declares for its members.
        cells: rows times columns of the rectangle that holds all filled cells, over all sheets.
        rows: lines of a text table.
    """

    file_bytes: int = 200 * 1024**2
    unpacked_bytes: int = 1024**3
    cells: int = 20_000_000
    rows: int = 12_000_000
