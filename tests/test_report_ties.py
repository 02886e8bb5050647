"""What a number of a sentence counts, or that nobody can say: a wrong tie is the worst outcome."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from prose_score import make_document
from published_rows import open_rows

from warehouse.contracts.load import ContractError, load_expectations
from warehouse.report.check import make_judge
from warehouse.report.figures import Figure, Figures
from warehouse.report.model import Item
from warehouse.report.reading.wording import WORDING_FILE, load_lexicon

CODES = load_expectations().codes
LEXICON = load_lexicon(CODES)
SERIES = dict.fromkeys(Figure.__dataclass_fields__) | {
    "series_code": "patents.high_value_count", "indicator_name": "高价值专利件数", "unit": "件",
    "basis": "counted", "measure_kind": "stock", "is_additive": True, "adds_over_periods": False,
    "period": "2020Q3", "period_type": "quarter", "reporting_unit_code": "420200",
    "reporting_unit": "黄石市", "value": 610, "value_state": "value", "expected_submissions": 1,
    "included_submissions": 1, "status": "final", "known_from_release": 1,
}  # fmt: skip
"""The one wording that names a series is seen only where the series is published."""
JUDGE = make_judge(Figures(open_rows([SERIES], {1: date(2020, 10, 22)})), CODES)
MARK = re.compile(r"\[\[([^\[\]=]+)=([^\[\]]*)\]\]")

# A number with what it counts, [[8家=code]], or with nothing: [[8家=]]. / is the end of a line.
NAMED = """
全市[[412家=std_participating_enterprise_count]]企业执行和参与制修订各类标准[[1503项=std_total_count]]，其中国家标准[[455项=std_national_count]]，覆盖产品[[1620种=std_covered_product_count]]。
截至9月底，我市执行和参与制修订标准的企业达[[412家=std_participating_enterprise_count]]。
全市企业执行和参与制修订标准总数为[[1503项=std_total_count]]。
全市企业主导和参与制修订国家、行业标准[[206项=std_led_or_joined_count]]。
围绕知识产权运用，服务企业[[158家次=ip_service_visit_count]]，使用知识产权专项资金[[520万元=ip_special_fund_amount]]。
深入开展质量奖培育，为[[21家=quality_award_cultivated_enterprise_count]]企业提供专题服务。
全市[[9家=hubei_top100_enterprise_count]]企业入围湖北企业百强。
我市有[[18家=hubei_mfg_top100_count]]企业入围湖北制造业企业百强，新增[[4家=hubei_mfg_top100_new_count]]。
湖北企业百强、湖北制造业百强上榜企业数量均居全省[[第2位=hubei_top100_rank]]。
[[11个=prov_growth_cluster_count]]产业集群被列为全省重点成长型产业集群。
全市拥有全省隐形冠军示范及培育企业[[82家=hidden_champion_count]]，占全省的[[7.5%=hidden_champion_province_share]]。
全市获评国家制造业单项冠军产品[[2个=single_champion_product_count]]。
我市[[6家=brand_value_listed_enterprise_count]]企业进入中国品牌价值评价榜单，劲牌公司品牌价值[[205.6亿元=brand_value_amount]]。
在全省高价值专利大赛中，我市斩获金奖[[2项=hv_patent_contest_gold_count]]、银奖[[3项=hv_patent_contest_silver_count]]。
全市共有中华老字号[[3个=china_time_honored_brand_count]]。
全市[[7个=jingchu_youpin_brand_count]]农产品品牌入选荆楚优品目录。
历届市长质量奖共评选出标杆企业[[16家=mayor_quality_award_winner_count]]，其中民营企业[[12家=mayor_quality_award_private_winner_count]]，累计发放奖金[[620万元=mayor_quality_award_prize_amount]]。
品牌宣传展示活动海选报名企业[[超过600家=brand_show_applicant_count]]。
组织质量提升项目的市直部门[[31个=qip_department_count]]，全市实施质量提升项目[[42项=qip_project_count]]。
质量提升行动覆盖率达到[[96%=qip_coverage_rate]]。
市财政列支质量工作专项经费[[230万元=quality_special_fund_amount]]。
质量提升工作中，[[2项=qip_provincial_project_count]]被列为省级示范项目，获省级示范专项经费[[60万元=qip_provincial_grant_amount]]。
试点开展市级质量提升行动[[3项=qip_municipal_project_count]]。
各县（市、区）实施县级质量提升项目[[8个=qip_county_project_count]]。
市经信局帮助企业协调贷款或授信批复[[112亿元=loan_or_credit_approved_amount]]，向企业输送员工[[9024人=workers_dispatched_count]]，减免各项费用[[251亿元=fee_reduction_amount]]。
2020年1-9月，为[[520家=quality_service_enterprise_count]]企业提供质量技术服务。
导入卓越绩效管理模式的企业有[[78家=excellence_model_adopter_count]]。
全市建成产业研究院[[9家=industry_research_institute_count]]、省级以上企业技术中心[[38家=prov_enterprise_tech_center_count]]、省级工程技术研究中心[[24家=prov_engineering_research_center_count]]、省级重点实验室[[9家=prov_key_lab_count]]。
全市有省级工业设计中心[[7家=prov_industrial_design_center_count]]，国家级和省级服务型制造示范企业[[5家=service_mfg_demo_count]]，数量均居全省[[第三=design_service_rank]]。
全市专利授权量[[3120件=patent_grant_count]]，其中发明专利授权[[402件=invention_grant_count]]。
全市有效发明专利拥有量[[2450件=valid_invention_count]]。
全市每万人口发明专利拥有量达[[9.9件=invention_per_10k]]。
全市PCT国际专利申请[[25件=pct_application_count]]。
全市商标申请量[[5210件=trademark_application_count]]，商标注册量[[4012件=trademark_registration_count]]，有效注册商标总量[[21560件=valid_trademark_count]]。
全市拥有中国驰名商标[[12件=well_known_trademark_count]]。
全市国家级专精特新“小巨人”企业达到[[36家=little_giant_count]]。
全市省级以上专精特新企业[[210家=prov_srdi_count]]。
全市省级及以上制造业单项冠军企业[[20家=prov_single_champion_count]]，其中国家级[[5家=national_single_champion_count]]。
国家级制造业单项冠军企业[[5家=national_single_champion_count]]。
全市创新型中小企业[[430家=innovative_sme_count]]。
全市规模以上工业企业[[930家=above_scale_enterprise_count]]。
全市高新技术企业[[720家=high_tech_enterprise_count]]，净增[[96家=high_tech_enterprise_net_new_count]]。
全市科技型中小企业入库[[1260家=tech_sme_count]]。
高新技术产业增加值占地区生产总值比重为[[21.3%=high_tech_value_added_share]]。
规模以上工业企业研发机构覆盖率达[[62%=rd_institution_coverage]]。
全市社会消费品零售总额[[820.5亿元=retail_sales]]。
全市出口额[[210亿元=export_amount]]。
全市地方一般公共预算收入[[120亿元=local_budget_revenue]]。
全市高价值专利[[610件=patents.high_value_count]]。
"""

TOGETHER = """
金奖、银奖分别为[[2项=]]、[[3项=]]。
在高价值专利大赛上，金奖、银奖分别为[[2项=hv_patent_contest_gold_count]]、[[3项=hv_patent_contest_silver_count]]。
产业研究院、省级重点实验室、省级工业设计中心分别为[[8家=industry_research_institute_count]]、[[9家=prov_key_lab_count]]和[[6家=prov_industrial_design_center_count]]。
大冶市、阳新县、下陆区商标注册量依次为[[820件=trademark_registration_count]]、[[610件=trademark_registration_count]]、[[402件=trademark_registration_count]]。
全市商标申请量、商标注册量分别为[[5210件=trademark_application_count]]和[[4012件=trademark_registration_count]]，分别增长[[12%=trademark_application_count]]和[[9%=trademark_registration_count]]。
全市执行和参与制修订标准[[1503项=std_total_count]]，其中：国家标准[[455项=std_national_count]]、行业标准[[602项=]]、地方标准[[210项=]]。
全市专利授权[[3120件=patent_grant_count]]，其中发明[[402件=invention_grant_count]]、实用新型[[2101件=]]、外观设计[[617件=]]。
质量提升项目[[42项=qip_project_count]]，其中省级[[2项=qip_provincial_project_count]]、市级[[3项=qip_municipal_project_count]]、县级[[8项=qip_county_project_count]]。
市长质量奖获奖企业[[16家=mayor_quality_award_winner_count]]（民营企业[[12家=mayor_quality_award_private_winner_count]]）。
市长质量奖获奖企业[[16家=mayor_quality_award_winner_count]]，其中大冶市[[5家=mayor_quality_award_winner_count]]、阳新县[[3家=mayor_quality_award_winner_count]]。
高新技术企业[[720家=high_tech_enterprise_count]]，比上年增加[[96家=high_tech_enterprise_count]]，增长[[15.4%=high_tech_enterprise_count]]。
新增商标注册[[1200件=trademark_registration_count]]。
到2025年，高新技术企业力争达到[[1000家=]]。
计划到年底执行和参与制修订标准[[1600项=]]。
全市有多少家高新技术企业？/[[720家=high_tech_enterprise_count]]。
黄石市有效发明专利拥有量是多少？/截至三季度末为[[2450件=valid_invention_count]]。
东贝电器获评单项冠军产品，实现[[零的突破=single_champion_product_count]]。
[[白云茶和红星酒获得=china_time_honored_brand_count]]“中华老字号”称号。
"""

# What is counted is near an indicator, but another thing; the numbers that are meant are there too.
NEAR_MISSES = """
全市民营企业[[5.2万家=]]，占企业总数的[[95%=]]。
全市新登记企业[[8120家=]]。
全市公开企业标准[[1280项=]]。
全市主导制定国家标准[[12项=]]。
全市有省级标准化试点[[15个=]]。
全市抽查产品[[320批次=]]，合格率[[96.5%=]]。
全市获湖北民营企业百强[[6家=]]。
全市获湖北服务业百强[[3家=]]。
全市认定省级隐形冠军示范企业[[12家=]]。
全市有省级专精特新“小巨人”企业[[45家=]]。
全市有科技小巨人企业[[120家=]]。
全市高新技术产业增加值[[320亿元=]]。
新认定高新技术企业[[130家=]]。
全市新增规模以上工业企业[[85家=]]。
全市进出口总额[[320亿元=]]。
全市税收收入[[90亿元=]]。
全市限上社会消费品零售总额[[300亿元=]]。
全市网上零售额[[60亿元=]]。
全市贷款余额[[1520亿元=]]。
专利质押融资[[5.6亿元=]]。
全市专利申请量[[5600件=]]。
全市实用新型专利授权[[2100件=]]。
企业有效发明专利[[1800件=]]。
每万人口高价值发明专利拥有量[[3.2件=]]。
全市地理标志证明商标[[9件=]]。
全市马德里国际商标[[15件=]]。
查处商标侵权案件[[32件=]]。
全市拥有湖北老字号[[10个=]]。
全市有市级企业技术中心[[60家=]]。
全市有国家级重点实验室[[1家=]]。
全市有省级以上工程技术研究中心[[25家=]]。
培训企业质量管理人员[[520人次=]]。
申报市长质量奖企业[[25家=]]。
市长质量奖提名奖企业[[5家=]]。
市财政安排科技专项资金[[3000万元=]]。
服务企业[[500家=]]。
知识产权维权援助[[35件=]]。
全市质量奖获奖企业带动就业[[2.1万人=]]。
全市农产品地理标志[[12个=]]。
申报中华老字号[[4个=]]。
全市商标注册量[[4012件=trademark_registration_count]]，居全省[[第5位=]]。
企业标准自我声明公开[[3200项=]]，涵盖产品[[5100种=]]。
大冶市有效注册商标[[8000件=valid_trademark_count]]，占全市的[[35%=]]。
全市隐形冠军示范及培育企业[[82家=hidden_champion_count]]，增速居全省[[第3位=]]。
全市高新技术企业占规上工业企业的[[45%=]]。
组织[[200家=]]高新技术企业参加培训。
为隐形冠军企业授信[[50亿元=]]。
商标注册量[[4012件=trademark_registration_count]]，占全省的[[2.1%=]]。
发明专利授权[[402件=invention_grant_count]]，占专利授权总量的[[12.9%=]]。
全市新增有效发明专利[[320件=]]。
全市专利授权[[3120件=patent_grant_count]]，是五年前的[[2.5倍=]]。
对新获中国驰名商标的企业每家奖励[[50万元=]]。
对获得市长质量奖的企业给予[[40万元=]]奖励。
每家获市长质量奖企业奖励[[40万元=]]。
培育单项冠军产品后备企业[[10家=]]。
全市出口额[[210亿元=export_amount]]，其中机电产品出口额[[90亿元=]]。
出口额占地区生产总值的[[12%=]]。
质量提升项目投入资金[[2.1亿元=]]。
举办卓越绩效培训班[[3期=]]，培训企业[[120家=]]。
劲牌公司品牌价值[[205亿元=brand_value_amount]]，列全国酒类[[第10位=]]。
全市市级隐形冠军企业[[50家=]]。
高新技术企业纳税[[32亿元=]]。
高新技术企业中民营企业占[[90%=]]。
新增省级企业技术中心[[5家=]]。
入选湖北省制造业单项冠军企业[[3家=]]。
入围企业数占全省的[[8%=]]。
地方一般公共预算支出[[350亿元=]]。
地方一般公共预算收入[[120亿元=local_budget_revenue]]，其中税收收入[[90亿元=]]，占比[[75%=]]。
社会消费品零售总额[[820.5亿元=retail_sales]]，增长[[5%=retail_sales]]，增速高于全省[[1.2个百分点=]]。
平均每万户市场主体拥有有效注册商标[[820件=]]。
参与制修订国家标准[[12项=]]。
开展标准化良好行为企业[[12家=]]。
全市有[[12家=]]企业通过质量管理体系认证。
知识产权质押融资[[35笔=]]，金额[[5.6亿元=]]。
争取省级知识产权专项资金[[300万元=]]。
[[3家=]]企业获得省长质量奖。
全市累计[[2家=]]企业获长江质量奖，[[16家=mayor_quality_award_winner_count]]企业获市长质量奖。
全市高新技术企业总数为[[720家=high_tech_enterprise_count]]，其中大冶市[[210家=high_tech_enterprise_count]]、阳新县[[95家=high_tech_enterprise_count]]。
全市高新技术企业实现产值[[1200亿元=]]。
全市高新技术企业从业人员[[3.5万人=]]。
[[720家=high_tech_enterprise_count]]高新技术企业拥有专利[[8000件=]]。
有效发明专利[[2450件=valid_invention_count]]中，高校占[[30%=]]。
发明专利授权率为[[55%=]]。
全市商标申请量同比增长[[12%=trademark_application_count]]。
商标申请通过率[[80%=]]。
商标受理窗口受理商标申请[[560件=]]。
全市新增驰名商标[[1件=]]。
培育驰名商标后备企业[[20家=]]。
荆楚优品展销会参展企业[[120家=]]。
中国品牌价值评价中，[[3个=]]区域品牌上榜。
[[6家=]]企业的产品品牌价值合计[[320亿元=]]。
东贝集团品牌价值[[35亿元=]]。
市经信局协调贷款[[112亿元=]]。
为[[300家=]]企业协调贷款。
向省外输送职工[[300人=]]。
减税降费[[25亿元=]]。
为企业减免房租[[1200万元=]]。
产业研究院引进人才[[120人=]]。
省级产业研究院[[3家=]]。
国家级工业设计中心[[1家=]]。
国家级和省级企业技术中心[[38家=prov_enterprise_tech_center_count]]。
服务型制造示范平台[[2个=]]。
省级成长型产业集群实现营业收入[[1200亿元=]]，集聚企业[[800家=]]。
市直部门[[29个=]]参加会议。
质量提升项目覆盖企业[[1200家=]]。
质量提升项目带动企业节约成本[[3.2亿元=]]。
开展质量技术服务[[320次=]]，服务企业[[500家=]]。
质量技术服务机构[[35家=]]。
质量基础设施“一站式”服务企业[[500家=]]。
导入卓越绩效的企业平均利润增长[[12%=]]。
高新技术产业增加值增长[[9.5%=]]。
高新技术产业增加值占规上工业增加值的[[45%=]]。
科技型中小企业[[1260家=tech_sme_count]]，其中高新技术企业[[320家=]]。
专精特新企业中，国家级小巨人[[36家=little_giant_count]]。
重点小巨人企业[[8家=]]。
湖北制造业百强企业营业收入[[3000亿元=]]。
中国制造业500强企业[[2家=]]。
全国百强县排名[[第70位=]]。
大冶市居全国百强县[[第70位=]]。
工业设计中心数量居全省[[第四=]]。
高价值专利大赛报名项目[[35项=]]。
高价值专利培育中心[[5家=]]。
发明专利申请[[1200件=]]。
万人发明专利拥有量[[9.9件=invention_per_10k]]，比全省平均水平低[[5.1件=]]。
PCT国际专利授权[[5件=]]。
全市累计注册商标[[2.1万件=]]。
2020年新核准注册商标[[4012件=trademark_registration_count]]。
武汉、黄石有效发明专利分别为[[6万件=valid_invention_count]]、[[2450件=valid_invention_count]]。
标准化专家库专家[[120人=]]，参与制定标准[[36项=]]。
知识产权贯标企业[[120家=]]。
知识产权优势企业[[12家=]]，示范企业[[3家=]]。
知识产权服务机构[[25家=]]，服务企业[[158家次=ip_service_visit_count]]。
知识产权培训企业[[158家次=]]。
上门服务企业[[158家次=]]。
"""


def read_marked(line: str) -> tuple[str, dict[tuple[int, str], str | None]]:
    """The text of a line, and what each marked number counts by its place."""
    text, at, wanted = "", 0, {}
    for match in MARK.finditer(line):
        text += line[at : match.start()].replace("/", "\n")
        wanted[len(text), match[1]] = match[2] or None
        text += match[1]
        at = match.end()
    return text + line[at:].replace("/", "\n"), wanted


@cache
def check(text: str) -> list[Item]:
    return [item for item in JUDGE.check(make_document("t", text)).items if item.text]


def list_ties(items: list[Item]) -> dict[tuple[int, str], str | None]:
    return {(item.start, item.text): item.indicator_code or item.series_code for item in items}


def _lines(*tables: str) -> list[str]:
    return [line for table in tables for line in table.strip().splitlines()]


@pytest.mark.parametrize("line", _lines(NAMED, TOGETHER))
def test_a_number_is_tied_to_what_its_words_name(line):
    text, wanted = read_marked(line)
    ties = list_ties(check(text))
    assert {key: ties.get(key, "not found") for key in wanted} == wanted
    assert not [key for key, code in ties.items() if code and key not in wanted]


@pytest.mark.parametrize("line", _lines(NEAR_MISSES))
def test_a_number_of_another_thing_is_not_tied(line):
    text, wanted = read_marked(line)
    ties = list_ties(check(text))
    assert {key: ties.get(key, "not found") for key in wanted} == wanted
    assert not [key for key, code in ties.items() if code and key not in wanted]


def test_every_indicator_has_a_wording_and_every_wording_is_met_by_a_sentence():
    assert {item.code for item in CODES.indicators} <= {term.code for term in LEXICON.terms}
    met = {
        code
        for line in _lines(NAMED, TOGETHER)
        for code in list_ties(check(read_marked(line)[0])).values()
    }
    assert {term.code for term in LEXICON.terms} <= met


@pytest.mark.parametrize("term", LEXICON.terms, ids=lambda term: term.code)
def test_every_line_of_a_wording_can_be_met(term):
    sentences = [text for line in term.says for text in _write_sentences(term, line)]
    text = "\n".join(sentences)
    tied = {text.count("\n", 0, start) for (start, _), code in list_ties(check(text)).items()
            if code == term.code}  # fmt: skip
    at = 0
    for line in term.says:
        count = len(list(_write_sentences(term, line)))
        assert tied & set(range(at, at + count)), (line, sentences[at : at + count])
        at += count


def _write_sentences(term, line) -> Iterator[str]:
    """Sentences of nothing but a line's words, what must stand around it, and a number."""
    unit = term.unit or "件"
    number = {"%": "12%", "位": "第2位", "元": "12万元"}.get(unit, f"12{unit}")
    role = {"added": "新增", "net": "净增"}.get(term.wording.role or "", "")
    for at in range(max(len(choice) for choice in line)):
        said = "".join(choice[min(at, len(choice) - 1)] for choice in line)
        about = "".join(
            next((word for word in choice if word in said), choice[0])
            for choices in term.about
            for choice in choices
            if not any(word in said for word in choice)
        )
        yield f"全市{about}{said}{role}{number}。"
        yield f"全市{about}，{said}{role}{number}。"
        yield f"全市{about}{number}{said}。"


