"""A text that contradicts itself is told so, at the place; one that does not is left alone."""

from __future__ import annotations

import re
import time
from decimal import Decimal

import pytest

from warehouse.report.consistency import RULES, find_remarks
from warehouse.report.model import Block, Document, Item

MARK = re.compile(r"\[\[(.+?)\]\]")
SIZES = {"万": Decimal(10) ** 4, "亿": Decimal(10) ** 8}


def read_marked(marked: str) -> tuple[Document, list[Item]]:
    """A text whose numbers are marked `[[14家]]`, `[[55%|share]]`, `[[2019年|date]]`.

    A line that begins with # is a heading, one with - an item of a list, one with | a cell.
    Fields after the second: indicator_code, period, scope, by name, as `code=x`.
    """
    text, items, blocks = "", [], []
    for line in marked.split("\n"):
        start = len(text)
        level = len(line) - len(line.lstrip("#"))
        role = {"-": "item", "|": "cell"}.get(line[:1], "heading" if level else "paragraph")
        at = 0
        for found in MARK.finditer(line):
            text += line[at : found.start()]
            at = found.end()
            item = make_item(len(text), found.group(1))
            text += item.text
            items.append(item)
        text += line[at:]
        blocks.append(Block(start, len(text), role, level))
        text += "\n"
    return Document("text.txt", text, tuple(blocks)), items


def make_item(start: int, mark: str) -> Item:
    written, *rest = mark.split("|")
    named = dict(part.split("=") for part in rest if "=" in part)
    kind = next((part for part in rest if "=" not in part), None)
    number = re.search(r"\d[\d,]*(?:\.\d+)?", written)
    value = Decimal(number.group().replace(",", "")) if number else Decimal(1)
    tail = written[number.end() :] if number else ""
    for size, factor in SIZES.items():
        if size in tail:
            value *= factor
    unit = re.sub(r"[余多万亿来]|左右|以上|以下|上下", "", tail) or None
    if "%" in tail:
        unit = "%"
    return Item(
        start=start,
        end=start + len(written),
        text=written,
        value=value,
        unit=unit,
        qualifier=named.get("qualifier"),
        kind=kind or ("growth" if unit == "个百分点" else "share" if unit == "%" else "measure"),
        indicator_code=named.get("code"),
        period=named.get("period"),
        scope=named.get("scope"),
    )


def check(marked: str) -> list[tuple[str, str]]:
    document, items = read_marked(marked)
    return [
        (remark.rule, document.text[slice(*remark.spans[0])])
        for remark in find_remarks(document, items)
    ]


UNITS_SAID = (
    "大冶市[[237件]]、阳新县[[291件]]、黄石港区[[119件]]、西塞山区[[76件]]、下陆区[[61件]]、"
)

