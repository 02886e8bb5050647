"""A checked report given back: a page and a Word document with every number marked."""

import re
import shutil
import subprocess
import time
import zipfile
from decimal import Decimal
from itertools import pairwise

import docx
import pytest
from browser import needs_chromium, open_chromium, visit
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt, RGBColor
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html

from warehouse.contracts.model import Text
from warehouse.report.documents.failure import DocumentUnread, DocumentUnwritten
from warehouse.report.documents.marked_docx import write_marked_docx
from warehouse.report.documents.marked_html import write_marked_html
from warehouse.report.documents.read import read_document
from warehouse.report.documents.status_signs import SIGNS, write_amount
from warehouse.report.model import STATUSES, CheckedText, Item, Remark

needs_soffice = pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed"
)

SENTENCE = (
    "全市参与制修订标准1198项，其中国家标准377项，服务企业153家次，安排资金480余万元，占全省6%左右，"
    "2020年9月印发通知，另有企业16家。"
)
STATUS_OF = {
    "1198项": "contradicts",
    "377项": "agrees",
    "153家次": "explained by a later revision",
    "480余万元": "agrees when rounded",
    "6%": "cannot be tied",
    "2020年9月": "not a measure",
    "16家": "agrees",
}
NAMES = {"std_total_count": Text(zh="参与制修订标准数", en="Standards taken part in")}
NUMBER = re.compile(r"2020年9月|\d+余?(?:项|家次|家|万元|%)")


def check(document, status_of=STATUS_OF, remarks=()):
    items = []
    for found in NUMBER.finditer(document.text):
        status = status_of.get(found[0], "agrees")
        is_measure = status != "not a measure"
        is_tied = is_measure and status != "cannot be tied"
        value = Decimal(re.match(r"\d+", found[0])[0])
        items.append(
            Item(
                start=found.start(),
                end=found.end(),
                text=found[0],
                value=value if is_measure else None,
                unit="项" if is_measure else None,
                qualifier=None,
                kind="measure" if is_measure else "date",
                period="2020Q3",
                scope="黄石市",
                indicator_code="std_total_count" if is_tied else None,
                series_code="std_total_count" if is_tied else None,
                status=status,
                warehouse_value=value + 3 if is_tied else None,
                release=(4 if found[0] == "16家" else 5) if is_tied else None,
                reason=Text(zh=f"因为 {found[0]}。", en=f"Because of {found[0]}."),
            )
        )
    label = Text(zh="第 5 次发布", en="Release 5")
    return CheckedText(document, "2020-10-27", 5, label, tuple(items), tuple(remarks))


def remark(*spans):
    sentence = Text(zh="分项之和不等于合计。", en="The parts do not sum up.")
    return Remark("sum", spans, sentence, Text(zh="请核对。", en="Check them."))


def read_text(tmp_path, text, name="a.txt"):
    (tmp_path / name).write_text(text, encoding="utf-8", newline="")
    return read_document(tmp_path / name)


def make_word(path):
    """The sentence in runs of several looks, one number over three of them and within a link."""
    word = docx.Document()
    paragraph = word.add_paragraph(style="List Bullet")
    cuts = [0, 9, 11, 13, 20, len(SENTENCE)]
    for at, (start, end) in enumerate(pairwise(cuts)):
        run = paragraph.add_run(SENTENCE[start:end])
        run.bold, run.font.size = at % 2 == 0, Pt(10 + at)
        run.font.color.rgb = RGBColor(at * 20, 0, 0)
        run.font.superscript = at == 3
    link = parse_xml(f'<w:hyperlink {nsdecls("w")} w:anchor="a"/>')
    paragraph.runs[2]._r.addprevious(link)
    link.append(paragraph.runs[2]._r)
    word.add_table(1, 2).cell(0, 1).text = "合计1198项"
    word.add_comment(word.paragraphs[0].runs[:1], text="旧批注", author="张三")
    word.save(path)


def spell(path):
    """Every character with the look it has, backgrounds left out."""
    looks = []
    body = docx.Document(path).element.body
    for run in body.iter(qn("w:r")):
        properties = run.find(qn("w:rPr"))
        look = sorted(
            (child.tag, sorted(child.attrib.items()))
            for child in ([] if properties is None else properties)
            if child.tag != qn("w:shd")
        )
        looks += [(sign, look) for text in run.iter(qn("w:t")) for sign in text.text or ""]
    return looks


def list_shades(path):
    shades = {}
    for run in docx.Document(path).element.body.iter(qn("w:r")):
        shade = run.find(f"{qn('w:rPr')}/{qn('w:shd')}")
        if shade is not None:
            text = "".join(item.text for item in run.iter(qn("w:t")))
            shades.setdefault(shade.get(qn("w:fill")), []).append(text)
    return shades


