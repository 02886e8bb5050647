"""A form on its way through the gate."""

from __future__ import annotations

from dataclasses import dataclass

from warehouse.read.form import Form


@dataclass(frozen=True)
class Staged:
    """A form with the number its submission will have."""

    submission_id: int
    form: Form