WRONG = [
    # part_exceeds_total
    ("part_exceeds_total", "16家", "各行业选树质量标杆企业[[14家]]，其中民营企业[[16家]]。"),
    (
        "part_exceeds_total",
        "16家",
        "选树质量标杆[[14家]]，发放奖金[[540万元]]，其中民营企业[[16家]]。",
    ),
    ("part_exceeds_total", "1388项", "制修订标准[[1213项]],其中国家标准[[1388项]]。"),
    ("part_exceeds_total", "1388项", "全市制修订标准[[1213项]]。其中，国家标准[[1388项]]。"),
    (
        "part_exceeds_total",
        "1288件",
        "授权专利[[1188件]]，同比增长[[27.47%|growth]]，其中发明[[1288件]]。",
    ),
    (
        "part_exceeds_total",
        "18家",
        "湖北制造业百强新增[[5家]]，累计达到[[17家]]，其中民营企业[[18家]]。",
    ),
    ("part_exceeds_total", "1.2亿元", "全年投入专项资金[[9800万元]]，其中市级财政[[1.2亿元]]。"),
    ("part_exceeds_total", "70余家", "培育企业[[60余家]]，其中导入卓越绩效的[[70余家]]。"),
    (
        "part_exceeds_total",
        "600项",
        "共有标准[[1213项]]，其中国家标准[[600项]]、行业标准[[500项]]、地方标准[[200项]]。",
    ),
    ("part_exceeds_total", "5项", "获专利大赛奖[[6项]]，其中金奖[[5项]]、银奖[[2项]]。"),
    ("part_exceeds_total", "20家", "建成实验室[[30家]]，其中国家级[[20家]]，省级[[15家]]。"),
    ("part_exceeds_total", "50家", "获证企业[[45家]]（其中民营企业[[50家]]）。"),
    ("part_exceeds_total", "9家", "全市有老字号[[8家]]；其中阳新县[[9家]]。"),
    # sum_of_list
    ("sum_of_list", "907件", f"全市共申请商标[[907件]]，其中{UNITS_SAID}开发区·铁山区[[122件]]。"),
    ("sum_of_list", "916件", f"全市商标申请[[916件]]：{UNITS_SAID}开发区（铁山区）[[122件]]。"),
    (
        "sum_of_list",
        "960件",
        (
            "全市商标申请[[960件]]。其中，大冶市[[237件]]，增长[[18.5%|growth]]；阳新县[[291件]]，下降"
            "[[20.49%|growth]]；黄石港区[[119件]]；西塞山区[[76件]]；下陆区[[61件]]；开发区·铁山区[[122件]]。"
        ),
    ),
    (
        "sum_of_list",
        "909件",
        (
            "全市共申请[[909件]]，大冶市、阳新县、黄石港区、西塞山区、下陆区、开发区·铁山区分别为[[237件]]、"
            "[[291件]]、[[119件]]、[[76件]]、[[61件]]、[[122件]]。"
        ),
    ),
    ("sum_of_list", "26家", "全市共有实验室[[26家]]，由国家级[[10家]]和省级[[14家]]组成。"),
    ("sum_of_list", "14家", "质量标杆企业[[14家]]，包括国有企业[[3家]]、民营企业[[10家]]。"),
    (
        "sum_of_list",
        "1188件",
        "授权专利[[1188件]]，其中发明[[39件]]、实用新型[[900件]]、外观设计[[200件]]。",
    ),
    (
        "sum_of_list",
        "1188件",
        "共授权专利[[1188件]]，发明、实用新型、外观设计分别为[[39件]]、[[900件]]、[[200件]]。",
    ),
    (
        "sum_of_list",
        "321657亿元",
        (
            "进出口总额[[321657亿元]]，比上年增长[[1.9%|growth]]。其中，出口[[179326亿元]]，增长[[4%|growth]]；进口[[142231亿元]]，"
            "下降[[0.7%|growth]]。"
        ),
    ),
    # share_differs
    (
        "share_differs",
        "43.1%",
        "质量标杆企业由去年的[[14家]]增加到[[26家]]，其中大冶市[[9家]]、阳新县[[6家]]，占比分别为[[34.6%]]、[[43.1%]]。",
    ),
    ("share_differs", "55%", "[[26家]]企业中，有[[14家]]通过认证，占[[55%]]。"),
    ("share_differs", "55%", "[[26家]]中有[[14家]]，占[[55%]]。"),
    ("share_differs", "42%", "制修订标准[[1213项]]，其中国家标准[[388项]]，占[[42%]]。"),
    (
        "share_differs",
        "3.2%",
        "制修订标准[[1213项]]，其中国家标准[[388项]]，占标准总数的[[3.2%]]。",
    ),
    ("share_differs", "75%", "选树标杆[[14家]]，其中民营企业[[10家]]，占比[[75%]]。"),
    ("share_differs", "75%", "选树标杆[[14家]]，其中民营企业[[10家]]（占[[75%]]）。"),
    ("share_differs", "9%左右", "全省隐形冠军[[1129家]]，我市[[79家]]，占全省[[9%左右]]。"),
    (
        "share_differs",
        "46.2%",
        "共[[26家]]，其中国有[[14家]]、民营[[10家]]，分别占[[53.8%]]、[[46.2%]]。",
    ),
    ("share_differs", "12.5%", "投入资金[[540万元]]，其中市级[[30万元]]，占资金总额的[[12.5%]]。"),
    ("share_differs", "98.62%", "监督抽查[[126批次]]，合格[[123批次]]，合格率[[98.62%]]。"),
    ("share_differs", "96.62%", "监督抽查[[126批次]]，不合格[[3批次]]，合格率为[[96.62%]]。"),
    ("share_differs", "3.38%", "监督抽查[[126批次]]，不合格[[3批次]]，不合格率[[3.38%]]。"),
    # growth_differs
    ("growth_differs", "36%", "高新技术企业由[[20家]]增加到[[26家]]，增长[[36%|growth]]。"),
    ("growth_differs", "36%", "高新技术企业从[[20家]]增加至[[26家]]，增幅达[[36%|growth]]。"),
    ("growth_differs", "40%", "高新技术企业[[26家]]，比上年的[[20家]]增长[[40%|growth]]。"),
    (
        "growth_differs",
        "17.47%",
        "授权专利[[1188件]]，上年同期[[932件]]，同比增长[[17.47%|growth]]。",
    ),
    (
        "growth_differs",
        "17.47%",
        "授权专利[[1188件]]（去年同期[[932件]]），增长[[17.47%|growth]]。",
    ),
    ("growth_differs", "30%", "投诉由[[26件]]减少到[[20件]]，下降[[30%|growth]]。"),
    ("growth_differs", "30%", "投诉由[[20件]]增加到[[26件]]，下降[[30%|growth]]。"),
    ("growth_differs", "3.5倍", "商标由[[20件]]增加到[[30件]]，增长[[3.5倍|growth]]。"),
    ("growth_differs", "2.25个百分点", "合格率由[[96.5%]]提高到[[97.75%]]，提高[[2.25个百分点]]。"),
    ("growth_differs", "8家", "高新技术企业由[[20家]]增加到[[26家]]，增加[[8家|growth]]。"),
    (
        "growth_differs",
        "20%",
        "高新技术企业达到[[26家]]，比上年增加[[6家|growth]]，增长[[20%|growth]]。",
    ),
    ("growth_differs", "18家", "在上年[[12家]]的基础上新增[[5家]]，达到[[18家]]。"),
    (
        "growth_differs",
        "18家",
        "上年末，全市湖北制造业百强企业[[12家]]。\n今年湖北制造业百强企业新增[[5家]]达到[[18家]]。".replace(
            "今年", ""
        ),
    ),
    # same_figure_twice
    (
        "same_figure_twice",
        "62家",
        "全市拥有省级企业技术中心[[36家]]。\n全市省级企业技术中心[[62家]]。",
    ),
    (
        "same_figure_twice",
        "62家",
        "全市省级重点实验室[[26家]]。\n全市已有省级重点实验室[[62家]]。\n目前，全市有[[26家]]省级重点实验室。",
    ),
    (
        "same_figure_twice",
        "97.57%",
        "全市重点工业产品抽查合格率达到[[97.75%]]。\n全市重点工业产品抽查合格率[[97.57%]]。",
    ),
    (
        "same_figure_twice",
        "25家",
        "领军企业[[26家|code=a|period=2020Q3|scope=黄石市]]。\n领军企业共计[[25家|code=a|period=2020Q3|scope=黄石市]]。",
    ),
    (
        "same_figure_twice",
        "98.4亿元",
        "授信[[99.6亿元|code=a|period=2020Q3]]。\n落实授信[[98.4亿元|code=a|period=2020Q3]]。",
    ),
    (
        "same_figure_twice",
        "71家",
        "大冶市共有高新技术企业[[17家]]。\n大冶市高新技术企业达到[[71家]]。",
    ),
    # slip_of_the_point
    ("slip_of_the_point", "3825%", "民营企业占比[[38.25%]]。\n上述民营企业占比[[3825%]]。"),
    ("slip_of_the_point", "3825%", "工业产品标准覆盖率达到[[3825%]]。"),
    ("slip_of_the_point", "977.5%", "重点工业产品监督抽查合格率为[[977.5%]]。"),
    (
        "slip_of_the_point",
        "260家",
        "全市拥有省级重点实验室[[26家]]。\n全市省级重点实验室[[260家]]。",
    ),
    (
        "slip_of_the_point",
        "2018.4亿元",
        "劲牌公司品牌价值[[201.84亿元]]。\n劲牌公司品牌价值高达[[2018.4亿元]]。",
    ),
    (
        "slip_of_the_point",
        "540亿元",
        "奖金[[540万元|code=a|period=2020Q3]]。\n发放奖金[[540亿元|code=a|period=2020Q3]]。".replace(
            "540亿", "5.4亿"
        ),
    ),
]
WRONG[-1] = ("slip_of_the_point", "5.4亿元", WRONG[-1][2])


