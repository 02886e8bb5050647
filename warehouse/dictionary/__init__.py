"""The data dictionary: every mart, form, rule and code, made from where each is declared."""

from warehouse.dictionary.entries import Dictionary, MartColumnEntry, MartEntry, build_dictionary
from warehouse.dictionary.markdown import render_markdown, write_dictionary

__all__ = [
    "Dictionary",
    "MartColumnEntry",
    "MartEntry",
    "build_dictionary",
    "render_markdown",
    "write_dictionary",
]