def list_commented(path):
    """What each comment lies on, by the comment's first line."""
    word = docx.Document(path)
    said = {str(item.comment_id): item.paragraphs[0].text for item in word.comments}
    open_now, found = set(), {}
    for element in word.element.body.iter():
        number = element.get(qn("w:id"))
        if element.tag == qn("w:commentRangeStart"):
            open_now.add(number)
        elif element.tag == qn("w:commentRangeEnd"):
            open_now.remove(number)
        elif element.tag == qn("w:t"):
            for item in open_now:
                found[item] = found.get(item, "") + element.text
    return sorted((said[number], text) for number, text in found.items())


# --- Word


def test_the_clerks_own_file_keeps_its_text_and_looks_and_gets_shades_and_comments(tmp_path):
    original, target = tmp_path / "a.docx", tmp_path / "marked.docx"
    make_word(original)
    before = original.read_bytes()
    checked = check(read_document(original))
    write_marked_docx(checked, original, target)
    assert original.read_bytes() == before
    assert read_document(target).text == checked.document.text
    assert spell(target) == spell(original)
    shades = {fill: "".join(texts) for fill, texts in list_shades(target).items()}
    assert shades == {
        SIGNS["contradicts"].fill: "1198项1198项",
        SIGNS["agrees"].fill: "377项16家",
        SIGNS["agrees when rounded"].fill: "480余万元",
        SIGNS["explained by a later revision"].fill: "153家次",
        SIGNS["cannot be tied"].fill: "6%",
        SIGNS["not a measure"].fill: "2020年9月",
    }
    assert set(list_commented(target)) == {
        ("? 无法对应", "6%"),
        ("≈ 四舍五入后一致｜已发布值 483 项｜第 5 次发布", "480余万元"),
        ("✗ 不符｜已发布值 1,201 项｜第 5 次发布", "1198项"),
        ("旧批注", SENTENCE[:9]),
        ("↻ 因后来修订而不同｜已发布值 156 项｜第 5 次发布", "153家次"),
    }


def test_a_comment_says_it_in_chinese_first_and_then_in_english(tmp_path):
    original = tmp_path / "a.docx"
    make_word(original)
    write_marked_docx(check(read_document(original)), original, tmp_path / "b.docx")
    comments = [item.text for item in docx.Document(tmp_path / "b.docx").comments]
    assert (
        "✗ 不符｜已发布值 1,201 项｜第 5 次发布\n因为 1198项。\n"
        "✗ contradicts | published value 1,201 项 | release 5\nBecause of 1198项."
    ) in comments


def test_a_remark_becomes_a_comment_over_the_numbers_it_speaks_of(tmp_path):
    original = tmp_path / "a.docx"
    make_word(original)
    document = read_document(original)
    start, end = document.text.index("标准1198"), document.text.index("，服务")
    found = check(document, remarks=[remark((start, end), (0, 2))])
    write_marked_docx(found, original, tmp_path / "b.docx")
    assert ("⚑ 前后不一致", "标准1198项，其中国家标准377项") in list_commented(tmp_path / "b.docx")


def test_a_number_in_a_text_box_is_shaded_there_and_commented_where_the_box_hangs(tmp_path):
    word = docx.Document()
    paragraph = word.add_paragraph("正文")
    box = (
        f"<w:r {nsdecls('w')}><w:pict><w:txbxContent><w:p><w:r><w:t>标准1198项</w:t></w:r></w:p>"
        "</w:txbxContent></w:pict></w:r>"
    )
    paragraph._p.append(parse_xml(box))
    word.save(tmp_path / "a.docx")
    checked = check(read_document(tmp_path / "a.docx"))
    write_marked_docx(checked, tmp_path / "a.docx", tmp_path / "b.docx")
    body = docx.Document(tmp_path / "b.docx").element.body
    assert list_shades(tmp_path / "b.docx") == {SIGNS["contradicts"].fill: ["1198项"]}
    [start] = body.iter(qn("w:commentRangeStart"))
    assert start.getparent().getparent() is body


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html"])
def test_of_any_other_file_a_new_document_is_made_and_marked_alike(tmp_path, name):
    checked = check(read_text(tmp_path, f"一、情况\n\n{SENTENCE}\n", name))
    write_marked_docx(checked, tmp_path / name, tmp_path / "b.docx")
    made = read_document(tmp_path / "b.docx")
    expected = [checked.document.text[item.start : item.end] for item in checked.document.blocks]
    assert [made.text[item.start : item.end] for item in made.blocks] == expected
    assert ("? 无法对应", "6%") in list_commented(tmp_path / "b.docx")


