"""Looks at a data root and its machine, changes nothing, and says what to do.

What was found (`check`): the machine (`machine`), the files of the root (`root`), the ledger
(`ledger`), the published file (`published`), and all of it in order (`examination`).
"""

from warehouse.doctor.check import Check, Words
from warehouse.doctor.examination import examine

__all__ = ["Check", "Words", "examine"]
