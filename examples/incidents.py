"""What goes wrong in the example: every fault the gate knows, at a form of its own or nearly so."""

from __future__ import annotations

from examples.incident import Incident
from examples.incidents_2019 import list_incidents_of_2019
from examples.incidents_2020 import list_incidents_of_2020
from examples.incidents_of_figures import list_incidents_of_figures


def list_incidents() -> list[Incident]:
    """All incidents at forms that somebody owes; of one form, in the order of arrival."""
    return [
        *list_incidents_of_2019(),
        *list_incidents_of_2020(),
        *list_incidents_of_figures(),
    ]
