"""What the list and the comments of a returned workbook say, Chinese and English."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from warehouse.contracts.model import Text
from warehouse.returned.comment_text import BEGIN, END
from warehouse.returned.model import Base, Mark, ReturnedForm
from warehouse.wording import SEVERITIES

_CHANGES = {"new": Text(zh="新", en="new"), "left": Text(zh="未改", en="left")}
_EXPLAINED = Text(zh="已说明", en="explained")
BLANK = Text(zh="（空）", en="(blank)")
WHOLE_FORM = Text(zh="全表", en="whole form")
HEADINGS = {
    "number": Text(zh="序号", en="No."),
    "severity": Text(zh="级别", en="Severity"),
    "place": Text(zh="位置", en="Cell"),
    "heading": Text(zh="栏目", en="Column"),
    "value": Text(zh="读到的值", en="What was read"),
    "sentence": Text(zh="问题", en="What is wrong"),
    "remedy": Text(zh="怎么改", en="What to do"),
    "change": Text(zh="变化", en="Change"),
    "offered": Text(zh="以前的说明", en="Explained before"),
    "explanation": Text(zh="说明", en="Explanation"),
    "valid_until": Text(zh="有效期至", en="Valid until"),
}
NOT_HERE = Text(
    zh="这一条须在表中改正，不能用说明代替。",
    en="This one has to be mended in the form; an explanation does not help.",
)
SAY_WHY = Text(
    zh="数据属实的，在这里写明原因；填错的，在表中改正，这里留空。",
    en="If the figure is right, say why; if not, mend it in the form and leave this blank.",
)
UNTIL_WHEN = Text(
    zh="说明长期有效的，填截止日期，如 2021-12-31；只用于本期的留空。",
    en="If the reason lasts, the last day it holds, such as 2021-12-31; blank: this period only.",
)
_VERDICTS = {
    "rejected": Text(zh="退回改正", en="returned to be mended"),
    "held": Text(zh="待说明", en="waiting for explanations"),
    "returned": Text(zh="经审核退回", en="returned by the steward"),
    "accepted": Text(
        zh="已接受，请补写修订原因", en="accepted; the reason of the revision is still to be given"
    ),
}
_RESEND = Text(
    zh="请点“位置”跳到单元格，按“怎么改”改正；核实类数据属实的，在本表“说明”栏写明原因。改好后保存，"
    "原样放回原来的报送文件夹；底色、批注和本表不必删除，系统会自动识别。",
    en="Follow the links, mend the cells, and write reasons in the column 说明. Save and put this "
    "file back into the same folder as it is; colours, comments and this list may stay.",
)
_REBUILT = Text(
    zh="原文件是 {kind}，本表按读到的内容重排：数字和代码都是文本，公式和图表以原文件为准。",
    en="The file was {kind}; this form is laid out anew from what was read, all of it as text.",
)
_UNREADABLE = Text(
    zh="原文件无法读取，不能在其中标注。请按“怎么改”处理后重新报送原表，不要报送本文件。",
    en="The file could not be read. Do as said below and send the form itself, not this file.",
)
_LABELS = {
    "reporter": Text(zh="填报单位：", en="Reporter: "),
    "period": Text(zh="报告期：", en="Period: "),
    "file": Text(zh="文件：", en="File: "),
    "read": Text(zh="读到：", en="Read: "),
    "last": Text(zh="上次通过：", en="Last accepted: "),
    "example": Text(zh="填法：", en="To be filled in as: "),
    "remedy": Text(zh="怎么改：", en="What to do: "),
    "explained": Text(zh="已说明：", en="Explained: "),
}
_LEFT = Text(zh="（上一轮已指出）", en=" (left from the round before)")
_BRACKET = BEGIN[0]
_MOST_SHOWN = 300


def write_head(form: ReturnedForm, base: Base) -> list[str]:
    """The lines above the list, the first of them its title.

    Args:
        form: what goes back.
        base: what is marked.
    """
    first, second = ("en", "zh") if form.language == "en" else ("zh", "en")
    guide = {"own": _RESEND, "rebuilt": _RESEND, "none": _UNREADABLE}[base]
    lines = [
        _write_title(form),
        _write_facts(form),
        _write_summary(form, first),
        guide.of(first),
        _write_summary(form, second) + " " + guide.of(second),
    ]
    if base == "rebuilt":
        kind = (form.document_kind or "").upper()
        lines.insert(-1, _REBUILT.of(first).replace("{kind}", kind))
    return lines


def write_comment(form: ReturnedForm, marks: Sequence[Mark]) -> str:
    """What the comment of a cell says of all its findings."""
    described = [line for mark in marks for line in _describe(mark, form.language)]
    # What was read may itself hold the words by which our part of a comment is known.
    lines = [line.replace(_BRACKET, "[") for line in described]
    return "\n".join([BEGIN.format(round=form.round), *lines, END])


def show_value(mark: Mark, language: str) -> str:
    """What was read; a finding about no cell has nothing to show."""
    return mark.value or (BLANK.of(language) if mark.cell else "")


def show_change(mark: Mark, language: str) -> str:
    """What became of a finding since the round before."""
    is_explained = mark.severity == "explain" and mark.explanation
    return (_EXPLAINED if is_explained else _CHANGES[mark.change]).of(language)


def _describe(mark: Mark, language: str) -> list[str]:
    severity = SEVERITIES[mark.severity].of(language)
    left = _LEFT.of(language) if mark.change == "left" else ""
    facts = {
        "read": show_value(mark, language),
        "last": mark.last_accepted,
        "example": mark.example,
        "remedy": mark.remedy,
        "explained": mark.explanation,
    }
    return [f"{mark.finding_number}. {severity}{left} · {mark.sentence}"] + [
        f"{_LABELS[name].of(language)}{_clip(text)}" for name, text in facts.items() if text
    ]


def _clip(text: str) -> str:
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"


def _write_title(form: ReturnedForm) -> str:
    if form.language == "en":
        return f"List of findings · {form.title or form.file_name} · round {form.round}"
    return f"问题清单 · {form.title or form.file_name} · 第 {form.round} 轮"


def _write_facts(form: ReturnedForm) -> str:
    facts = {"reporter": form.reporter, "period": form.period, "file": form.file_name}
    written = [f"{_LABELS[name].of(form.language)}{text}" for name, text in facts.items() if text]
    return "　　".join(written)


def _write_summary(form: ReturnedForm, language: str) -> str:
    counts = Counter(mark.severity for mark in form.marks)
    english = language == "en"
    found = " · ".join(
        f"{counts[severity]} {word.en}" if english else f"{word.zh} {counts[severity]}"
        for severity, word in SEVERITIES.items()
    )
    verdict = _VERDICTS[form.verdict].of(language)
    reason = form.reason or ""
    fixed, new, left = form.fixed_count, form.new_count, form.left_count
    since = ""
    if english:
        if form.round > 1:
            since = f" Since the round before: {fixed} fixed · {new} new · {left} left."
        return f"Result: {verdict}{reason and f' ({reason})'}. {found}.{since}"
    if form.round > 1:
        since = f"与上一轮相比：已改 {fixed} · 新增 {new} · 未改 {left}。"
    return f"结论：{verdict}{reason and f'（{reason}）'}。{found}。{since}"