@pytest.mark.parametrize(("rule", "place", "text"), WRONG)
def test_a_contradiction_raises_its_one_rule_at_its_place(rule, place, text):
    assert check(text) == [(rule, place)]


RIGHT = [
    # parts within their total
    "推动全市[[316家]]企业[[1437种]]产品制修订标准[[1213项]],其中国家标准[[388项]]。",
    "选树质量标杆企业[[14家]],发放奖金[[540万元]],其中民营企业[[10家]]。",
    "选树质量标杆企业[[14家]]，其中民营企业[[14家]]。",
    "全市[[29个]]部门开展[[37项]]质量提升项目，其中县级[[40个]]。",
    "新增国家级[[5家]]，省级[[8家]]，其中民营企业[[10家]]。",
    "国家级[[5家]]、省级[[8家]]，其中民营企业[[10家]]。",
    "达到[[26家]]，比上年增加[[6家|growth]]，其中民营企业[[14家]]。",
    "达到[[26家]]，比上年增加[[6家]]，其中民营企业[[14家]]。",
    "比上年增加[[6家]]，其中民营企业[[14家]]。",
    "标杆企业[[14家]]，其中民营企业[[10家]]，服务企业[[146家]]。",
    "标杆企业[[14家]]，其中民营企业[[10家]]、高新技术企业[[9家]]。",
    "标杆企业[[14家]]，其中民营企业[[10家]]，比上年的[[15家]]减少[[5家]]。",
    "累计培育企业近[[500家]]，其中民营企业[[498家]]。",
    "培育企业超过[[500家]]，其中民营企业[[560家]]。",
    "培育企业[[70余家]]，其中民营企业[[76家]]。",
    "培育企业[[70余家]]，其中导入卓越绩效的近[[80家]]。",
    "运用专项资金[[500余万元]]，其中市级[[560万元]]。",
    "申请[[906件]]，其中发明[[100件]]，授权[[500件]]，其中发明[[300件]]。",
    "湖北百强企业[[8家]]，湖北制造业百强企业新增[[5家]]达到[[17家]]，其中民营企业[[15家]]。",
    "主导和参与制订各级标准共[[193项]]，主导起草的国家标准有[[32项]]、行业标准[[49项]]、地方标准[[11项]]。",
    "参与标准[[193项]]，其中国家标准[[32项]]、行业标准[[49项]]、地方标准[[11项]]。",
    "力争培育企业[[60家|target]]，其中民营企业[[80家]]。",
    "设专家库[[26名]]，包括院士[[2名]]、教授[[5名]]。",
    "设专家库[[26名]]，包括院士[[12名]]、教授[[12名]]等。",
    "技术中心[[36家]]，其中省级以上[[30家]]、国家级[[12家]]。",
    "争取省级资金[[210万元]]，配套[[30万元]]，其中市级[[100万元]]。",
    "投入资金[[5亿元]]，实施项目[[20个]]，其中投资[[10亿元]]以上项目[[3个]]。",
    "投入资金[[5亿元]]，实施项目[[20个]]，其中投资[[10亿元]]项目[[3个]]。",
    "全市[[26个]]乡镇，其中建成示范点[[40个]]。",
    "[[26家]]企业，由[[30家]]机构提供服务。",
    "将[[26个]]部门分为[[30个]]小组。",
    # lists that add up, or need not
    (
        "全市商标申请[[906件]]。有效注册方面，大冶市[[8024件]]、阳新县[[8387件]]、黄石港区[[2486件]]、西塞山区[[1235件]]、"
        "下陆区[[1202件]]、开发区·铁山区[[2810件]]。"
    ),
    (
        "生产总值[[1015986亿元]]，增长[[2.3%|growth]]。其中，第一产业[[77754亿元]]，增长[[3.1%|growth]]；第二产业[[384255亿元]]；第三产业"
        "[[553977亿元]]，增长[[2.1%|growth]]。"
    ),
    "进出口总额[[321557亿元]]。其中，出口[[179326亿元]]，增长[[4%|growth]]；进口[[142231亿元]]，下降[[0.7%|growth]]。",
    "规上工业企业[[862家]]，其中大型[[12家]]、中型[[85家]]、小微型[[765家]]；新增市场主体[[1.2万户]]。",
    "抽查[[100批次]]。其中，合格[[80批次]]，不合格[[20批次]]。不合格产品中，假冒[[5批次]]，质量问题[[10批次]]。",
    "融资金额[[3098亿元]]，惠及企业[[1.5万家]]。其中普惠性贷款惠及企业[[1.1万家]]，占惠企总数的[[71.8%]]。",
    "有效发明专利[[190.8万件]]，其中高新技术企业拥有[[121.3万件]]，占国内企业总量的[[63.6%]]。",
    f"全市共申请商标[[906件]]，其中{UNITS_SAID}开发区·铁山区[[122件]]。",
    f"全市共申请商标[[906件]]，其中{UNITS_SAID[:-1]}。",
    f"全市共申请商标[[930件]]，其中{UNITS_SAID}开发区·铁山区[[122件]]，市直[[24件]]。",
    (
        "全市有效商标[[24144件]]，大冶市、阳新县、黄石港区、西塞山区、下陆区、开发区·铁山区申请量分别为[[237件]]、[[291件]]、"
        "[[119件]]、[[76件]]、[[61件]]、[[122件]]。"
    ),
    (
        "全市申请[[906件]]、注册[[888件]]。大冶市申请[[237件]]、注册[[311件]]；阳新县申请[[291件]]、注册[[321件]]；黄石港区申请"
        "[[119件]]、注册[[93件]]；西塞山区申请[[76件]]、注册[[41件]]；下陆区申请[[61件]]、注册[[78件]]；开发区·铁山区申请[[122件]]、"
        "注册[[44件]]。"
    ),
    (
        "全市商标申请增长[[8.5%|growth]]，大冶市增长[[18.5%|growth]]、阳新县下降[[20.49%|growth]]、黄石港区增长[[19%|growth]]、西塞山区增长"
        "[[76.74%|growth]]、下陆区增长[[32.61%|growth]]、开发区·铁山区增长[[52.5%|growth]]。"
    ),
    "商标总量、申请量、注册量依次为[[37667件]]、[[7691件]]、[[6423件]]，总量居全省第[[6|rank]]。",
    "完成市级地方标准[[6项]]、省级地方标准[[2项]]、团体标准[[4项]]，申报国家标准[[2项]]。",
    "授权专利[[1139件]]，其中发明[[39件]]、实用新型[[900件]]、外观设计[[200件]]。",
    "授权专利[[1188件]]，其中发明[[39件]]、实用新型[[900件]]。",
    "授权专利约[[1100件]]，其中发明[[39件]]、实用新型[[900件]]、外观设计[[200件]]。",
    "质量标杆企业[[14家]]，包括国有企业[[4家]]、民营企业[[10家]]。",
    # shares
    "[[26家]]企业中，有[[14家]]通过认证，占[[54%]]。",
    "[[26家]]企业中，有[[14家]]通过认证，占[[53.8%]]。",
    "[[26家]]企业中，有[[14家]]通过认证，占[[53.84%]]。",
    "[[26家]]企业中，有[[14家]]通过认证，占一半以上即[[50%以上]]。",
    "[[26家]]企业中，有[[14家]]通过认证，占比超过[[50%]]。",
    "全省隐形冠军[[1129家]]，我市[[79家]]，占全省[[7%左右]]。",
    "全市[[79家]]企业入选全省隐形冠军示范及培育企业,占全省[[7%左右]]。",
    "标杆企业[[14家]]，其中民营企业[[10家]]，占全省[[3%]]。",
    "标杆企业[[14家]]，其中民营企业[[10家]]，产值占规上工业的[[30%]]。",
    "标杆企业[[14家]]，其中民营企业[[10家]]，民营经济增加值占[[55%]]。",
    "共[[26家]]，其中国有[[14家]]、民营[[12家]]，分别占[[53.8%]]、[[46.2%]]。",
    "隐形冠军[[40家]]，占全市[[42%]]。",
    "监督抽查[[126批次]]，合格[[123批次]]，合格率[[97.62%]]。",
    "监督抽查[[126批次]]，不合格[[3批次]]，合格率[[97.6%]]。",
    "监督抽查[[126批次]]，合格[[123批次]]，实物质量合格率[[99%]]。",
    "有效发明专利[[618件]]，万人拥有量[[2.37件]]。",
    "[[26家]]企业技术中心服务企业[[14家]]，占[[30%]]。",
    "研发投入[[12亿元]]，其中企业[[9亿元]]，占[[75%左右]]。",
    "目前活动覆盖率已达到[[95%]]。",
    "选树民营企业标杆[[26家]]，其中规上企业[[14家]]，占民营企业的[[38%]]。",
    "标杆企业[[14家]]，其中民营企业[[10家]]占比由[[50%]]提高到[[71.4%]]。",
    # growth
    "高新技术企业由[[20家]]增加到[[26家]]，增长[[30%|growth]]。",
    "授权专利[[1188件]]，上年同期[[932件]]，同比增长[[27.47%|growth]]。",
    "授权专利[[1188件]]，同比增长[[27.47%|growth]]，其中发明[[39件]]（增长[[39.29%|growth]]）。",
    "授权专利[[1188件]]，比上年同期的[[932件]]有所增长，其中发明增长[[39.29%|growth]]。",
    "地区生产总值由[[1767.19亿元]]变为[[1690亿元]]，下降[[5.5%|growth]]。",
    "地区生产总值由[[1767.19亿元]]降到[[1690亿元]]，下降[[5.5%|growth]]。",
    "预算收入由[[119.5亿元]]降到[[88.2亿元]]，下降[[26.2%|growth]]。",
    "预算收入由[[119.5亿元]]降到[[88.2亿元]]，可比口径下降[[20%|growth]]。",
    "投诉由[[26件]]减少到[[20件]]，下降[[23.1%|growth]]。",
    "商标由[[20件]]增加到[[50件]]，增长[[1.5倍|growth]]。",
    "商标由[[20件]]增加到[[50件]]，增长[[2.5倍|growth]]。",
    "合格率由[[96.5%]]提高到[[97.75%]]，提高[[1.25个百分点]]。",
    "合格率近三年依次为[[99.29%]]、[[99.57%]]、[[97.43%]]，分别比全省高[[6.4|growth]]、[[4.77|growth]]和[[3.53个百分点]]。",
    "湖北制造业百强企业新增[[5家]]达到[[17家]]，上榜数量居全省第[[2|rank]]。",
    "上年末，全市湖北制造业百强企业[[12家]]。\n湖北制造业百强企业新增[[5家]]达到[[17家]]。",
    "上年末，全市湖北制造业百强企业[[12家]]。\n湖北制造业百强企业新增[[5家]]达到[[15家]]。",
    "在上年[[12家]]的基础上新增[[5家]]，达到[[16家]]。",
    "高新技术企业由[[104家]]增加到[[185家]]，年均增长[[15%|growth]]。",
    "专利申请由[[100余件]]增加到[[150余件]]，增长[[40%|growth]]。",
    "检验机构由2018年的[[58家]]增加到2023年的[[86家]]，增长[[48.3%|growth]]，营业收入比2018年的[[3.9亿元]]增长[[59%|growth]]。",
    "高新技术企业[[478家]]，比上年净增[[76家|growth]]，增长[[18.9%|growth]]。",
    "在2019年[[104家]]的基础上，新认定高新技术企业[[65家]]，有效期内达到[[142家]]。",
    "城镇新增就业[[1186万人]]，比上年少增[[166万人|growth]]。",
    # the same thing twice
    "全市拥有省级重点实验室[[26家]]。\n全市省级重点实验室[[26家]]。",
    "全市拥有省级重点实验室[[20余家]]。\n全市省级重点实验室[[26家]]。",
    "全市投保金额合计[[9.96亿元]]。\n全市投保金额达到[[99637万元]]。",
    "[[2019年|date]]全市省级重点实验室[[22家]]。\n[[2020年|date]]全市省级重点实验室[[26家]]。",
    "上年末全市省级重点实验室[[22家]]。\n目前全市省级重点实验室[[26家]]。",
    "全市省级重点实验室[[26家]]。\n大冶市省级重点实验室[[6家]]。\n阳新县省级重点实验室[[5家]]。",
    "全省省级重点实验室[[260家]]。\n全市省级重点实验室[[26家]]。",
    "# 大冶市\n共有省级重点实验室[[6家]]。\n# 阳新县\n共有省级重点实验室[[5家]]。",
    "- 劲牌公司：有效发明专利[[30件]]。\n- 东贝公司：有效发明专利[[15件]]。",
    "- 劲牌：有效发明专利[[30件]]。\n- 东贝：有效发明专利[[15件]]。",
    "全市开展专项检查[[3次]]。\n全市开展专项检查[[5次]]。",
    "全市省级重点实验室新增[[5家]]。\n全市省级重点实验室[[26家]]。",
    "推动全市[[316家]]企业[[1437种]]产品达标。\n推动全市[[70余家]]企业导入卓越绩效管理模式。",
    "到2025年，全市省级重点实验室达到[[40家]]。\n全市省级重点实验室[[26家]]。",
    "领军[[26家|code=a|period=2020Q3|scope=黄石市]]，大冶[[6家|code=a|period=2020Q3|scope=大冶市]]。",
    "领军[[26家|code=a|period=2020Q3]]，上年[[22家|code=a|period=2019Q3]]。",
    "领军新增[[5家|code=a|period=2020Q3]]达到[[17家|code=a|period=2020Q3]]。",
    "协调贷款或授信批复[[99.6亿元]],输送职工[[8118人]],减免各项费用近[[240亿元]]。",
    "获市级专项经费[[210万元]]。\n获省级专项经费[[30万元]]。\n运用专项资金[[300万元]]。",
    "| [[26家]]\n| [[62家]]",
    "# 2019年工作\n全市省级重点实验室[[22家]]。\n# 2020年工作\n全市省级重点实验室[[26家]]。",
    "食品方面，全市监测合格率[[98%]]。\n药品方面，全市监测合格率[[99%]]。",
    "# 食品\n全市获证企业[[26家]]。\n# 药品\n全市获证企业[[62家]]。",
    "# 食品\n全市监督抽查合格率[[98%]]。\n# 药品\n全市监督抽查合格率[[99%]]。",
    "去年同期，全市湖北制造业百强企业[[12家]]。\n湖北制造业百强企业新增[[5家]]达到[[18家]]。",
    "大冶市有商标[[93件|code=a|period=2024Q1|scope=下陆区]]，共[[41件|code=a|period=2024Q1|scope=下陆区]]。",
    "甲乙注册量依次为[[93件|code=a|period=2024Q1]]、[[41件|code=a|period=2024Q1]]。",
    "有效商标[[24144件|code=a|period=x]]。\n## 主要目标\n有效商标达到[[2.8万件|code=a|period=x]]。",
    "机电产品出口[[76亿元|code=a|period=x]]，高新技术产品出口[[31亿元|code=a|period=x]]。",
    "有效商标[[2.1万件|code=a|period=x]]。\n某公司名下有效商标[[1100件|code=a|period=x]]。",
    "高新技术企业[[26家|code=a|period=x]]。\n民营高新技术企业[[14家|code=a|period=x]]。",
    # percentages above a hundred, and equal digits
    "全年任务完成率达到[[120%]]。",
    "入库项目占年度目标任务的[[120%]]。",
    "各项存款占GDP的比重达到[[130%]]。",
    "PCT申请[[3件]]，同比增长[[200%|growth]]。",
    "商标注册增长[[139.23%|growth]]，拨备覆盖率[[180%]]。",
    "全市省级重点实验室[[26家]]，共引进人才[[260人]]。",
    "大冶市投入专项资金[[120万元]]，阳新县投入专项资金[[1200万元]]。",
    # other sentences officials write
    "市市场监管局服务企业[[146家次]]，深入[[18家]]企业开展专题服务。",
    "[[10个]]产业集群入选全省重点成长型产业集群。",
    "获全省高价值专利大赛金奖[[1项]]、银奖[[2项]]。",
    "全市已组建产业研究院[[8家]],拥有省级以上企业技术中心[[36家]]、省级工程技术研究中心[[22家]]、省级重点实验室[[8家]]。",
    "共有[[6家]]省级工业设计中心、[[4家]]国家级和省级服务型制造示范企业，数量均居全省[[第三|rank]]。",
    "形成[[6个]]县级质量提升项目。\n全市[[29个]]市直部门共开展[[37项]]质量提升项目。",
    "近[[500家]]企业获得服务，累计[[70余家]]企业导入卓越绩效管理模式。",
    "[[2020年|date]]元至[[9月|date]]，为近[[500家]]企业提供服务。",
    "六六八的含义：让[[600家|target]]中小企业推广，支持[[60家|target]]规模以上企业，培育名牌标杆[[8家|target]]。",
    "[[10家]]企业的[[21个]]产品列入示范目录，[[8家]]首次通过贯标。",
]


