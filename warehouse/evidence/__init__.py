"""What stands behind one published figure: its rows, their files, and whether all of it holds."""
