"""What the command line says, in the reader's language, from the message catalogue."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

LANGUAGES = ("zh", "en")
_CATALOGUES = Path(__file__).parent / "locales"
_language = "en"


def choose_language(asked: str | None = None) -> str:
    """Sets the language: as asked, else as the locale says, else Chinese."""
    global _language
    named = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    spoken = next((name for name in named if name), "")
    _language = asked or ("en" if spoken.lower().startswith("en") else "zh")
    return _language


def language() -> str:
    """The language in force."""
    return _language


@cache
def _read_catalogue(name: str) -> dict[str, str]:
    with (_CATALOGUES / f"{name}.po").open("rb") as stream:
        catalogue = read_po(stream)
    return {str(message.id): str(message.string) for message in catalogue if message.string}


def tell(message: str, /, **facts: object) -> str:
    """The message in the language in force, with its facts filled in."""
    text = message if _language == "en" else _read_catalogue(_language).get(message, message)
    return text.format(**facts) if facts else text
