"""The gate: compares a form with its contract. Only here are Great Expectations and pandas used."""
