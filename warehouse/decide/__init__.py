"""Decides on submissions: what differs, who decides, why; each decision one sealed ledger row.

Nothing here changes a value. What counts is read from the ledger at the next build.
"""
