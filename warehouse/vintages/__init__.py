"""Releases as they were: which one was in force, its file, and why a figure changed since."""
