"""What goes out after a night has published: returned workbooks, reminders, the steward's pages.

Whatever fails here is named in the night's report and done by the next run; it undoes no figure.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from warehouse.build.views import Cut, set_cut
from warehouse.ledger.chain import find_cut
from warehouse.ledger.load import Clock
from warehouse.night.records import record_night
from warehouse.night.replay import list_planned_nights
from warehouse.night.report import NightReport
from warehouse.night.rules import Rules
from warehouse.obligations import Reminder, list_notes, load_reminder_config, write_reminders
from warehouse.progress import announce
from warehouse.returned.deliver import write_returns
from warehouse.settings import CITY_TIME, Settings
from warehouse.site.write import write_site


class Outgoing:
    """The last steps of a night, over its connection.

    Attributes:
        reminder_config: how reminders are written and sent.
    """

    def __init__(
        self,
        settings: Settings,
        rules: Rules,
        clock: Clock,
        connection: duckdb.DuckDBPyConnection,
        report: NightReport,
    ) -> None:
        """Reads the config at once, so that a mistake in it is named before anything is done."""
        self.reminder_config = load_reminder_config(settings, rules.expectations.codes)
        self._settings = settings
        self._rules = rules
        self._clock = clock
        self._connection = connection
        self._report = report
        self._reminders: list[Reminder] = []

    def return_workbooks(self) -> list[Path]:
        """Lays the workbook of every file that is to be mended or explained into the outbox."""
        announce("return")
        report = self._report
        with report.time_stage("return"), report.note_failure("return"):
            set_cut(self._connection, Cut(find_cut(self._connection), self._clock.at, 0))
            expectations = self._rules.expectations
            report.returned = write_returns(
                self._connection, self._settings, expectations, self._clock.at
            )
        return report.returned

    def remind(self) -> list[Reminder]:
        """Lays reminders into the outbox."""
        announce("remind")
        self._reminders.clear()
        with self._report.time_stage("remind"), self._report.note_failure("remind"):
            today = self._clock.at.astimezone(CITY_TIME).date()
            expectations = self._rules.expectations
            self._report.notes += list_notes(self._connection, expectations, today)
            self._reminders += write_reminders(
                self._connection, self._settings, expectations, self._clock, self.reminder_config
            )
        return self._reminders

    def write_pages(self) -> None:
        """Writes down how the night went, then the steward's pages, which tell of it.

        While more history waits to be replayed the pages are left to the last of its nights.
        """
        announce("pages")
        report = self._report
        with report.time_stage("pages"), report.note_failure("pages"):
            record_night(self._connection, report)
            if self._clock.is_replayed and self._awaits_history():
                return
            site = write_site(self._connection, self._settings, self._rules)
            report.pages_written = site.pages_written

    def _awaits_history(self) -> bool:
        last = self._connection.execute("select max(published_at) from ledger.release").fetchone()
        return bool(last and last[0] and list_planned_nights(self._settings, last[0]))
