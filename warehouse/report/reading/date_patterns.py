"""How dates are written in Chinese texts, and what may stand between their parts."""

from __future__ import annotations

import re
from typing import Final

MONTH_CAMPAIGN: Final = (
    r"(?:全国|“)?(?:质量|安全|生产|宣传|活动|服务|诚信|兴商|知识产权|消费|维权|计量|标准化?"
    r"|读书|普法|法治|禁毒|环保|卫生|爱国|敬老|节能|交通|食品|消防|教育|志愿|学雷锋|科普|统计"
    r"){1,3}月"
)
"""What turns a month into the name of a campaign: 9月质量月."""


_NUMERAL = "一二三四五六七八九"
_SPACE = r"[ \t\xa0\u3000]{0,2}"
_DASH = rf"{_SPACE}(?:--|——|[-‐‑–—―~～〜至到]){_SPACE}"
_ARABIC_YEAR = r"(?:19\d\d|20\d\d|2100)"
_YEAR = rf"(?:{_ARABIC_YEAR}|[一二][九〇零○][〇零○{_NUMERAL}]{{2}})"
_MONTH = rf"(?:1[0-2]|0?[1-9]|十[一二]?|元|[{_NUMERAL}])"
_DAY = rf"(?:3[01]|[12]\d|0?[1-9]|三十一?|二?十[{_NUMERAL}]?|[{_NUMERAL}])"
_QUARTER = "[一二三四1-4]"
_EDGE = "(?:[初末底](?![次级价步层中])|[上中下]旬)"
_TAIL = rf"月(?:份?{_EDGE}?)?+(?![内龄饼嫂子])(?!{MONTH_CAMPAIGN})"
_OWN = rf"(?<![\d.第A-Za-z〇零两十百千{_NUMERAL}])"
_BARE = rf"(?<![\d.第A-Za-z/:\-〇零十{_NUMERAL}])"
_NOT_COUNTED = "(?![家项个件种名人户次场批亿万千百元余多吨米份位只台套条笔亩%℃年月日号／/.,:])"
_HOURS = "(?:[01]?[0-9]|2[0-4])"
_CLOCK = (
    rf"(?:{_HOURS}[:：][0-5]\d(?:[:：][0-5]\d)?(?![\d:：])"
    rf"|{_HOURS}时(?:[0-5]?\d分)?(?![间期段代限]))"
)
_THEN = rf"(?P<clock>(?:T|{_SPACE}(?:上午|下午|中午|晚上|早上|晚)?{_SPACE}){_CLOCK})?"
_FEW = rf"(?:\d+|[两{_NUMERAL}十百]+)"

