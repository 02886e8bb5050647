"""The command line speaks both languages completely."""

import ast
import string
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from biaogan.messages import choose_language, tell

ROOT = Path(__file__).parents[1]


def catalogue() -> dict[str, str]:
    with (ROOT / "biaogan/locales/zh.po").open("rb") as stream:
        return {str(m.id): str(m.string) for m in read_po(stream) if m.id}


def messages_in_code() -> set[str]:
    found = set()
    for path in (ROOT / "biaogan").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_tell = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "tell"
            if is_tell and node.args and isinstance(node.args[0], ast.Constant):
                found.add(node.args[0].value)
    return found


def test_every_message_in_the_code_has_a_chinese_twin():
    assert messages_in_code() - catalogue().keys() == set()


@pytest.mark.parametrize(("english", "chinese"), sorted(catalogue().items()))
def test_a_translation_keeps_the_facts_of_its_message(english, chinese):
    def fields(text):
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    assert chinese
    assert fields(english) == fields(chinese)


@pytest.mark.parametrize(
    ("asked", "environment", "expected"),
    [
        (None, {"LANG": "zh_CN.UTF-8"}, "zh"),
        (None, {"LANG": "en_GB.UTF-8"}, "en"),
        (None, {"LANG": "C"}, "zh"),
        (None, {"LANG": "en_US.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, "zh"),
        ("en", {"LANG": "zh_CN.UTF-8"}, "en"),
    ],
)
def test_the_language_follows_the_locale_unless_it_is_asked_for(
    monkeypatch, asked, environment, expected
):
    for name in ("LANG", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert choose_language(asked) == expected
    assert (
        tell("Nothing new arrived.")
        == {
            "zh": "没有新的报送。",
            "en": "Nothing new arrived.",
        }[expected]
    )
