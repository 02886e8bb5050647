"""The written report: one that writes its figures itself, and one that is checked against them."""
