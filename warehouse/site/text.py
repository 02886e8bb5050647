"""What the pages say, in both languages at once, from the message catalogue."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

from warehouse.contracts.model import Text

CATALOGUE = Path(__file__).parent / "locales" / "zh.po"
LANGUAGES = ("zh", "en")


def say(message: str, /, **facts: object) -> Text:
    """A text of the catalogue in both languages, with its facts filled in.

    Written `say("{count} late", count=3)` in modules and templates alike; the message stands there
    as a literal, so that a test finds every one of them in `locales/zh.po`.

    Args:
        message: the English text, with `{name}` where a fact belongs.
        facts: plain values, or `Text` for what differs between the languages.
    """
    chinese = _read_catalogue().get(message, message)
    return Text(zh=_fill(chinese, facts, "zh"), en=_fill(message, facts, "en"))


def same(value: object) -> Text:
    """What is written alike in both languages: a number, a name, a code."""
    return Text(zh=str(value), en=str(value))


def join(texts: Iterable[Text]) -> Text:
    """A list: 甲、乙 and A, B. At least one text."""
    listed = list(texts)
    return Text(zh="、".join(item.zh for item in listed), en=", ".join(item.en for item in listed))


def _fill(message: str, facts: dict[str, object], language: str) -> str:
    if not facts:
        return message
    said = {
        name: fact.of(language) if isinstance(fact, Text) else fact for name, fact in facts.items()
    }
    return message.format(**said)


@cache
def _read_catalogue() -> dict[str, str]:
    with CATALOGUE.open("rb") as stream:
        catalogue = read_po(stream)
    return {str(message.id): str(message.string) for message in catalogue if message.string}
