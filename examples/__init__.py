"""Example submissions: real public figures, and registers that are synthetic and say so."""
