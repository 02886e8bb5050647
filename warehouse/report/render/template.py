"""Fills a template: Markdown with Jinja, in a sandbox that reaches no file and prints no number."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from warehouse.contracts.model import Text
from warehouse.report.render.comparison import Comparison
from warehouse.report.render.drawing import MOST_LINES, Drawing, choose_lines
from warehouse.report.render.failure import Misasked, TemplateWrong
from warehouse.report.render.filters import Filters
from warehouse.report.render.lookup import Lookup, Refusal
from warehouse.report.render.press import RESERVED, Press
from warehouse.report.render.printable import Printable
from warehouse.report.render.words import PeriodWords, ReleaseWords

_PLACE = "<template>"
_COUNTING = ("abs", "count", "float", "int", "length", "random", "round", "sum", "wordcount")
"""Filters of Jinja that make a number of anything: `figure(…) | int` would print 0."""
_MOST_BYTES = 2_000_000


class _Sandbox(ImmutableSandboxedEnvironment):
    """A template may print figures, not take them apart: a bare value would be bound to nothing."""

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:  # noqa: ANN401
        return not isinstance(obj, Printable | Drawing) and super().is_safe_attribute(
            obj, attr, value
        )


@dataclass(frozen=True)
class Filled:
    """A filled template.

    Attributes:
        text: Markdown, with a mark where a figure or a picture is to be printed.
        words: what periods and the release may have printed.
    """

    text: str
    words: frozenset[str]


def read_template(path: Path) -> str:
    """The text of a template file.

    Raises:
        TemplateWrong: it is missing, no UTF-8, too large or empty.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise TemplateWrong(
            Text(
                zh=f"模板 {path.name} 读不出来：{error.strerror}。请检查路径。",
                en=f"The template {path.name} cannot be read: {error.strerror}. Check the path.",
            )
        ) from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TemplateWrong(
            Text(
                zh=f"模板 {path.name} 不是 UTF-8 文本。请用 UTF-8 另存（模板是 Markdown 文本）。",
                en=f"The template {path.name} is no UTF-8 text: save it as UTF-8 Markdown.",
            )
        ) from error
    reserved = RESERVED.search(text)
    if not text.strip() or len(content) > _MOST_BYTES or reserved:
        zh, en = ("是空的", "is empty") if not text.strip() else ("太大", "is too large")
        if reserved:
            line = text.count("\n", 0, reserved.start()) + 1
            zh, en = f"第 {line} 行有私用区字符", f"has a private-use character in line {line}"
        raise TemplateWrong(
            Text(
                zh=f"模板 {path.name} {zh}。请改正后再生成。",
                en=f"The template {path.name} {en}. Mend it.",
            )
        )
    return text


def fill_template(name: str, source: str, lookup: Lookup, press: Press) -> Filled:
    """Runs a template.

    Args:
        name: of its file, for complaints.
        source: its text.
        lookup: where figures are found.
        press: keeps what it prints.

    Raises:
        TemplateWrong: it is wrong, or asks for what there is not: which line, and what to do.
    """
    words: set[str] = set()
    environment = _Sandbox(undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True)
    filters = Filters(lookup.expectations.codes, Comparison(lookup))
    for counting in _COUNTING:
        environment.filters.pop(counting, None)
    environment.filters.update(filters.list_filters())
    environment.tests.update(filters.list_tests())
    environment.globals.update(_list_globals(lookup, press, words))
    try:
        text = environment.from_string(source).render()
    except Misasked as problem:
        raise _complain(name, _find_line(problem), problem.text) from problem
    except TemplateSyntaxError as error:
        raise _complain(name, error.lineno, _translate(error)) from error
    except Exception as error:
        raise _complain(name, _find_line(error), _translate(error)) from error
    return Filled(text, frozenset(words))


def _list_globals(lookup: Lookup, press: Press, words: set[str]) -> dict[str, Any]:
    period, release = PeriodWords(lookup.period), ReleaseWords(lookup.figures.release)
    for shift in (period, period.previous, period.year_before):
        words |= shift.list_words()
    words |= release.list_words()

    def figure(
        code: object, period: object = None, unit: object = None, basis: object = None
    ) -> Printable:
        asked = lookup.read_ask(code, period, unit, basis)
        chosen = lookup.choose(asked)
        if isinstance(chosen, Refusal):
            return Printable(asked, press, refusal=chosen)
        return Printable(asked, press, figure=chosen)

    def chart(
        *codes: object, title: str | None = None, unit: object = None, basis: object = None
    ) -> Drawing:
        if not 0 < len(codes) <= MOST_LINES:
            raise Misasked(
                f"chart(…) 要有 1 到 {MOST_LINES} 个指标",
                f"chart(…) wants 1 to {MOST_LINES} indicators",
            )
        asked = [lookup.read_ask(code, None, unit, basis) for code in dict.fromkeys(codes)]
        named = title or "、".join(item.name.zh for item in asked)
        return Drawing(str(named), asked, choose_lines(lookup, asked), press)

    return {"figure": figure, "chart": chart, "period": period, "release": release}


def _find_line(error: BaseException) -> int | None:
    """The line of the template that was running."""
    lines = [
        frame.lineno
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename == _PLACE
    ]
    return lines[-1] if lines else None


def _translate(error: Exception) -> Text:
    said = str(error) or type(error).__name__
    if isinstance(error, TypeError) and "loader" in said:
        return Text(zh="模板不能引用别的文件", en="a template cannot include another file")
    if isinstance(error, RecursionError | MemoryError | OverflowError):
        return Text(zh="模板绕不出来，或太大", en="the template runs in circles, or too large")
    if isinstance(error, TemplateError):
        return Text(zh=f"模板写法不对（{said}）", en=said)
    return Text(zh=f"模板不能这样计算（{said}）", en=f"this cannot be computed: {said}")


def _complain(name: str, line: int | None, problem: Text) -> TemplateWrong:
    zh = f"模板 {name} 第 {line} 行" if line else f"模板 {name}"
    en = f"Template {name}, line {line}" if line else f"Template {name}"
    return TemplateWrong(
        Text(
            zh=f"{zh}：{problem.zh.rstrip('。')}。请改正模板后再生成。",
            en=f"{en}: {problem.en.rstrip('.')}. Mend the template and render again.",
        )
    )