# sentence | place each of its numbers of `unit` speaks of, by comma
SCOPES = """
大冶市高新技术企业210家 | 大冶市
黄石市大冶市高新技术企业210家 | 大冶市
全市高新技术企业720家 | 黄石市
我市高新技术企业720家 | 黄石市
全市高新技术企业720家，其中大冶市210家、阳新县100家 | 黄石市,大冶市,阳新县
大冶市、阳新县、下陆区高新技术企业分别为210家、100家和90家 | 大冶市,阳新县,下陆区
大冶市210家高新技术企业，全市720家 | 大冶市,黄石市
全市高新技术企业720家，武汉市8000家 | 黄石市,武汉市
黄石市高新技术企业720家，同期全省8000家 | 黄石市,湖北省
全省高新技术企业8000家，我市720家 | 湖北省,黄石市
同期全国高新技术企业20万家 | 全国
高新技术企业720家，居全省第5位 | 黄石市,黄石市
在全国率先试点，高新技术企业720家 | 黄石市
高新技术企业720家，占全省的9% | 黄石市,黄石市
大冶有色等高新技术企业720家 | 黄石市
铁山区高新技术企业60家 | 开发区·铁山区
大冶市创新发展。高新技术企业210家 | 大冶市
大冶市、阳新县带动明显，全市高新技术企业720家 | 黄石市
黄石市质量报告/一、大冶市/高新技术企业210家 | 大冶市
武汉市质量报告/全市高新技术企业8000家 | 武汉市
"""


