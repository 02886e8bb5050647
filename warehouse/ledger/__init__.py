"""The ledger: what arrived, what was found, what was decided, what was published. Append-only."""
