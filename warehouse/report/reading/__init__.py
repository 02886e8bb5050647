"""How the numbers of a text are found, told apart and read."""
