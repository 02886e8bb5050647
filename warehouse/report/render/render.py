"""Renders a template into the file that is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from warehouse.contracts.load import Expectations
from warehouse.contracts.model import Text
from warehouse.periods import Period
from warehouse.report.figures import Figures
from warehouse.report.render.drawing import Drawing
from warehouse.report.render.failure import TargetUnusable
from warehouse.report.render.lookup import Lookup
from warehouse.report.render.model import Bound, Drawn, Loose, Refused, Rendered
from warehouse.report.render.notes import write_note
from warehouse.report.render.press import Press
from warehouse.report.render.printable import Printable
from warehouse.report.render.template import fill_template, read_template
from warehouse.report.render.tokens import list_loose, read_tokens
from warehouse.report.render.write_markdown import write_markdown
from warehouse.report.render.write_page import write_page
from warehouse.report.render.write_word import write_word
from warehouse.whole_file import put_whole

ENDINGS = (".md", ".html", ".docx")


def render_report(
    template: Path,
    figures: Figures,
    expectations: Expectations,
    period: Period,
    target: Path,
) -> Rendered:
    """Writes a report in which every number is a published figure, with its footnote.

    A figure that may not be printed leaves a mark without a number in its place: the report is
    written all the same, and `Rendered.refused` says why.

    Args:
        template: Markdown with Jinja.
        figures: as known in one release.
        expectations: what indicators and places are called.
        period: what the report speaks of.
        target: Markdown, a web page or a Word file, by its ending.

    Raises:
        TemplateWrong: the template cannot be read or asks for what there is not.
        TargetUnusable: the ending is unknown, or the file cannot be written.
    """
    ending = _check_target(template, target)
    press = Press()
    lookup = Lookup(figures, expectations, period)
    source = read_template(template)
    filled = fill_template(template.name, source, lookup, press)
    text, placed = press.place(filled.text)
    city = expectations.codes.city.code
    notes = [write_note(entry, figures, city) for entry in placed]
    tokens = read_tokens(template.name, text, placed)
    if ending == ".md":
        contents = write_markdown(text, placed, notes, target.stem)
    elif ending == ".html":
        contents = write_page(tokens, placed, notes, figures)
    else:
        contents = write_word(tokens, placed, notes, figures)
    release = figures.release.release_id
    return Rendered(
        files=_put(target, contents),
        release=figures.release,
        bound=[
            _bind(order, entry, release)
            for order, entry in enumerate(placed, start=1)
            if isinstance(entry, Printable) and not entry.refused
        ],
        refused=[
            _list_refused(order, entry)
            for order, entry in enumerate(placed, start=1)
            if entry.refused
        ],
        drawn=[
            Drawn(order, entry.title, tuple(entry.points))
            for order, entry in enumerate(placed, start=1)
            if isinstance(entry, Drawing) and not entry.refused
        ],
        loose=[Loose(line, around) for line, around in list_loose(text, filled.words)],
    )


def _check_target(template: Path, target: Path) -> str:
    ending = target.suffix.lower()
    if ending not in ENDINGS:
        raise TargetUnusable(
            Text(
                zh=f"不能写成“{target.name}”。请用 .md、.html 或 .docx 结尾的文件名。",
                en=f'No report can be written as "{target.name}": let it end in .md, .html or '
                ".docx.",
            )
        )
    if target.is_dir() or target.resolve() == template.resolve():
        raise TargetUnusable(
            Text(
                zh=f"“{target.name}”是目录或模板本身。请换一个文件名。",
                en=f'"{target.name}" is a folder or the template itself: name another file.',
            )
        )
    return ending


def _put(target: Path, contents: Mapping[str, bytes]) -> Sequence[Path]:
    """The report last: it names what lies beside it."""
    written = {name: target.with_name(name) if name else target for name in contents}
    try:
        for name in sorted(contents, reverse=True):
            put_whole(written[name], contents[name])
    except OSError as error:
        raise TargetUnusable(
            Text(
                zh=f"“{target.name}”写不进去：{error.strerror}。请关闭打开它的程序，或换个位置。",
                en=f'"{target.name}" cannot be written: {error.strerror}. Close what has it open, '
                "or choose another place.",
            )
        ) from error
    return tuple(written.values())


def _bind(order: int, entry: Printable, release: int) -> Bound:
    figure, computed = entry.figure, entry.computed
    if figure is None or figure.value is None:
        message = "a refused figure is not bound"
        raise ValueError(message)
    return Bound(
        order=order,
        text=entry.write().text,
        kind=computed.kind if computed else "figure",
        series_code=figure.series_code,
        indicator_code=figure.indicator_code,
        period=figure.period,
        unit_code=figure.reporting_unit_code,
        value=computed.value if computed else figure.value,
        unit=computed.unit if computed else figure.unit,
        release=release,
        against=computed.against if computed else None,
    )


def _list_refused(order: int, entry: Printable | Drawing) -> Refused:
    refused = entry.refused
    asked = entry.asked[0] if isinstance(entry, Drawing) else entry.asked
    name = Text(zh=entry.title, en=entry.title) if isinstance(entry, Drawing) else asked.name
    reason = refused.reason if refused else Text(zh="–", en="–")
    return Refused(
        order=order,
        text=f"〔{refused.word if refused else ''}：{entry.name_zh}〕",
        code=asked.code,
        name=name,
        period=str(asked.period),
        unit_code=asked.unit.code,
        reason=reason,
    )