def test_tables_of_a_page_are_tables_in_the_new_document(tmp_path):
    page = "<table><tr><td>指标<td><td>值<tr><td>标准<td>国家<td>1198项</table>"
    checked = check(read_text(tmp_path, page, "a.html"))
    write_marked_docx(checked, tmp_path / "a.html", tmp_path / "b.docx")
    [table] = docx.Document(tmp_path / "b.docx").tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["指标", "", "值"],
        ["标准", "国家", "1198项"],
    ]


def test_an_original_that_changed_since_is_not_marked_in_the_wrong_places(tmp_path):
    make_word(tmp_path / "a.docx")
    checked = check(read_document(tmp_path / "a.docx"))
    docx.Document().save(tmp_path / "a.docx")
    with pytest.raises(DocumentUnread, match="重新核对"):
        write_marked_docx(checked, tmp_path / "a.docx", tmp_path / "b.docx")
    assert not (tmp_path / "b.docx").exists()


def test_a_target_that_cannot_be_written_is_told(tmp_path):
    checked = check(read_text(tmp_path, SENTENCE))
    (tmp_path / "folder").mkdir()
    with pytest.raises(DocumentUnwritten, match="写不了"):
        write_marked_html(checked, tmp_path / "folder")
    with pytest.raises(DocumentUnwritten, match="写不了"):
        write_marked_docx(checked, tmp_path / "a.txt", tmp_path / "folder")


PLACE = st.integers(0, len(SENTENCE) + 7)
SPANS = st.lists(st.tuples(PLACE, PLACE).map(lambda pair: tuple(sorted(pair))), max_size=8)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SPANS, SPANS)
def test_wherever_marks_lie_no_character_is_lost_moved_or_doubled(tmp_path, marked, spoken_of):
    original = tmp_path / "a.docx"
    if not original.exists():
        make_word(original)
    document = read_document(original)
    items = [
        Item(start, end, "x", None, None, None, "measure", status=STATUSES[at % len(STATUSES)])
        for at, (start, end) in enumerate(marked)
    ]
    label = Text(zh="甲", en="a")
    remarks = [remark(span) for span in spoken_of]
    checked = CheckedText(document, None, 5, label, items, remarks)
    write_marked_docx(checked, original, tmp_path / "b.docx")
    assert spell(tmp_path / "b.docx") == spell(original)
    write_marked_html(checked, tmp_path / "b.html")
    assert [text for text in list_paragraphs(tmp_path / "b.html") if text] == [
        document.text[block.start : block.end] for block in document.blocks
    ]


# --- the page


def list_paragraphs(path):
    """The text of the blocks as the page has them, without its flags."""
    page = html.fromstring(path.read_text(encoding="utf-8"))
    for flag in page.xpath("//article//a[contains(@class, 'flag')]"):
        flag.drop_tree()
    return [item.text_content() for item in page.xpath("//article//p | //article//td")]


def write_page(tmp_path, text=SENTENCE, remarks=()):
    checked = check(read_text(tmp_path, text), remarks=remarks)
    write_marked_html(checked, tmp_path / "page.html", NAMES)
    return checked, html.fromstring((tmp_path / "page.html").read_text(encoding="utf-8"))


def test_every_number_is_marked_and_listed_and_each_leads_to_the_other(tmp_path):
    checked, page = write_page(tmp_path)
    marks = page.xpath("//article//a[starts-with(@class, 'm ')]")
    assert [mark.text_content() for mark in marks] == [item.text for item in checked.items]
    for mark, item in zip(marks, checked.items, strict=True):
        assert f"m-{SIGNS[item.status].name}" in mark.get("class")
        row = page.get_element_by_id(mark.get("href")[1:])
        assert row.xpath(".//a/@href") == [f"#{mark.get('id')}"]
        said = [page.get_element_by_id(name) for name in mark.get("aria-describedby").split()]
        assert item.reason.zh in said[1].text_content()
        assert SIGNS[item.status].word.en in said[0].text_content()
    first = page.get_element_by_id("n0").text_content()
    for part in ("参与制修订标准数", "黄石市 · 2020Q3", "1,198 项", "1,201 项", "第 5 次发布"):
        assert part in first


def test_a_remark_is_listed_and_flagged_where_it_is_to_be_looked_at_first(tmp_path):
    start = SENTENCE.index("标准1198")
    _, page = write_page(tmp_path, remarks=[remark((start, start + 20), (start + 30, start + 34))])
    [flag] = page.xpath("//article//a[@class='flag']")
    listed = page.get_element_by_id(flag.get("href")[1:])
    assert "分项之和不等于合计。" in listed.text_content()
    assert SENTENCE[start : start + 20] in listed.text_content()
    assert listed.xpath("./a/@href") == [f"#{flag.get('id')}"]
    spoken_of = page.xpath("//article//*[contains(concat(' ', @class, ' '), ' r ')]")
    assert [part.text_content() for part in spoken_of][:2] == ["标准", "1198项"]