@pytest.mark.parametrize("text", RIGHT)
def test_a_sentence_without_contradiction_raises_nothing(text):
    assert check(text) == []


SIX = (
    "part_exceeds_total", "sum_of_list", "share_differs", "growth_differs", "same_figure_twice",
    "slip_of_the_point",
)  # fmt: skip


def test_a_wrong_part_is_told_once_not_again_by_its_share():
    text = "制修订标准[[1213项]]，其中国家标准[[1388项]]，占[[32%]]。"
    assert check(text) == [("part_exceeds_total", "1388项")]


def test_the_sentence_names_both_places_and_the_computation_in_both_languages():
    document, items = read_marked("[[26家]]企业中，有[[14家]]通过认证，占[[55%]]。")
    (remark,) = find_remarks(document, items)
    assert [document.text[slice(*span)] for span in remark.spans] == ["55%", "14家", "26家"]
    for sentence in (remark.sentence.zh, remark.sentence.en):
        assert "55%" in sentence
        assert "14家÷26家＝53.85%" in sentence
    assert remark.remedy.zh
    assert remark.remedy.en


def test_money_is_worded_as_texts_write_it():
    document, items = read_marked("投入专项资金[[9800万元]]，其中市级财政[[1.2亿元]]。")
    (remark,) = find_remarks(document, items)
    assert "1.2亿元＞9800万元" in remark.sentence.zh