def _rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]


@pytest.mark.parametrize(("line", "places"), _rows(SCOPES))
def test_a_number_speaks_of_the_place_that_its_sentence_names(line, places):
    assert ",".join(item.scope for item in check(line.replace("/", "\n")) if item.scope) == places


def test_the_figure_of_another_city_or_the_province_is_held_against_none_of_ours():
    for text in "武汉市高新技术企业8000家", "同期全省高新技术企业8000家":
        (item,) = check(text)
        assert item.indicator_code == "high_tech_enterprise_count"
        assert (item.status, item.series_code, item.warehouse_value) == (
            "cannot be tied",
            None,
            None,
        )


TITLE = "2020年前三季度质量工作报告/"
# sentence below a title of the first three quarters of 2020 | period of each of its numbers
TIMES = """
高新技术企业720家 | 2020Q3
截至目前，高新技术企业720家 | 2020Q3
今年以来商标申请量4500件 | 2020Q3
2019年底高新技术企业610家 | 2019
2019年12月31日，高新技术企业610家 | 2019Q4
2020年6月底，高新技术企业690家 | 2020-06
一季度商标申请量1400件 | 2020Q1
三季度商标申请量1600件 | 2020Q3
2020年7-9月商标申请量1600件 | 2020Q3
上半年商标申请量2900件 | 2020Q2
1-9月商标申请量4500件 | 2020Q3
前三季度商标申请量4500件 | 2020Q3
去年同期商标申请量1200件 | 2019Q3
去年三季度商标申请量1200件 | 2019Q3
商标申请量1600件，去年同期1200件 | 2020Q3,2019Q3
2018年高新技术企业520家、2019年610家、2020年720家 | 2018,2019,2020
高新技术企业由2018年的520家增加到2020年的720家 | 2018,2020
近三年商标申请量分别为3000件、4000件、5000件 | -,-,-
2018-2020年商标申请量依次为3000件、4000件、5000件 | -,-,-
一、二季度商标申请量2900件 | -
下半年商标申请量3300件 | -
"""


