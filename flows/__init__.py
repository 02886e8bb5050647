"""When: a thin Prefect skin."""
