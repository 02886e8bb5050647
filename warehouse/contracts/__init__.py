"""What we expect of a form: contracts, code lists and the calendar."""
