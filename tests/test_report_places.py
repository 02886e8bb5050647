"""Places in Chinese texts: which one is meant, and where a place only begins another name."""

import time
from datetime import date
from pathlib import Path

import pytest

from warehouse.contracts.load import DEFAULT_EXPECTATIONS, load_expectations
from warehouse.report.reading.places import PLACES_FILE, PlacesUnreadable, find_places, load_places

REFERENCE = Path(__file__).parents[2] / "shared" / "reference"
CODES = load_expectations().codes
PLACES = load_places(DEFAULT_EXPECTATIONS)

# text | as written | name | kind | code
WHOLE = """
黄石市完成3件 | 黄石市 | 黄石市 | city | 420200
黄石企业5家 | 黄石 | 黄石市 | city | 420200
全市5家企业 | 全市 | 黄石市 | city | 420200
我市5个 | 我市 | 黄石市 | city | 420200
本市 | 本市 | 黄石市 | city | 420200
市内企业 | 市内 | 黄石市 | city | 420200
黄石港口 | 黄石 | 黄石市 | city | 420200
大冶市8家 | 大冶市 | 大冶市 | reporting_unit | 420281
大冶8家 | 大冶 | 大冶市 | reporting_unit | 420281
大冶市商标注册 | 大冶市 | 大冶市 | reporting_unit | 420281
阳新县 | 阳新县 | 阳新县 | reporting_unit | 420222
黄石港区 | 黄石港区 | 黄石港区 | reporting_unit | 420202
黄石港3家 | 黄石港 | 黄石港区 | reporting_unit | 420202
西塞山 | 西塞山 | 西塞山区 | reporting_unit | 420203
黄石市下陆区 | 黄石市下陆区 | 下陆区 | reporting_unit | 420204
开发区·铁山区 | 开发区·铁山区 | 开发区·铁山区 | reporting_unit | KFQTS
开发区•铁山区 | 开发区•铁山区 | 开发区·铁山区 | reporting_unit | KFQTS
开发区铁山区 | 开发区铁山区 | 开发区·铁山区 | reporting_unit | KFQTS
铁山区 | 铁山区 | 开发区·铁山区 | reporting_unit | KFQTS
开发区完成3家 | 开发区 | 开发区·铁山区 | reporting_unit | KFQTS
湖北省 | 湖北省 | 湖北省 | province |
全省第2 | 全省 | 湖北省 | province |
居我省首位 | 我省 | 湖北省 | province |
省内领先 | 省内 | 湖北省 | province |
全国第四批 | 全国 | 全国 | nation |
我国 | 我国 | 全国 | nation |
国内领先 | 国内 | 全国 | nation |
孝感市 | 孝感市 | 孝感市 | other |
孝感商标申请量 | 孝感 | 孝感市 | other |
咸宁市一季度 | 咸宁市 | 咸宁市 | other |
恩施州 | 恩施州 | 恩施土家族苗族自治州 | other |
汉川市获 | 汉川市 | 汉川市 | other |
长沙 | 长沙 | 长沙市 | other |
湖南省 | 湖南省 | 湖南省 | other |
上海 | 上海 | 上海市 | other |
白银市 | 白银市 | 白银市 | other |
"""

PART = """
黄石港饼 | 黄石港
大冶特殊钢 | 大冶
阳新生物医药化工产业质量提升项目 | 阳新
黄石日报传媒集团 | 黄石
黄石万达广场商业管理有限公司 | 黄石
黄石市市场监管局 | 黄石市
大冶市市场监管局 | 大冶市
湖北省商务厅 | 湖北省
湖北百强企业8家 | 湖北
湖北名牌产品61个 | 湖北
中国名牌产品 | 中国
中国驰名商标 | 中国
中国品牌价值评价榜单 | 中国
国内生产总值 | 国内
全国人大代表 | 全国
东湖开发区 | 开发区
"""

NONE = """
市市场监管局 | 省商务厅 | 安全市场 | 健全市场体系 | 成本市场 | 经济南部 | 长江西岸
黄河南岸 | 公安部门 | 白银期货 | 来宾 | 其中国家标准388项 | 城市内涝
"""


def _rows(table):
    return [tuple(cell.strip() for cell in line.split("|")) for line in table.strip().splitlines()]


@pytest.mark.parametrize(("text", "written", "name", "kind", "code"), _rows(WHOLE))
def test_a_place_is_told_by_any_of_its_spellings(text, written, name, kind, code):
    (span,) = find_places(text, CODES, PLACES)
    assert text[span.start : span.end] == written
    assert (span.name, span.kind, span.code or "") == (name, kind, code)
    assert span.is_whole


@pytest.mark.parametrize(("text", "written"), _rows(PART))
def test_a_place_that_begins_another_name_is_no_place_of_a_figure(text, written):
    (span,) = find_places(text, CODES, PLACES)
    assert text[span.start : span.end] == written
    assert not span.is_whole


@pytest.mark.parametrize("text", [cell for row in _rows(NONE) for cell in row])
def test_parts_of_other_words_are_no_places(text):
    assert find_places(text, CODES, PLACES) == []


def test_each_place_of_a_list_is_found():
    text = "大冶市、阳新县、黄石港区、西塞山区、下陆区和开发区·铁山区"
    found = find_places(text, CODES, PLACES)
    assert {span.code for span in found} == {unit.code for unit in CODES.on(date.max).counties}
    assert all(span.is_whole for span in found)


def test_a_spelling_of_two_units_is_that_of_the_day():
    codes = CODES.on(date(2018, 1, 1))
    assert [span.code for span in find_places("铁山区", codes, PLACES)] == ["420205"]
    assert [span.code for span in find_places("黄石开发区", codes, PLACES)] == ["KFQ"]


def test_every_prefecture_and_every_other_county_of_the_province_is_listed():
    provinces = {item.short: item for item in PLACES.province}
    assert len(provinces) == 34
    assert sum(len(item.cities) for item in provinces.values()) >= 332
    assert "黄石市" not in provinces["湖北"].cities
    assert len(provinces["湖北"].counties) >= 95


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        (None, "places.toml"),
        ("home_province = ", "places.toml"),
        ('home_province = "湖北省"\nhome = 1\n', "home"),
        ('home_province = "湖北"\n[[province]]\nname = "湖北省"\nshort = "湖北"\n', "湖北"),
    ],
)
def test_a_list_of_places_that_cannot_be_read_is_refused_in_words(tmp_path, written, problem):
    if written is not None:
        path = tmp_path / PLACES_FILE
        path.parent.mkdir(parents=True)
        path.write_text(written, encoding="utf-8")
    with pytest.raises(PlacesUnreadable) as caught:
        load_places(tmp_path)
    assert problem in str(caught.value)
    assert "请改正该文件" in caught.value.of("zh")
    assert "Mend the file" in caught.value.of("en")


@pytest.mark.skipif(not REFERENCE.is_dir(), reason="the reference texts are not here")
def test_the_report_of_2020_speaks_of_the_city_and_the_province_as_a_whole():
    text = (REFERENCE / "report_2020.txt").read_text(encoding="utf-8")
    whole = [span for span in find_places(text, CODES, PLACES) if span.is_whole]
    assert {span.kind for span in whole} <= {"city", "province", "nation"}
    assert sum(text[span.start : span.end] == "全市" for span in whole) == text.count("全市")


def test_a_long_text_is_read_in_a_moment():
    text = "黄石市大冶特殊钢公司、孝感市和全省其他地方共有79家企业。" * 4500
    began = time.process_time()
    assert len(find_places(text, CODES, PLACES)) == 4500 * 4
    assert time.process_time() - began < 3