@pytest.mark.parametrize(("line", "periods"), _rows(TIMES))
def test_a_number_speaks_of_the_time_that_its_sentence_names_else_of_the_titles(line, periods):
    items = [item for item in check((TITLE + line).replace("/", "\n")) if item.indicator_code]
    assert ",".join(item.period or "-" for item in items) == periods


# the lines above | period of 高新技术企业720家 below them
ABOVE = """
2019年质量工作报告 | 2019Q4
2020年上半年质量工作报告 | 2020Q2
2020年二季度质量分析 | 2020Q2
质量工作报告/2020年4月20日 | 2020Q1
质量工作报告/2020年10月12日 | 2020Q3
质量工作报告 | 2020Q3
质量工作这五年：从2015年到2019年 | 2019Q4
质量强市规划（2020—2025年） | 2019Q4
"""


@pytest.mark.parametrize(("lines", "period"), _rows(ABOVE))
def test_a_sentence_without_a_time_speaks_of_the_titles_or_of_what_had_ended_by_the_day(
    lines, period
):
    text = f"{lines}/一、基本情况/全市高新技术企业720家。".replace("/", "\n")
    (item,) = [item for item in check(text) if item.text == "720家"]
    assert (item.indicator_code, item.period) == ("high_tech_enterprise_count", period)


