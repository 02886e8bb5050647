"""Writes an answer out: a table or CSV or XLSX for people, JSON or Parquet for programs.

A text that a spreadsheet would run as a formula is made harmless (CWE-1236); numbers stay numbers.
"""

from warehouse.export.failure import ExportError
from warehouse.export.write import FORMATS, encode_result, write_result

__all__ = ["FORMATS", "ExportError", "encode_result", "write_result"]
