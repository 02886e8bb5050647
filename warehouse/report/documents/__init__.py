"""Documents in and out: a report read into plain text, and written back with its numbers marked."""
