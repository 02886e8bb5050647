"""Finds numbers that only tell things apart, and the marks of lists.

A rank is none: 第2位, 居全省第三 and 第一名 are left alone, and so are 第一产业, which is a name,
and 第三季度, which is a date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from warehouse.report.reading.folding import fold_text

SpanKind = Literal["identifier", "marker", "name"]


@dataclass(frozen=True)
class Span:
    """A stretch of a text with a number that is no figure; `end` is one after its last character.

    Attributes:
        kind: `identifier` tells things apart, `marker` numbers a paragraph or an item of a list,
            `name` has its number within a name.
    """

    start: int
    end: int
    kind: SpanKind


_CHINESE = "一二三四五六七八九"
_NUMBER = rf"(?:\d{{1,4}}|[十百零〇两{_CHINESE}]{{1,6}})"
_LETTERS = "A-Za-z"
_COUNTER = (
    "(?:[家项个件种名人户次场批亿万千百元余多吨米份位只台套条笔亩%℃年月日篇款枚"
    "座处倍期成]|所(?![示述列]))"
)
_LONE = rf"(?<![\d.,{_LETTERS}])"
_DASH = "[-‐‑–—―－]"
_ANY_DASH = "(?:——|[-‐‑–—―~～至到、和及])"

# 第一次 and 第二天 tell things apart as well; what may follow a rank (位, 名, a stop) is not here.
_SORTS = (
    "批次?|届|期|轮|号|次(?!产业)|章|条|款|卷|册|版|代|阶段|组|类|层|编|部分|页|段|节|列|行|稿|步|天"
    "|环节|梯队|方阵|梯次|大队|中队|支队|分局|分公司|中学|小学|医院|人民医院|附属|机床|冶金|课堂|部门"
    "|党支部|支部|小组|监管所|曲线|张(?!网)|[个](?=[\u4e00-\u9fff])|项|家|件|批|种|台|场|站|届"
)
_LABELS = (
    "编号|文号|证号|号码|代码|账号|引号|册号|请号|利号|电话|热线|传真|邮编|编码|案号|单号|序号|标号"
    "|型号|批号"
)
_PREFIXES = (
    "GBZ?|ISO(?:/IEC)?|IEC|IATF|OHSAS|HACCP|EN|ASTM|JIS|DB[0-9]*|T/[A-Z]{2,10}|Q/[A-Z0-9]{2,10}"
    "|QB|QC|YB|HJ|JB|NY|YY|SB|CNAS|RB"
)
_MEASURES = (
    "kg|km|cm|mm|nm|μm|um|m|g|mg|t|T|h|s|min|L|l|ml|mL|kW|kw|KW|MW|GW|kWh|KWh|kwh|kV|KV|V|W|Hz"
    "|MHz|GHz|MPa|Pa|dB|GB|MB|TB|M|km2|m2|m3|ha|USD|RMB|CNY|EUR|pH|ppm|mol"
)

_IDENTIFIERS: Final = (
    (
        r"https?://[^\s\u4e00-\u9fff，。；、）)》”]+|www\.[A-Za-z0-9_./\-]+"
        r"|(?<![A-Za-z0-9_.+\-])[A-Za-z0-9_.+\-]{1,64}@[A-Za-z0-9\-]{1,64}(?:\.[A-Za-z\-]{2,20}){1,4}"
        r"|(?<![A-Za-z0-9.])[a-z0-9\-]{2,40}(?:\.[a-z0-9\-]{2,40}){0,3}\.(?:com|cn|gov|net|org)"
        r"(?![A-Za-z])(?:/[A-Za-z0-9_./\-]*)?"
    ),
    # 鄂政发〔2020〕33号, （2020）鄂02民初18号
    (
        rf"[〔\[（(【﹝]\s?(?:19|20)\d\d年?\s?[〕\]）)】﹞]\s?(?:第?\s?{_NUMBER}\s?号"
        rf"|[\u4e00-\u9fff]{{1,3}}\d{{0,4}}[\u4e00-\u9fff]{{1,6}}\d{{1,6}}号)(?:文(?!件|化|明))?"
    ),
    rf"{_LONE}[0-9A-Z]{{5,20}}/(?:19|20)\d\d-\d{{1,10}}(?!\d)",
    # standards
    (
        rf"(?<![{_LETTERS}/])(?:{_PREFIXES})(?:[/_ -]?[TZ](?![{_LETTERS}]))?[ /_-]?"
        rf"\d{{2,6}}(?:\.\d+)*"
        rf"(?:\s?[:：]\s?(?:19|20)\d\d(?!\d)|\s?{_DASH}{{1,2}}\s?(?:19|20)\d\d(?!\d))?"
    ),
    (
        rf"(?<![{_LETTERS}/])[A-Z]{{1,5}}(?:/[A-Z]{{1,10}})? ?\d{{1,6}}"
        rf"(?:\.\d+)*{_DASH}{{1,2}}(?:19|20)\d\d(?!\d)"
    ),
    # patents and codes
    rf"(?:ZL|CN) ?\d{{7,13}}(?:\.[\dXx]|[A-Z]\d?)?(?![\d{_LETTERS}])",
    rf"{_LONE}(?:19|20)\d{{2}}[123589]\d{{7}}\.[\dXx](?![\d{_LETTERS}])",
    rf"{_LONE}[0-9AN-Y][0-9A-Z]\d{{6}}[0-9A-HJ-NPQRTUWXY]{{9,10}}(?![\d{_LETTERS}])",
    # telephones
    (
        rf"{_LONE}(?:[（(]0\d{{2,3}}[）)]|0\d{{2,3}}{_DASH})\s?\d{{7,8}}(?!\d)|{_LONE}1[3-9]\d{{9}}(?!\d)"
        rf"|{_LONE}[48]00{_DASH}\d{{3,4}}{_DASH}\d{{3,4}}(?!\d)"
    ),
    (
        rf"{_LONE}1(?:23\d\d|2\d{{3}}|1[0-9]|2[02])"
        r"(?=热线|电话|平台|投诉|举报|政务|便民|消费|服务热线|报警|急救)"
        rf"|{_LONE}(?:12315|12345|12365|12331|12330|12358|12388|12380)(?!\d|,\d|\.\d|{_COUNTER})"
    ),
    (
        rf"(?:{_LABELS})(?:为|是)?[:：\s]{{0,3}}"
        rf"(?P<coded>[{_LETTERS}0-9](?:[{_LETTERS}0-9./_\-—]{{1,40}}))(?!{_COUNTER})"
    ),
    # ordinals
    rf"第\s?{_NUMBER}(?:{_ANY_DASH}第?{_NUMBER}){{0,9}}+\s?(?:{_SORTS})",
    (
        rf"{_LONE}\d{{1,6}}号(?!召)(?:文(?!件|化|明))?"
        rf"|(?<![{_CHINESE}十百])[{_CHINESE}十百]{{1,4}}号(?:文件|文|公告|令|楼|线|机|提案|议案|通知"
        "|公报)"
    ),
    # versions
    (
        rf"(?<![\d.{_LETTERS}])[Vv]\d+(?:\.\d+){{0,3}}(?!\d)|{_LONE}\d{{1,2}}\.\d{{1,2}}(?:\.\d+)?\s?版"
        rf"|{_LONE}\d{{1,3}}(?:\.\d{{1,3}}){{2,3}}(?![\d.])"
        rf"|(?<=[\u4e00-\u9fff{_LETTERS}])(?<![为达至到是高低和比约近超值分增降较于升长])\d\.0"
        rf"(?!\s?[\d%％,]|\s?{_COUNTER})"
    ),
    # letters with digits: 5G, PM2.5, 4A级, N95, AS9100D
    (
        rf"(?<![\d.{_LETTERS}])(?!(?:TOP|Top|top|NO|No)\d)(?!\d{{4}}[Qq][1-4])(?![Qq][1-4](?!\d))"
        rf"(?!\d+(?:{_MEASURES})(?![{_LETTERS}\d]))"
        rf"(?:\d{{1,4}}[{_LETTERS}]+[\d{_LETTERS}]*级?"
        rf"|[{_LETTERS}]+(?:-?\d+(?:\.\d+)*[{_LETTERS}]*)+级?(?!{_COUNTER}))"
    ),
    rf"(?<![{_LETTERS}])(?:PM|pm)(?:2\.5|10)",
    # pages, pictures and tables
    (
        rf"(?<![地版企宏蓝意构拼试代发报列填仪手钟])"
        rf"(?:图|表|附件|附表|附图|附录|专栏|表格|图表)\s?\d{{1,3}}(?:[-.]\d{{1,2}}){{0,2}}"
        rf"(?!\d|{_COUNTER})"
    ),
    r"(?m:^[ \t\u3000]*[-–—－]{1,2} ?\d{1,4} ?[-–—－]{1,2}[ \t\u3000]*$)",
    r"(?<=[共第])\s?\d{1,4}\s?页",
)
_OPENING = r"(?:(?m:^)[ \t\xa0\u3000>#*•·●■◆\-]{0,8}|(?<=[。；;：:!！?？]))"
_MARKERS: Final = (
    (
        rf"{_OPENING}(?P<mark>[{_CHINESE}十]{{1,3}}[、.．](?![{_CHINESE}十]+[季月级类是年])"
        rf"|[（(](?:[{_CHINESE}十]{{1,3}}|\d{{1,2}})[）)]"
        rf"|\d{{1,2}}(?:[.．](?!\d)|、(?!\d)|[)）])"
        r"|第[一二三四五六七八九十百零]{1,5}[章节条款编](?![约件])"
        r"|\d{1,2}(?:\.\d{1,2}){1,3}(?=[ \t\u3000]+[\u4e00-\u9fff]))"
    ),
    r"(?P<sign>[①-⑳㈠-㈩⑴-⒇⒈-⒛❶-❿])",
    (
        rf"(?:(?m:^)[ \t\xa0\u3000]{{0,8}}|(?<=[。；;：:，,、!！?？）)]))"
        rf"(?P<point>(?:[{_CHINESE}]|十[{_CHINESE}]?)(?:是|要|则|来|抓|靠|看)(?!自|求|么)|其[{_CHINESE}])"
        r"(?=[\u4e00-\u9fff“《，,、：:])"
    ),
)
_MARKER: Final[SpanKind] = "marker"
_IDENTIFIER: Final[SpanKind] = "identifier"
_PATTERNS: Final = (
    *((_MARKER, re.compile(pattern)) for pattern in _MARKERS),
    *((_IDENTIFIER, re.compile(pattern)) for pattern in _IDENTIFIERS),
)
_OWNER = re.compile(r"[\u4e00-\u9fff]{1,10}$")
_NOT_OWNER = re.compile(
    r".*(?:根据|按照|依据|依照|印发|下发|转发|落实|贯彻|执行|参照|关于|文件|通知"
    "|见|以|和|与|及|由|了|的|在|是)"
)


def find_identifiers(text: str) -> list[Span]:
    """Finds what numbers documents, batches, standards, models and paragraphs, by its place.

    A document's number comes with the letters before it: 黄政办函〔2020〕33号.
    """
    folded = fold_text(text)
    taken = bytearray(len(folded))
    found: list[Span] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(folded):
            start, end = match.span(match.lastgroup or 0)
            if start < end and not any(taken[start:end]):
                start = _find_owner(folded, start, taken)
                taken[start:end] = b"\1" * (end - start)
                found.append(Span(start, end, kind))
    return sorted(found, key=lambda span: span.start)


def _find_owner(text: str, start: int, taken: bytearray) -> int:
    """Where the letters before the bracketed year of a document's number begin."""
    if text[start] not in "〔[（(【﹝" or not text[start + 1 : start + 5].strip().isdigit():
        return start
    before = text[max(start - 10, 0) : start]
    letters = _OWNER.search(before)
    if letters is None:
        return start
    owner = _NOT_OWNER.sub("", letters[0])
    first = start - len(owner)
    return start if any(taken[first:start]) else first