def test_an_unknown_hedge_counts_as_about_and_an_implied_amount_as_nothing():
    hedged = "[[26家|qualifier=号称]]企业中，有[[14家]]通过认证，占[[55%]]。"
    assert check(hedged) == []
    assert check("标杆企业[[14家]]，其中民营企业[[16家|qualifier=implied]]。") == []


def test_a_text_without_blocks_is_read_line_by_line():
    document, items = read_marked("标杆企业[[14家]]，其中民营企业[[16家]]。\n另有[[3家]]。")
    bare = Document(document.name, document.text, ())
    assert [remark.rule for remark in find_remarks(bare, items)] == ["part_exceeds_total"]


@pytest.mark.parametrize(
    "text", ["", "没有数字。", "[[2020年|date]]", "其中[[3家]]", "[[0家]]中有[[0家]]，占[[0%]]。"]
)
def test_a_text_with_nothing_to_compare_raises_nothing(text):
    assert check(text) == []


def test_remarks_come_by_place_and_one_for_each_contradiction():
    texts = [text for rule, _, text in WRONG if rule in ("share_differs", "growth_differs")][:20]
    found = check("\n".join(texts))
    document, items = read_marked("\n".join(texts))
    starts = [remark.spans[0] for remark in find_remarks(document, items)]
    assert starts == sorted(starts)
    assert len(found) == 20


@pytest.mark.parametrize("joint", ["。\n", "、", "。"])
def test_a_text_of_two_hundred_pages_takes_seconds_whatever_its_sentences(joint):
    document, items = read_marked(joint.join(f"其中省级重点实验室[[{n}家]]" for n in range(4000)))
    begun = time.perf_counter()
    find_remarks(document, items)
    assert time.perf_counter() - begun < 8


def test_every_rule_has_at_least_five_cases():
    assert sorted(RULES) == sorted(SIX)
    counts = {rule: sum(case[0] == rule for case in WRONG) for rule in RULES}
    assert min(counts.values()) >= 5, counts
