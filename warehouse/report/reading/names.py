"""Finds numbers inside names: “六六八”, 百强, 3·15, 三品一标, 双千活动, 70年70品牌.

What is counted is no name: 两项行动, 三家企业 and 5个品牌 are left alone.
"""

from __future__ import annotations

import re
from typing import Final

from warehouse.report.reading.date_patterns import MONTH_CAMPAIGN
from warehouse.report.reading.folding import fold_text
from warehouse.report.reading.identifiers import Span
from warehouse.report.reading.idioms import find_idioms

__all__ = ["find_idioms", "find_names"]

_CHINESE = "一二三四五六七八九十"
_NUMERAL = "一二三四五六七八九十百千万两双零"
_DIGITS = rf"(?:[{_NUMERAL}]{{1,4}}|\d{{1,4}})"
_OWN = rf"(?<![\d.,第几数{_NUMERAL}])"
_COUNTER = (
    "[家项件种名人户次场批亿元余多吨米份位只台套条笔亩%年月日天周篇款枚座所处倍期成分岁度点度季"
    "层间栋本册段轮届号级类]"
)
_NOT_COUNTED = rf"(?!{_COUNTER}|[是要来则]|个(?![百千十万一]))"
_HAN = r"[\u4e00-\u9fff]"
_HEADS = (
    "(?:工程|行动|活动|计划|战略|同步|体系|格局|机制|平台|模式|方案|攻坚战|攻坚|战役|方针|理念|举措"
    "|政策|制度|改革|融合|联动|协同|循环|布局|目标|思路|要求|标准化|经济|企业|管理|建设|专项|创建"
    "|试点|示范|品牌|产业|联创|共建|同创|工作法|走访|帮扶)"
)
_STRONG_HEADS = (
    "(?:工程|行动|活动|计划|战略|同步|体系|格局|机制|平台|模式|方案|攻坚战|战役|方针|工作法"
    "|专项|联动)"
)

