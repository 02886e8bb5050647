"""Words reminders: short plain texts without figures or names of persons, safe as chat markup."""

from __future__ import annotations

import bisect
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from warehouse.contracts.load import Expectations
from warehouse.contracts.model import Text
from warehouse.obligations.outstanding import COUNTING, Kind, Outstanding
from warehouse.periods import Period

MOST_BYTES = 4096
"""WeCom cuts a longer message in the middle of a word; DingTalk takes 20,000 bytes."""

_LONGEST_NAME = 80
_MARKUP = str.maketrans("`*[]<>~|\\#", "｀＊［］＜＞～｜＼＃")
_AT_AN_EDGE = re.compile(r"(?<!\w)_+|_++(?!\w)")
_PHONE = re.compile(r"(?<![\d])(?:1[3-9]\d{9}|0\d{2,3}-?\d{7,8})(?!\d)")

KINDS: dict[Kind, Text] = {
    "returned": Text(zh="退回待改", en="returned"),
    "withdrawn": Text(zh="撤回待报", en="withdrawn"),
    "held": Text(zh="待核实", en="held"),
    "withheld": Text(zh="数据待说明", en="figures to explain"),
    "revised": Text(zh="修订待说明", en="revisions to explain"),
    "missing": Text(zh="未报", en="not sent"),
}
_TASKS: dict[Kind, Text] = {
    "returned": Text(
        zh="第 {round} 轮已退回（报送 {number} 号），请改正后重报{workbook}",
        en="round {round} was returned (no. {number}); mend it and send it again{workbook}",
    ),
    "withdrawn": Text(
        zh="第 {round} 轮已撤回（报送 {number} 号），请重新报送",
        en="round {round} was withdrawn (no. {number}); send it anew",
    ),
    "held": Text(
        zh="第 {round} 轮待核实（报送 {number} 号），请说明原因或改正后重报{workbook}",
        en="round {round} is held (no. {number}); explain or mend it and send it again{workbook}",
    ),
    "withheld": Text(
        zh="已接受（报送 {number} 号），有 {count} 处待说明，说明前不发布{workbook}",
        en="accepted (no. {number}); {count} cells are not published until explained{workbook}",
    ),
    "revised": Text(
        zh="已接受（报送 {number} 号），内容有改动，请写明为什么修订{workbook}",
        en="accepted (no. {number}), with changes; say why it is revised{workbook}",
    ),
    "missing": Text(zh="尚未报送", en="not sent yet"),
}
_ITEM = Text(zh="- {title} {period}：{task}{deadline}", en="- {title}, {period}: {task}{deadline}")
_WORKBOOK = Text(zh="，批注稿 {path}", en=", marked workbook {path}")
_LATE = Text(
    zh="；应于 {due} 报送，已逾期 {days} 个工作日",
    en="; was due {due}, {days} working days late",
)
_PAST = Text(zh="；应于 {due} 报送，已过截止日", en="; was due {due}")
_TODAY = Text(zh="；今日（{due}）截止", en="; due today ({due})")
_LEFT = Text(
    zh="；{due} 截止，还有 {days} 个工作日", en="; due {due}, {days} working days from now"
)
_AHEAD = Text(zh="；{due} 截止", en="; due {due}")
_SUBJECT = Text(
    zh="催报：{reporter} {count} 项（{kinds}）", en="Reminder: {reporter}, {count} ({kinds})"
)
_ASK = Text(
    zh="请把下列报表放进本单位的报送文件夹；问题和改法见退回的工作簿。",
    en="Please lay these forms into your folder; what is wrong, and how to mend it, is in the "
    "returned workbook.",
)
_MORE = Text(zh="另有 {count} 项，见状态页{page}。", en="{count} more: see the status page{page}.")
_PAGE = Text(zh="状态页：{page}", en="Status page: {page}")
_SUMMARY = Text(
    zh="催报汇总：{count} 个单位逾期超过 {days} 个工作日",
    en="Reminders: {count} reporters are more than {days} working days late",
)
_LATE_REPORTER = Text(
    zh="- {reporter}：{count} 份，最长{late}（{title} {period}）",
    en="- {reporter}: {count} forms, the longest {late} ({title}, {period})",
)
_LONGEST = Text(zh="逾期 {days} 个工作日", en="{days} working days late")
_LONGEST_UNKNOWN = Text(zh="逾期天数算不出来", en="for a time that cannot be told")
_EXEMPTIONS: dict[str, Text] = {
    "excuse": Text(
        zh="- 免报：{reporter} {title} {period}，{until}；{granted_by}：{reason}",
        en="- Excused: {reporter}, {title}, {period}, {until}; {granted_by}: {reason}",
    ),
    "lock": Text(
        zh="- 锁定后可改：{reporter} {title} {period}，{until}；{granted_by}：{reason}",
        en="- Open after its lock: {reporter}, {title}, {period}, {until}; {granted_by}: {reason}",
    ),
}
_UNTIL = Text(zh="到 {day} 为止", en="until {day}")
_NO_END = Text(zh="没有期限", en="without end")


