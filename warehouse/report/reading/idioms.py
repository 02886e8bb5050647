"""Finds words whose numeral is no number at all: 一批, 进一步, 第一时间, 万众, 十分."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Final

from warehouse.report.reading.folding import fold_text

_NUMERALS: Final = "一二三四五六七八九十百千万亿两双零半"
_WORDS: Final = """
一批 一大批 一系列 一揽子 一整套 一些 一部分 一方面 一体 一体化 一致 一定 一律 一般 一般性 一切
一样 一同 一并 一旦 一线 一流 一起 一举 一心 一手 一度 一向 一贯 一时 一再 一直 一经 一边 一面
一点 一番 一概 一应 一齐 一如 一如既往 一以贯之 一视同仁 一马当先 一目了然 一丝不苟 一丝一毫
一点一滴 一言一行 一举一动 一举多得 一举两得 一心一意 一脉相承 一蹴而就 一刀切 一窝蜂 一阵风
一盘棋 一股绳 一把手 一把抓 一竿子 一门心思 一抓到底 一帆风顺 一次性 一站到底 一连串 一场场 一个个
一项项 一件件 一家家 一步步 一批批 一代代 一代又一代 一步一个脚印 一道道 一层楼 一臂之力 一席之地
一分为二 一票否决 一岗双责 一己之力 一技之长 一无所有 一片 一派 一股 一声 一口 一身 一族 一众
一会儿 一下 一下子 一辈子 一世 一瞬 一刻 一夜 一路上 一头 一端 一侧 一旁 一角 一隅 一环 一隅之地
一员 一瞥 一览 一览表 一斑 一一 一味 一气呵成 一鼓作气 一往无前 一锤定音 一步到位 一步 一把 进一步
下一步 更进一步 上一步 统一 统一战线 唯一 之一 万一 逐一 单一 专一 同一 如一 划一 合一 归一 不一
始终如一 知行合一 三位一体 表里如一 独一无二 天人合一 整齐划一 首屈一指 数一数二 百里挑一 略胜一筹
更胜一筹 技高一筹 每一 每一个 每一家 每一项 每一位 每一次 每一名 每一件 另一 另一个 另一方面 某一
某一个 某一项 这一 那一 哪一 任一 任何一个 任何一家 任何一项 新一轮 新一代 新一批 新一届 上一轮
上一个 上一届 下一轮 下一个 下一阶段 下一届 前一 同一个 同一种 同一批 同一家 近一步 有一定
一定程度 一段时间 一段时期 一个时期 一个方面 一个又一个 再一次 又一个 又一次 又一批 头一次
第一时间 第一线 第一手 第一要务 第一要义 第一资源 第一动力 第一生产力 第一关 第一印象 第一书记
第一责任人 第一责任 第一粒 第一道防线 第一方阵 第一梯队 第一方 第二方 第三方 第三者 第一人称
质量第一 安全第一 生命第一 健康第一 信誉第一 顾客第一 用户第一 客户第一 诚信第一 服务第一 人民第一
友谊第一 品质第一 二手 二手车 二手房 二维码 二维 二次元 二话不说 二把手 二氧化碳 二氧化硫 二甲苯
二手烟 二胡 说一不二 不二 接二连三 三农 三甲 再三 三思 三角 三角洲 长三角 珠三角 铁三角 三包 三峡
三维 三防 三通一平 三国 三伏 三者 三星 三轮车 三明治 三文鱼 三七 三聚氰胺 三元材料 三元锂 三元催化
三口之家 三番五次 三令五申 举一反三 三生有幸 三言两语 三心二意 丢三落四 三亚 三明 三门峡 三水 三河
三原 三台 三门 三穗 三都 三板 新三板 三方 三无 四川 四平 四季 四周 四处 四面 四面八方 四通八达
四海 四方 四合院 四肢 四氧化三铁 四氯化碳 四大名著 四舍五入 张三李四 朝三暮四 不三不四 丢四 五金
五谷 五谷丰登 五彩 五星 五香 五官 五花八门 五湖四海 五指山 五大连池 五峰 五台 五莲 五通桥 五味子
五粮液 三丰 三环 三一 四维 六安 六盘水 六合 六神 六亲 七夕 七台河 七彩 七星 七上八下 乱七八糟
横七竖八 八方 八仙 八卦 八宝 八宝粥 八角 八达岭 八公山 四平八稳 五脏六腑 九江 九寨沟 九州 九州通
九龙 九华山 九宫山 九牛一毛 重九 十分 十足 十字 十字路口 十堰 十字架 十全十美 十拿九稳 十有八九
十年树木 百姓 老百姓 百货 百花 百花齐放 百科 百合 百灵 百色 百度 百般 百倍努力 百折不挠 百家争鸣
百舸争流 百川 百事 百尺竿头 百炼成钢 百战百胜 百感 百废 百香果 百叶 百洁布 百日咳 百看不厌 百花园
千方百计 成百上千 千家万户 千百 千秋 千篇一律 千头万绪 千千万万 千差万别 千变万化 千丝万缕
千辛万苦 千山万水 千言万语 千载难逢 千锤百炼 千里 千里马 千里之行 千岛湖 千金 千斤顶 大千 千古
千军万马 千钧一发 一诺千金 各有千秋 千兆 万众 万众一心 万众创新 万事 万物 万物互联 万里 万里行
万里路 万里长江 万达 万科 万华 万象 万向 万能 万全 万世 万家灯火 万马奔腾 万无一失 万不得已 万分
万水千山 万紫千红 万象更新 万丈 万岁 万宁 万州 万源 万载 万盛 万安 万年青 万村 万山区 亿万 万古
万国 万寿 万古长青 万元户 万用表 万吨级 两手 两手抓 两会 两岸 两者 两侧 两端 两难 两翼 两用 两面
两面针 两全其美 两极 两栖 两头 两地 两性 两袖清风 一分两清 双方 双向 双重 双边 双休 双休日 双赢
双手 双脚 双眼 双轮 双轨 双面 双层 双语 双峰 双流 双城 双鸭山 双柏 双人 双倍 双喜 双节 双线 双侧
双轴 双核 双联 双环 双汇 双鹤 双星 双良 成双 成双成对 智勇双全 零售 零售业 零售额 零售商 零散 零碎
零星 零部件 零件 零食 零用 零距离 零容忍 零排放 零跑腿 零接触 零工 零投诉 零差错 零事故 零延误
零障碍 零门槛 零成本 零见面 零时差 零缺陷 零基础 零花 凋零 飘零 清零 归零 从零开始 化整为零 半导体
半成品 半数 半径 半夜 半路 半天 半岛 大半 多半 过半 事半功倍 减半 半自动 半固态 半挂车 省市县三级
市县两级 省市两级 县乡两级 省县两级 国家省市三级 市县乡三级 县乡村三级 一五一十
"""


def _index_words() -> dict[int, dict[int, frozenset[str]]]:
    """The words by the place of their first numeral and by their length, the longest first."""
    index: dict[int, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for word in _WORDS.split():
        first = next(at for at, sign in enumerate(word) if sign in _NUMERALS)
        index[first][len(word)].add(word)
    return {
        first: {size: frozenset(words) for size, words in sorted(sizes.items(), reverse=True)}
        for first, sizes in index.items()
    }


_INDEX: Final = _index_words()
_NUMERAL: Final = re.compile(f"[{_NUMERALS}]")
# 二十一批 holds no 一批, and 同一百家 no 同一.
_BEFORE: Final = frozenset("0123456789.第几数〇" + _NUMERALS)
_AFTER: Final = frozenset("十百千万亿")


def find_idioms(text: str) -> list[tuple[int, int]]:
    """Where words stand that hold a numeral and mean no number, by place: starts and ends.

    They are no items of a text at all, unlike names.
    """
    folded = fold_text(text)
    found: list[tuple[int, int]] = []
    last = 0
    for match in _NUMERAL.finditer(folded):
        if match.start() < last:
            continue
        spans = [span for span in _list_words(folded, match.start()) if span[0] >= last]
        if spans:
            found.append(max(spans, key=lambda span: span[1] - span[0]))
            last = found[-1][1]
    return found


def _list_words(text: str, place: int) -> list[tuple[int, int]]:
    """The words of the list whose first numeral stands at a place, the longest of each shape."""
    found = []
    for before, sizes in _INDEX.items():
        start = place - before
        if start < 0:
            continue
        size = next((size for size in sizes if text[start : start + size] in sizes[size]), None)
        if size is not None and _is_whole(text, start, start + size):
            found.append((start, start + size))
    return found


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether no numeral goes on before or after the word."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if text[start] in _NUMERALS and before in _BEFORE and before:
        return False
    return not (text[end - 1] in _NUMERALS and after in _AFTER and after)
