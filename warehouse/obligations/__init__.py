"""Who still owes what: the grid of forms, its rates, and the texts that ask for what is missing."""

from warehouse.obligations.config import ReminderConfig, load_reminder_config
from warehouse.obligations.grid import Grid, read_grid
from warehouse.obligations.notes import list_notes
from warehouse.obligations.outstanding import list_exemptions, list_outstanding, warn_of_calendar
from warehouse.obligations.reminders import Reminder, write_reminders

__all__ = [
    "Grid",
    "Reminder",
    "ReminderConfig",
    "list_exemptions",
    "list_notes",
    "list_outstanding",
    "load_reminder_config",
    "read_grid",
    "warn_of_calendar",
    "write_reminders",
]