# a text | kind and period of its numbers
LISTS = """
2020年工作打算/到2025年：/（一）高新技术企业达到1000家；/（二）有效商标注册量30000件。 | \
target -, target -
质量强市规划（2020—2025年）/到2025年：/1.高新技术企业1000家；/2.有效商标注册量3万件。 | \
target -, target -
质量工作报告/2020年上半年：/一是商标申请量2900件。/二是2019年底高新技术企业610家。 | \
measure 2020Q2, measure 2019
质量工作报告/2020年10月12日/一、情况/2020年上半年：/一是商标申请量2900件。/高新技术企业720家。 | \
measure 2020Q2, measure 2020Q3
2020—2022年行动方案/截至2020年6月，高新技术企业690家。 | measure 2020-06
"""


@pytest.mark.parametrize(("lines", "told"), _rows(LISTS))
def test_the_items_of_a_list_speak_of_the_time_that_leads_to_it(lines, told):
    items = [item for item in check(lines.replace("/", "\n")) if item.unit in {"家", "件"}]
    assert ", ".join(f"{item.kind} {item.period or '-'}" for item in items) == told


def test_a_number_that_is_not_tied_says_why():
    for text, word in [
        ("全市民营企业5.2万家", "没有说明"),
        ("全市市级隐形冠军企业50家", "市级"),
        ("力争高新技术企业达到800家", "目标"),
    ]:
        (item,) = check(text)
        assert item.status == "cannot be tied"
        assert re.search(word, item.reason.zh), item.reason.zh
        assert item.reason.en.isascii() or "“" in item.reason.en


