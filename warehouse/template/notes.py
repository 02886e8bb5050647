"""The words of a blank workbook: prompts, comments and the lines of its sheet 填报说明."""

from __future__ import annotations

from warehouse.contracts.model import Column, ColumnType, Contract, Deadline, Rule, Text
from warehouse.gate.revisions import REVISION_ENTRY
from warehouse.read.layout import EXPLANATION_SHEET
from warehouse.template.plan import Blank
from warehouse.wording import SEVERITIES

PROMPT_LIMIT = 255
"""Characters a spreadsheet shows in a prompt; a longer one makes the file unreadable."""

_FILLING: dict[ColumnType, Text] = {
    "text": Text(zh="文字", en="text"),
    "integer": Text(zh="整数", en="a whole number"),
    "decimal": Text(zh="数字", en="a number"),
    "money": Text(zh="金额，只填数字，单位{unit}", en="an amount in {unit}, digits only"),
    "percent": Text(
        zh="百分点：12.5% 填 12.5，不要键入 %",
        en="per cent: for 12.5% enter 12.5, without the sign",
    ),
    "date": Text(zh="日期，写到日，如 2020-09-30", en="a full date such as 2020-09-30"),
    "code": Text(zh="从列表中选择", en="choose from the list"),
    "uscc": Text(zh="18 位，按文本录入", en="18 characters, kept as text"),
    "application_no": Text(zh="含校验位，如 201710601862.3", en="with check digit: 201710601862.3"),
    "standard_no": Text(zh="如 GB/T 1.1-2020", en="such as GB/T 1.1-2020"),
    "industry_code": Text(zh="如 C3360，前导零保留", en="such as C3360, leading zeros kept"),
    "reporting_unit": Text(zh="从列表中选择", en="choose from the list"),
    "indicator_code": Text(zh="从列表中选择", en="choose from the list"),
}
_REQUIRED = Text(zh="必填。", en="Required. ")
_NIL_PROMPT = Text(
    zh="本期没有数据的，在第一格写“零报告”三个字。",
    en="With nothing to report, write 零报告 in the first cell.",
)
_OUTSIDE = Text(
    zh="本栏填法：{filling}。确实要这样填的，请选“是”。",
    en="This column takes: {filling}. If your entry is meant, choose Yes.",
)
_REPORTERS = {
    "departments": Text(zh="市直各部门", en="every municipal department"),
    "reporting_units": Text(zh="各县（市、区）", en="every reporting unit"),
}
_HEAD_LINES = (
    Text(
        zh="表名、表头、列号行和右上方的模板标识请勿改动；底色为浅黄的栏必填，数据行可以增减。",
        en="Leave title, headings, the row of marks and the template mark at the top right as they "
        "are. Columns with a yellow heading are required. Add or remove rows freely.",
    ),
    Text(
        zh="代码类的栏已设为文本，前导零和长代码照原样保留；从别处复制时请选择“只粘贴值”。",
        en="Columns of codes are text and keep leading zeros and long codes. Paste values only.",
    ),
    Text(
        zh="核实类问题在该行“说明”栏写明原因；不属于某一行的，写入工作表“说明”："
        "“规则”填下表的规则代码、表头或单元格地址（如 D7）。",
        en="Explain what is doubtful in 说明 of its row. What belongs to no row goes into the "
        "sheet 说明: under 规则 the rule's code from below, a heading or a cell such as D7.",
    ),
    Text(
        zh="单位负责人、填表人和电话只随原件存档，不入库、不公布。",
        en="Names and phone numbers stay in the archived file; they are not loaded or published.",
    ),
)
_GIVEN_LINE = Text(
    zh="已印好的行逐行填写，确为零的填 0；本期不报送的，删去整行，不要留空。",
    en="Fill in the printed rows, with 0 for none. Delete the whole row of what is not reported.",
)


def describe_filling(column: Column, contract: Contract) -> Text:
    """How a column is to be filled in, by its type."""
    text = _FILLING[column.type]
    unit = column.unit or contract.money_unit
    return Text(zh=text.zh.replace("{unit}", unit), en=text.en.replace("{unit}", unit))


def write_prompt(blank: Blank, position: int) -> str:
    """What a spreadsheet shows beside the selected cell of a column."""
    column = blank.columns[position]
    required = _REQUIRED.of(blank.language) if column.required else ""
    filling = describe_filling(column, blank.contract).of(blank.language)
    nil = blank.contract.nil_report and position == 0
    lines = [
        f"{required}{column.description.of(blank.language)}",
        filling,
        *([_NIL_PROMPT.of(blank.language)] if nil else []),
    ]
    return "\n".join(lines)[:PROMPT_LIMIT]