class Wording:
    """Words of one language, with the names that contracts and code lists give."""

    def __init__(self, expectations: Expectations, language: str, page: str | None = None) -> None:
        """Takes the names from the contracts.

        Args:
            expectations: contracts and code lists.
            language: `zh` or `en`.
            page: where the steward's pages can be read.
        """
        self._expectations = expectations
        self._reporters = {item.code: item for item in expectations.codes.reporters}
        self._language = language
        self._page = page

    def compose(self, subject: str, items: Sequence[str], *notes: str) -> str:
        """A text of at most 4,096 bytes: as many whole items as fit, and how many are left out.

        Args:
            subject: the first line.
            items: one line each, the most important first.
            notes: paragraphs before the items.
        """
        head = "\n\n".join([subject, *notes]) + "\n"
        whole = "\n".join([head, *items, *self._close(0)]) + "\n"
        if len(whole.encode()) <= MOST_BYTES:
            return whole

        def measure(count: int) -> int:
            return len(self._cut(head, items, count).encode())

        fitting = bisect.bisect_right(range(len(items)), MOST_BYTES, key=measure) - 1
        return self._cut(head, items, max(fitting, 0))

    def write_item(self, item: Outstanding) -> str:
        """One line: which form, what to do, by when."""
        lies_at = (item.workbook or "").removeprefix(f"{item.reporter}/")
        workbook = self._say(_WORKBOOK, path=make_plain(lies_at)) if lies_at else ""
        task = self._say(
            _TASKS[item.kind],
            round=item.round,
            number=item.submission_id,
            count=item.unexplained,
            workbook=workbook,
        )
        deadline = "" if item.kind in COUNTING else self._write_deadline(item)
        form = self._name_form(item.dataset, item.period)
        return self._say(_ITEM, **form, task=task, deadline=deadline)

    def write_subject(self, reporter: str, items: Sequence[Outstanding]) -> str:
        """The subject line of one reporter's reminder."""
        counted = Counter(item.kind for item in items)
        kinds = ("、" if self._language == "zh" else ", ").join(
            f"{text.of(self._language)} {counted[kind]}"
            for kind, text in KINDS.items()
            if counted[kind]
        )
        name = self.name_reporter(reporter)
        return self._say(_SUBJECT, reporter=name, count=len(items), kinds=kinds)

    def ask(self) -> list[str]:
        """What a reporter is asked to do."""
        return [_ASK.of(self._language)]

    def write_summary_subject(self, reporters: int, days: int) -> str:
        """The subject line of the quality office's summary."""
        return self._say(_SUMMARY, count=reporters, days=days)

    def write_late_reporter(self, reporter: str, items: Sequence[Outstanding]) -> str:
        """One line: who is late, with how many forms, and how late with which."""
        worst = max(items, key=lambda item: item.days_late or 0)
        unknown = any(item.days_late is None for item in items)
        late = _LONGEST_UNKNOWN if unknown else _LONGEST
        return self._say(
            _LATE_REPORTER,
            reporter=self.name_reporter(reporter),
            count=len(items),
            late=self._say(late, days=worst.days_late),
            **self._name_form(worst.dataset, worst.period),
        )

    def write_exemption(self, row: dict[str, Any]) -> str:
        """One line: what is excepted, until when, by whom and why."""
        until = self._say(_UNTIL, day=row["ends_on"]) if row["ends_on"] else self._say(_NO_END)
        return self._say(
            _EXEMPTIONS[row["kind"]],
            reporter=self.name_reporter(row["reporter_code"]),
            until=until,
            granted_by=make_plain(row["granted_by"] or ""),
            reason=make_plain(row["reason"] or ""),
            **self._name_form(row["dataset"], row["period"]),
        )

    def say(self, text: Text) -> str:
        """A sentence in this language."""
        return text.of(self._language)

    def name_reporter(self, code: str) -> str:
        """A reporter's name."""
        reporter = self._reporters.get(code)
        if reporter is None:
            return make_plain(code)
        return make_plain(reporter.name_en if self._language == "en" else reporter.name)

    def _name_form(self, dataset: str, period: str) -> dict[str, str]:
        contract = self._expectations.contracts.get(dataset)
        title = contract.title.of(self._language) if contract else dataset
        when = Period.parse(period).title_zh if self._language == "zh" else period
        return {"title": make_plain(title), "period": when}

    def _write_deadline(self, item: Outstanding) -> str:
        if item.due_on is None:
            return ""
        if item.is_past:
            text = _LATE if item.days_late else _PAST
        elif item.days_left is not None:
            text = _LEFT if item.days_left else _TODAY
        else:
            text = _AHEAD
        days = item.days_late or item.days_left
        return self._say(text, due=item.due_on, days=days)

    def _cut(self, head: str, items: Sequence[str], count: int) -> str:
        return "\n".join([head, *items[:count], *self._close(len(items) - count)]) + "\n"

    def _close(self, left_out: int) -> list[str]:
        """What follows the items: how many were left out, and where to look."""
        if left_out:
            page = f" {self._page}" if self._page else ""
            return ["", self._say(_MORE, count=left_out, page=page)]
        return ["", self._say(_PAGE, page=self._page)] if self._page else []

    def _say(self, text: Text, **facts: object) -> str:
        return text.of(self._language).format(**facts)


def make_plain(name: str) -> str:
    """A name as it may stand in a chat message: one line, no markup, no telephone number.

    WeCom and DingTalk read a part of Markdown and know no escape for it, so what could be markup
    gives way to its full-width twin. Underscores within a word are none.
    """
    text = " ".join("".join(" " if not sign.isprintable() else sign for sign in name).split())
    text = _PHONE.sub("…", text)
    if len(text) > _LONGEST_NAME:
        text = f"{text[: _LONGEST_NAME - 1]}…"
    return _AT_AN_EDGE.sub(lambda run: "＿" * len(run.group()), text).translate(_MARKUP)