BROKEN = {
    "unknown_key": ('[[wording]]\nindicator = "export_amount"\nsays = ["出口"]\nsay = 1\n', "say"),
    "unknown_indicator": ('[[wording]]\nindicator = "exports"\nsays = ["出口"]\n', "exports"),
    "unknown_whole": (
        '[[wording]]\nindicator = "export_amount"\nsays = ["出"]\npart_of = "x"\nas_part = ["口"]',
        "unknown indicator x",
    ),
    "part_without_words": (
        '[[wording]]\nindicator = "export_amount"\nsays = ["出口"]\npart_of = "retail_sales"\n',
        "as_part",
    ),
    "nothing_named": ('[[wording]]\nsays = ["出口"]\n', "indicator"),
    "two_things_named": (
        '[[wording]]\nindicator = "export_amount"\nseries = "x.y"\nsays = ["出口"]\n',
        "not both",
    ),
    "no_words": ('[[wording]]\nindicator = "export_amount"\nsays = []\n', "says"),
    "unknown_role": (
        '[[wording]]\nindicator = "export_amount"\nsays = ["出口"]\nrole = "more"\n',
        "role",
    ),
    "no_toml": ("[[wording", ""),
    "no_text": ("\ud800", ""),
    "missing": (None, ""),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_vocabulary_is_named_with_what_is_wrong_in_both_languages(tmp_path: Path, case):
    content, named = BROKEN[case]
    path = tmp_path / WORDING_FILE
    path.parent.mkdir()
    if content is not None:
        path.write_bytes(content.encode("utf-8", "surrogatepass"))
    with pytest.raises(ContractError) as raised:
        load_lexicon(CODES, tmp_path)
    said = str(raised.value)
    assert said.startswith(f"{path.name}：")
    assert "请改正" in said
    assert "Mend the file." in said
    assert named in said