DATE_PATTERNS: Final = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        (
            "day",
            (
                rf"{_BARE}(?P<y>{_ARABIC_YEAR})(?P<s>[-/.])(?P<m>1[0-2]|0?[1-9])(?P=s)"
                rf"(?P<d>3[01]|[12]\d|0?[1-9])(?![\d/\-]|\.\d){_THEN}"
            ),
        ),
        (
            "day",
            (
                rf"{_BARE}(?P<y>20\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])"
                rf"(?![\dA-Za-z\-]){_NOT_COUNTED}"
            ),
        ),
        ("month", rf"{_BARE}(?P<y>{_ARABIC_YEAR})-(?P<m>0[1-9]|1[0-2])(?![\d./\-A-Za-z])"),
        ("quarter", rf"{_BARE}(?P<y>{_ARABIC_YEAR})年?[Qq](?P<q>[1-4])(?![\dA-Za-z.])"),
        ("years", rf"{_OWN}(?P<a>{_YEAR})年?{_DASH}(?P<y>{_YEAR})(?:年度?|(?=[）)]))"),
        ("span", rf"{_OWN}(?:\d\d|二十一?)世纪(?:[1-9]0年代)?(?:[初末])?|上世纪[1-9]0年代"),
        ("span", rf"{_OWN}[1-9]0年代[初末]?"),
        (
            "plan",
            (
                rf"{_OWN}十(?P<n>[一二三四五六])五(?![\d{_NUMERAL}家个项万])"
                "(?:期间|时期|[初末])?"
            ),
        ),
        ("plan", r"第十(?P<n>[一二三四五六])个五年(?:规划|计划)?"),
        ("year", rf"{_OWN}(?P<y>{_YEAR}){_SPACE}年(?:年?{_EDGE}|全年|度(?!假)(?:{_EDGE})?)?"),
        ("quarter", rf"{_BARE}(?P<y>{_ARABIC_YEAR})第?(?P<q>{_QUARTER})季度{_EDGE}?"),
        ("to_date", rf"{_BARE}(?P<y>{_ARABIC_YEAR})(?P<half>上)半年度?"),
        ("year", rf"{_BARE}(?P<y>{_ARABIC_YEAR})(?=下半年|前[二两三四]季度)"),
        ("year", rf"{_BARE}(?P<y>{_ARABIC_YEAR})(?=(?:[、和及与]{_ARABIC_YEAR}){{1,9}}年)"),
        (
            "year",
            (
                rf"(?:(?<=[“\"《(（，。；：\n])|^)(?P<y>20[0-4]\d)(?=[\u4e00-\u9fff]{{2}})"
                rf"{_NOT_COUNTED}"
            ),
        ),
        (
            "this",
            (
                "(?P<shift>今年|本年度?|(?<!以)上一?年度?|去年度?|前年|明年)(?:同期|全年|年?"
                rf"{_EDGE})?"
            ),
        ),
        (
            "relative",
            (
                rf"(?:近|过去|最近|未来|今后|此前){_FEW}个?[年月天]"
                "(?![历时的底度]|左右|以上|多)"
            ),
        ),
        ("relative", rf"(?<![\d.两十百{_NUMERAL}近])(?:\d{{1,2}}|[两十{_NUMERAL}]{{1,3}})年来"),
        ("relative", rf"[本上当下]季度{_EDGE}?|[本上当]月(?:份|{_EDGE})?(?!饼)"),
        ("relative", rf"(?<![\d半每近多几历今去上前本{_NUMERAL}十])年(?:[初末底](?![次级价步层]))"),
        ("quarter", r"(?<![A-Za-z\d])[Qq](?P<q>[1-4])(?![\dA-Za-z.])"),
        ("to_date", rf"前(?P<q>[一二两三四1-4])个?季度{_EDGE}?"),
        ("to_date", rf"前(?P<m>1[0-2]|[1-9]|十[一二]?|[两{_NUMERAL}])个?月"),
        ("to_date", r"(?<![一\d])(?P<half>上)半年度?"),
        ("half", r"下半年度?"),
        (
            "quarters",
            (
                rf"{_OWN}第?(?P<a>{_QUARTER})(?:季度)?(?P<s>[、和及]|{_DASH})第?"
                rf"(?P<q>{_QUARTER})季度{_EDGE}?"
            ),
        ),
        ("quarter", rf"{_OWN}第?(?P<q>{_QUARTER})季度{_EDGE}?"),
        (
            "months",
            (
                rf"{_OWN}(?P<a>{_MONTH}){_SPACE}(?:月份?)?{_DASH}(?P<m>{_MONTH}){_SPACE}"
                rf"{_TAIL}(?!{_SPACE}{_DAY}{_SPACE}日)"
            ),
        ),
        (
            "day",
            (
                rf"{_OWN}(?P<m>{_MONTH}){_SPACE}月{_SPACE}(?P<d>{_DAY}){_SPACE}[日号](?!文)"
                rf"{_THEN}"
            ),
        ),
        ("month", rf"{_OWN}(?P<m>{_MONTH}){_SPACE}{_TAIL}"),
        (
            "day",
            (
                rf"{_OWN}(?<!连续)(?<!为期)(?P<d>{_DAY}){_SPACE}日(?![内游均后以之常产报益元化])"
                rf"{_THEN}"
            ),
        ),
        ("clock", rf"(?<![\d.:：]){_CLOCK}"),
    )
)
"""What kind of date each pattern finds; the first that claims a character has it."""
YEAR_AND_PART: Final = re.compile(rf"{_SPACE}的?|度")
"""What may stand between a year and its part."""
RANGE: Final = re.compile(_DASH)
"""What stands between the ends of a range."""
