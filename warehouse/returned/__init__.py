"""The same workbook comes back: marked where it is wrong, and ready to be sent again."""

from warehouse.returned.deliver import OutboxError, write_returns
from warehouse.returned.gather import gather_returns
from warehouse.returned.model import Mark, ReturnedForm
from warehouse.returned.write import write_returned

__all__ = [
    "Mark",
    "OutboxError",
    "ReturnedForm",
    "gather_returns",
    "write_returned",
    "write_returns",
]