# Names known by every reader, that no shape tells.
_KNOWN = (
    "一带一路|一国两制|一网通办|一网统管|一窗通办|一事联办|一件事一次办|一站式|一条龙|一卡通|一码通"
    "|一张网|一张图|一门式|一业一证|一证通|一体两翼|一芯两带三区|一主两翼|一主引领|三品一标|三标一体|三标"
    "|三同时|三公经费|三公|三定|三重一大|三会一课|三严三实|三去一降一补|三大攻坚战|三新|三高|三废|三产融合"
    "|三次产业|一二三产业|一二三产|二三产业|第[一二三]产业|一产|二产|三产|三证合一|五证合一|多证合一|两证合一"
    "|四上企业|四上|四新经济|四新|四风|四好|四个全面|四个意识|四个自信|四史|五个一工程|五位一体|五险一金"
    "|五保户|五保|五一|五四|六稳六保|六稳|六保|六税两费|七一|八一|八项规定|两化融合|两化|两个维护|两个确立"
    "|两个一百年|两个毫不动摇|两学一做|两不愁三保障|两新|两重|两高一低|两高|两型|两业融合|两业|两山"
    "|两免一补|两非|双随机|双创|双碳|双控|双减|双公示|双一流|双循环|双拥|双提升|双招双引|双强|双融双创"
    "|双十一|双十二|双11|双12|零的突破(?!)|百年老店|百年名企|百年品牌|百年企业|千人计划|万人计划"
    "|九三|新三样|老三样|小三峡"
)
_PATTERNS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        # 9月质量月, 3·15, 100周年, 70年70品牌
        rf"{_OWN}(?:1[0-2]|[1-9]|十[一二]?|[{_CHINESE}])月{MONTH_CAMPAIGN}",
        r"(?<![\d.])\d{1,2}[·•・‧∙]\d{1,2}(?![\d.])",
        r"(?<![\d.])(?:315|3\.15|5\.20|6\.5|12\.4|618)(?=晚会|国际|消费|活动|大促|世界|国家|宪法|[”」])",
        rf"{_OWN}[{_NUMERAL}\d]{{1,5}}周年",
        rf"(?<![\d.])(?P<same>\d{{1,4}}){_HAN}(?P=same)(?:品牌|企业|人物|故事|产品|项目|品|企|城|村|景)",
        # 100强, 世界500强, 百佳
        (
            rf"(?:前|(?:TOP|Top|top) ?)?{_OWN}(?!一强)"
            rf"(?:\d{{1,4}}|[{_NUMERAL}]{{1,4}})(?:强(?![化调制劲度])|佳(?!绩))"
            r"|(?:TOP|Top|top) ?\d{1,4}"
        ),
        rf"{_OWN}(?:{_KNOWN})",
        # 一企一策, 三品一标: two parts of one character each
        rf"{_OWN}一(?![是要来则月日年]){_HAN}一(?![些般定直样起方系律体批]){_HAN}",
        (
            rf"{_OWN}[{_NUMERAL}]{{1,2}}(?!{_COUNTER}|[是要来则点])[\u4e00-\u9fff](?<![{_NUMERAL}、])"
            rf"[{_NUMERAL}](?!{_COUNTER}|[是要来则{_NUMERAL}])[\u4e00-\u9fff]"
            rf"(?:[{_NUMERAL}](?!{_COUNTER}|[{_NUMERAL}])[\u4e00-\u9fff])?"
        ),
        # 1+N, 1+3+X, 7×24小时
        r"(?<![\d.A-Za-z])(?:\d{1,4}|[NnXx])(?: ?[+] ?(?:\d{1,4}|[NnXx])(?![A-Za-z\d.%])){1,6}",
        r"(?<![\d.])7 ?[×xX*] ?24(?:小时)?",
        # 三年行动计划, 百日攻坚
        rf"{_OWN}(?:\d|[{_CHINESE}两百]{{1,2}})(?:年|日|天)(?=(?:倍增|提升|攻坚|专项|滚动)?(?:行动|攻坚|大会战|会战|冲刺|计划))",
        # 十大品牌, 四大行动
        rf"{_OWN}(?!一大)(?:[{_NUMERAL}]{{1,3}}|\d{{1,2}})大(?![型中小学会赛厅楼桥家众部量幅概约力型规棚道额项])(?={_HAN})",
        # 双千活动, 三化同步, 千企升级行动, 123工程
        rf"{_OWN}(?:[{_NUMERAL}]{{1,4}}{_NOT_COUNTED}(?:{_HAN}{{0,3}}?(?={_STRONG_HEADS})|{_HAN}(?={_HEADS})))",
        rf"{_OWN}\d{{2,4}}(?={_STRONG_HEADS})",
        rf"{_OWN}[十百千万]{{1,3}}(?:[企村店镇城校园县乡品](?!业(?!升|培|倍|梯|成)))",
        rf"{_OWN}百年(?=老字号|老店|名校|大计|未有|企业|品牌|传承|奋斗|目标)",
        rf"{_OWN}[{_CHINESE}]五普法",
        # 一等奖, 二级资质, 三甲
        rf"{_OWN}[一二三四五特](?:等(?=奖|功|品)|级(?=资质|标准化|医院|甲等|认证|保护|响应|企业|计量|学科|建造|市场|巡视|调研)|类(?=医疗|疫苗|新药|水|水质))",
    )
)
_QUOTED: Final = re.compile(r"[“\"‘「『](?P<said>[^“”\"‘’「」『』\n]{1,14})[”\"’」』]")
_BARE_NUMBERS: Final = re.compile(
    rf"(?:[{_NUMERAL}\dNX](?:[+·•・.×xX\-—、个大化](?=[{_NUMERAL}\dNX]))?){{2,12}}"
)
_HOLDS: Final = re.compile(rf"[{_NUMERAL}]|\d")
_PLAN: Final = re.compile(r"十[一二三四五六]五(?:时期|期间|规划|计划|末)?")
_COUNTS: Final = re.compile(
    rf"\d(?:\.\d+)?\s?[余多]?(?:{_COUNTER}|个)|亿|万元|%|百分之|\d{{4}}|[月日]"
)
_HIDDEN = "\ufffc"


def find_names(text: str) -> list[Span]:
    """Finds names with a number in them, by place.

    A span covers the numerals with what belongs to them; of a quoted name all that is quoted,
    without the marks.
    """
    folded = _hide_idioms(fold_text(text))
    taken = bytearray(len(folded))
    found: list[Span] = []
    spans = [match.span() for pattern in _PATTERNS[:6] for match in pattern.finditer(folded)]
    spans += [match.span("said") for match in _QUOTED.finditer(folded) if _is_name(match["said"])]
    spans += [match.span() for pattern in _PATTERNS[6:] for match in pattern.finditer(folded)]
    for start, end in spans:
        if not any(taken[start:end]):
            taken[start:end] = b"\1" * (end - start)
            found.append(Span(start, end, "name"))
    return sorted(found, key=lambda span: span.start)


def _hide_idioms(text: str) -> str:
    signs = list(text)
    for start, end in find_idioms(text):
        signs[start:end] = _HIDDEN * (end - start)
    return "".join(signs)


def _is_name(quoted: str) -> bool:
    """Whether what is quoted is a name for its numbers: neither a five-year plan nor a count."""
    if not _HOLDS.search(quoted) or _PLAN.fullmatch(quoted):
        return False
    return bool(_BARE_NUMBERS.fullmatch(quoted)) or not _COUNTS.search(quoted)
