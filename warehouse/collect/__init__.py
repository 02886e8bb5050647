"""Collecting: files come from their sources into the archive, before anything reads them.

A source is a folder somewhere (`sources`), reached over its protocol (`local`, `web`, `remote`).
Pulling (`pull`) looks at names and sizes first, fetches what is new, and keeps the bytes under
their SHA-256 (`archive`). Nothing here knows what a form is.
"""
