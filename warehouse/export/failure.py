"""What an answer could not be written for."""

from __future__ import annotations

from warehouse.told import ToldFault


class ExportError(ToldFault):
    """An answer cannot be written in this format or to this place: why, and what to do."""
