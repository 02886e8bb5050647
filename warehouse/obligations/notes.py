"""What a night has to say of obligations besides its files: exceptions in force, the calendar."""

from __future__ import annotations

from datetime import date

import duckdb

from warehouse.contracts.load import Expectations
from warehouse.contracts.model import Text
from warehouse.obligations.outstanding import list_exemptions, warn_of_calendar
from warehouse.obligations.texts import Wording


def list_notes(
    connection: duckdb.DuckDBPyConnection, expectations: Expectations, today: date
) -> list[Text]:
    """The warning that the holiday data has ended, if it has, and each exception in force.

    Args:
        connection: with the views of the night's cut and clock.
        expectations: contracts and code lists.
        today: the night's day.
    """
    warning = warn_of_calendar(connection, today)
    chinese, english = (Wording(expectations, language) for language in ("zh", "en"))
    exceptions = [
        Text(
            zh=chinese.write_exemption(row).removeprefix("- "),
            en=english.write_exemption(row).removeprefix("- "),
        )
        for row in list_exemptions(connection)
    ]
    return [*([warning] if warning else []), *exceptions]