def write_comment(blank: Blank, position: int) -> str:
    """The comment on a heading: the column's meaning, in the blank's language first."""
    column = blank.columns[position]
    languages = ("zh", "en") if blank.language == "zh" else ("en", "zh")
    filling = describe_filling(column, blank.contract)
    return "\n".join(
        f"{_REQUIRED.of(language) if column.required else ''}"
        f"{column.description.of(language)} ({filling.of(language)})"
        for language in languages
    )


def describe_refusal(blank: Blank, column: Column) -> str:
    """What a spreadsheet says to an entry outside the list or limit of its column."""
    filling = describe_filling(column, blank.contract).of(blank.language)
    return _OUTSIDE.of(blank.language).replace("{filling}", filling)[:PROMPT_LIMIT]


def list_notes(blank: Blank) -> list[str]:
    """The numbered lines at the head of 填报说明."""
    contract, language = blank.contract, blank.language
    reporters = [_REPORTERS.get(entry) for entry in contract.owed_by]
    lines = [
        Text(
            zh=f"每一行是：{contract.each_row_is.zh}。",
            en=f"Each row is {contract.each_row_is.en}.",
        ),
        Text(
            zh=f"报送：{_describe_day(contract.due).zh}前（含当日）；{_describe_day(contract.lock).zh}起锁定。"
            "遇休息日顺延到下一个工作日。",
            en=f"Due on {_describe_day(contract.due).en} at the latest; locked from "
            f"{_describe_day(contract.lock).en}. A day off moves to the next working day.",
        ),
        *_HEAD_LINES,
    ]
    if all(reporters):
        lines.insert(
            1,
            Text(
                zh="由" + "、".join(text.zh for text in reporters if text) + "填报。",
                en="Filed by " + " and ".join(text.en for text in reporters if text) + ".",
            ),
        )
    lines += [_GIVEN_LINE] if blank.given_rows else []
    lines += [_NIL_PROMPT] if contract.nil_report else []
    return [f"{number}. {line.of(language)}" for number, line in enumerate(lines, start=1)]


def list_columns(blank: Blank) -> list[list[str]]:
    """The table of columns, heading row first: mark, heading, required, how to fill in, meaning."""
    zh = blank.language == "zh"
    heading = ["栏", "表头", "必填", "填法", "含义"]
    rows = [heading if zh else ["Mark", "Heading", "Required", "How to fill in", "Meaning"]]
    yes = "是" if zh else "yes"
    for mark, column in zip(blank.marks, blank.columns, strict=True):
        filling = describe_filling(column, blank.contract).of(blank.language)
        required = yes if column.required else ""
        description = column.description.of(blank.language)
        rows.append([mark, column.heading, required, filling, description])
    return rows


def list_rules(blank: Blank) -> list[list[str]]:
    """The table of rules (审核关系) in both languages, heading row first."""
    marks = {column.name: mark for mark, column in zip(blank.marks, blank.columns, strict=True)}
    rows = [["规则", "级别", "栏", "审核关系", "Rule", "怎么改", "What to do"]]
    for rule in blank.contract.rule:
        subject = name_subject(rule, blank.contract)
        severity = SEVERITIES[rule.severity].of(blank.language)
        rows.append(
            [
                rule.id,
                severity,
                marks[rule.column] if rule.column else "",
                open_sentence(rule.sentence.zh, subject.zh),
                open_sentence(rule.sentence.en, subject.en),
                open_sentence(rule.remedy.zh, subject.zh),
                open_sentence(rule.remedy.en, subject.en),
            ]
        )
    return rows


def list_explained(contract: Contract) -> list[str]:
    """What an entry of the sheet 说明 may be about: rules that ask, a revision, and headings."""
    rules = [rule.id for rule in contract.rule if rule.severity == "explain"]
    headings = [column.heading for column in contract.column]
    named = (text for text in headings if text != EXPLANATION_SHEET)
    return [*rules, REVISION_ENTRY, *named]


def _describe_day(deadline: Deadline) -> Text:
    months, day = deadline.months_after, deadline.day
    if not months:
        return Text(zh=f"报告期末月 {day} 日", en=f"day {day} of the period's last month")
    return Text(
        zh=f"报告期后第 {months} 个月 {day} 日", en=f"day {day} of month {months} after the period"
    )


def name_subject(rule: Rule, contract: Contract) -> Text:
    """What {column} stands for; a check over figures has their kind, stock or flow, in its name."""
    if rule.column:
        heading = contract.columns[rule.column].heading
        return Text(zh=heading, en=heading)
    kinds = (rule.check or "").split("_")
    titles = [figure.title for figure in contract.figure if figure.measure_kind in kinds]
    if not titles:
        return Text(zh="本表的数", en="a figure of this form")
    return Text(
        zh="、".join(title.zh for title in titles), en=" or ".join(title.en for title in titles)
    )


def open_sentence(sentence: str, subject: str, expected: str | None = None) -> str:
    """A finding's sentence as a rule: what was read is left open, and what is not known before."""
    named = sentence.replace("{column}", subject).replace("{value}", "…")
    return named.replace("{expected}", expected or "…")
