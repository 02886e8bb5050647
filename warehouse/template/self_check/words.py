"""What the sheet 自查 says, in both languages."""

from __future__ import annotations

from warehouse.contracts.model import Text
from warehouse.template.plan import Language

_WORDS = {
    "title": Text(zh="自查", en="Self-check"),
    "headings": Text(
        zh="栏|查什么（出现下面的情况就算问题）|级别|问题数|首个位置|结果|规则",
        en="Column|What is looked for|Severity|Hits|First at|Result|Rule",
    ),
    "empty": Text(zh="未填", en="nothing entered"),
    "clean": Text(zh="全部通过", en="All clear"),
    "passed": Text(zh="通过", en="clear"),
    "explained": Text(zh="已说明", en="explained"),
    "open": Text(zh="有 {n} 处", en="{n} found"),
    "failed": Text(zh="未能计算", en="not calculated"),
    "system": Text(zh="由系统审核", en="judged after sending"),
    "partial": Text(zh="（其余写法由系统审核）", en=" (other spellings are judged after sending)"),
    "left": Text(zh="还有 {lines} 项未通过，共 {n} 处", en="{lines} lines open, {n} hits"),
    "below": Text(
        zh="第 {last} 行以下另有内容，没有自查。",
        en="There are entries below row {last}, which are not checked here.",
    ),
    "note": Text(
        zh="填表时随填随算，查第 {first} 至 {last} 行。“强制”要改正；“核实”要改正，"
        "或在“说明”写明原因；“由系统审核”的，报送后才查。提示类问题不影响接受，不在此列。这里全部通过，仍以系统审核为准。",
        en="Calculated while you fill in, for rows {first} to {last}. must fix has to be mended; "
        "explain is mended or explained in 说明; what is judged after sending is not looked at. "
        "Notices never block and are left out. What the system finds after sending decides.",
    ),
}


def say(name: str, language: Language, **facts: object) -> str:
    """A word or sentence of the sheet."""
    text = _WORDS[name].of(language)
    return text.format(**facts) if facts else text


def join(name: str, language: Language, **cells: str) -> str:
    """A sentence as an expression that joins words and cells."""
    text = f'"{_WORDS[name].of(language)}"'
    for place, cell in cells.items():
        text = text.replace("{" + place + "}", f'"&{cell}&"')
    return text
