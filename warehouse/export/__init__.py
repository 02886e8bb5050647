"""Writes an answer out: a table for the screen, CSV and XLSX for people, JSON and
Parquet for programs.

A text that a spreadsheet would run as a formula is made harmless (CWE-1236); numbers stay numbers.
"""

from warehouse.export.write import FORMATS, ExportError, Format, write_result

__all__ = ["FORMATS", "ExportError", "Format", "write_result"]