HOSTILE = "</article><script>alert(1)</script>\"'><img src=x onerror=alert(2)>&amp;{{ 7*7 }}1198项"


def test_nothing_of_a_text_becomes_part_of_the_page(tmp_path):
    text = HOSTILE + "\x01\x1b"
    checked, page = write_page(tmp_path, text)
    assert page.xpath("count(//script)") == 1
    assert not page.xpath("//img")
    assert list_paragraphs(tmp_path / "page.html") == [HOSTILE + "\ufffd\ufffd"]
    write_marked_docx(checked, tmp_path / "a.txt", tmp_path / "b.docx")
    assert read_document(tmp_path / "b.docx").text == HOSTILE + "\ufffd\ufffd"


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [
        (None, "项", "—"),
        ("1213", "项", "1,213 项"),
        ("95.0", "%", "95%"),
        ("-3.20", "%", "-3.2%"),
        ("20184000000", "元", "201.84 亿元"),
        ("5400000", "元", "540 万元"),
        ("9999", "元", "9,999 元"),
        ("7", None, "7"),
        ("1E+900", "项", "1E+900 项"),
    ],
)
def test_amounts_are_written_to_be_read_and_never_rounded(value, unit, written):
    assert write_amount(value and Decimal(value), unit) == written


@needs_chromium
def test_the_page_works_offline_by_keyboard_and_in_both_languages(tmp_path):
    start = SENTENCE.index("标准1198")
    write_page(tmp_path, f"{SENTENCE}\n{HOSTILE}\n" * 5, remarks=[remark((start, start + 20))])
    with open_chromium() as browser, visit(browser, tmp_path / "page.html") as seen:
        page = seen.page
        why = page.locator("#why")
        page.focus("article a.m-revised >> nth=0")
        assert "因后来修订而不同" in why.inner_text()
        assert "因为 153家次。" in why.inner_text()
        assert "参与制修订标准数" in why.inner_text()
        page.keyboard.press("Escape")
        assert not why.is_visible()
        page.click("#next")
        assert page.evaluate("document.activeElement.className") in ("flag", "m m-contradicts r")
        rows = "table.numbers tbody tr:visible"
        assert page.locator(rows).count() == 5 * 8
        page.click("[data-status=contradicts]")
        assert page.locator(rows).count() == 5 * 6
        assert seen.find_violations() == []
        seen.switch_language()
        page.focus("article a.m-untied >> nth=0")
        assert "cannot be tied" in why.inner_text()
        assert "Because of 6%." in why.inner_text()
        assert "无法对应" not in page.inner_text("main")
        assert seen.find_violations() == []
        assert seen.complaints == []
        assert [item for item in seen.requests if not item.endswith("page.html")] == []


@needs_chromium
def test_without_scripts_every_mark_still_leads_to_its_explanation(tmp_path):
    write_page(tmp_path)
    with (
        open_chromium() as browser,
        visit(browser, tmp_path / "page.html", scripts=False, width=400) as seen,
    ):
        seen.page.click("article a.m-contradicts")
        assert seen.page.url.endswith("#n0")
        assert "因为 1198项。" in seen.page.inner_text("tr:target")
        assert "Because" not in seen.page.inner_text("main")


# --- LibreOffice, and long documents


@needs_soffice
def test_libreoffice_opens_what_was_marked_and_finds_the_comments(tmp_path):
    make_word(tmp_path / "a.docx")
    write_marked_docx(
        check(read_document(tmp_path / "a.docx")), tmp_path / "a.docx", tmp_path / "b.docx"
    )
    command = ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"]
    command += ["--headless", "--convert-to", "odt", "--outdir", str(tmp_path)]
    subprocess.run(
        [*command, str(tmp_path / "b.docx")], check=True, capture_output=True, timeout=500
    )
    with zipfile.ZipFile(tmp_path / "b.odt") as opened:
        content = opened.read("content.xml").decode()
    assert content.count("<office:annotation ") == 6
    assert "因为 1198项。" in content


def make_long(path, paragraphs):
    word = docx.Document()
    for _ in range(paragraphs):
        paragraph = word.add_paragraph()
        for start in range(0, len(SENTENCE), 12):
            paragraph.add_run(SENTENCE[start : start + 12]).bold = start % 24 == 0
    word.save(path)


@pytest.mark.slow
def test_two_hundred_pages_are_read_and_given_back_within_seconds(tmp_path):
    make_long(tmp_path / "a.docx", 1500)
    started = time.perf_counter()
    checked = check(read_document(tmp_path / "a.docx"))
    assert len(checked.document.text) > 100_000
    assert len(checked.items) > 10_000
    write_marked_html(checked, tmp_path / "b.html", NAMES)
    write_marked_docx(checked, tmp_path / "a.docx", tmp_path / "b.docx")
    assert time.perf_counter() - started < 30
