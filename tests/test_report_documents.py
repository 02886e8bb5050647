"""Reports as offices write them, read into plain text and blocks."""

import functools
import shutil
import subprocess
import zipfile
from pathlib import Path

import docx
import pytest
from docx.enum.text import WD_BREAK
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from pypdf import PdfReader, PdfWriter

from warehouse.report.documents.failure import DocumentUnread
from warehouse.report.documents.pdf_lines import join_lines
from warehouse.report.documents.pdf_page import Line, drop_notes, drop_page_frames
from warehouse.report.documents.read import read_document
from warehouse.report.documents.text_builder import Table, find_tables

needs_soffice = pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed"
)

HEADING = "一、培育情况"
LONG = (
    "全市共有312家企业的1406种产品参与制修订标准1198项，其中国家标准377项，行业标准402项。"
    "今年以来，各单位服务企业153家次，安排专项资金480余万元，协调贷款或授信批复87.3亿元，"
    "向企业输送职工7906人，另有16家企业接受专题服务，市级以上质量标杆达到24家。"
)
VML = (
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)


def read(path):
    """The document of a file, after what holds of every one of them was seen to hold."""
    document = read_document(path)
    end = 0
    for at, block in enumerate(document.blocks):
        between = document.text[end : block.start]
        assert block.start >= end
        assert not at or "\n" in between or "\r" in between
        assert not between.strip()
        said = document.text[block.start : block.end]
        assert said == said.strip() != ""
        assert (block.role == "heading") == (block.level > 0)
        end = block.end
    assert not document.text[end:].strip()
    return document


def say(document):
    return [(block.role, document.text[block.start : block.end]) for block in document.blocks]


def words(document):
    return [text for _, text in say(document)]


def cells(document):
    return [
        [cell and document.text[cell.start : cell.end] for cell in row]
        for part in find_tables(document)
        if isinstance(part, Table)
        for row in part.rows
    ]


def write(path, content):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


# --- plain text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_plain_text_is_the_file_to_the_character_in_every_encoding(tmp_path, encoding):
    text = f"关于质量工作的报告\r\n\r\n{HEADING}\r\n　　{LONG}\r\n㐂 2020年 \n"
    document = read(write(tmp_path / "报告.txt", text.encode(encoding)))
    assert document.text == text
    assert document.name == "报告.txt"
    assert say(document) == [
        ("paragraph", "关于质量工作的报告"),
        ("heading", HEADING),
        ("paragraph", LONG),
        ("paragraph", "㐂 2020年"),
    ]


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("一、发展现状", 2),
        ("第一章 总则", 2),
        ("（二）主要做法", 3),
        ("(三)下一步打算", 3),
        ("(一)质量工作有新举措。全市共有标准1198项。", 0),
        ("一、全市共有标准1198项，比上年增加21项", 0),
        ("一是加强培育", 0),
        ("一、" + "长" * 50, 0),
    ],
)
def test_a_line_is_a_heading_only_where_nothing_else_is_possible(tmp_path, line, level):
    [block] = read(write(tmp_path / "a.txt", line)).blocks
    assert block.level == level


# --- Markdown


def test_markdown_gives_what_is_seen_without_marks_notes_fences_and_pictures(tmp_path):
    source = f"""---
title: 报告 99
---
# 质量**报告**[^1]

    全市标准1198项[^甲]，其中
国家标准377项\\*，见[附表](http://x/98)，![图 97](a97.png)。
Word
next 12

- 服务企业 153 家次
- 资金10~20万元

| 指标 | 2020年 |
|---|---|
| 标准 | 1198[^1] |
|  | **377** |

```
code 96
```

> 引用 9 <b>处</b><br>另起

<table><tr><td>甲</td><td>8</td></tr></table>

[^1]: 注释 95
续行 94

    又一段 93

[^甲]: 注释 92

{HEADING}
"""
    document = read(write(tmp_path / "a.md", source))
    assert say(document) == [
        ("heading", "质量报告"),
        ("paragraph", "全市标准1198项，其中国家标准377项*，见附表，。Word next 12"),
        ("item", "服务企业 153 家次"),
        ("item", "资金10~20万元"),
        ("cell", "指标"),
        ("cell", "2020年"),
        ("cell", "标准"),
        ("cell", "1198"),
        ("cell", "377"),
        ("paragraph", "引用 9 处\n另起"),
        ("cell", "甲"),
        ("cell", "8"),
        ("heading", HEADING),
    ]
    assert cells(document) == [["指标", "2020年"], ["标准", "1198"], [None, "377"], ["甲", "8"]]


# --- HTML

PAGE = """<!doctype html><html lang="zh-CN"><head>{meta}<title>题 99</title>
<style>p{{margin:98px}}</style></head><body><nav>导航 97</nav>
<h1>质量&amp;品牌报告</h1><p>全市标准
1198项，其中&#22269;家<b>标准</b>377项<sup class="footnote-ref"><a href="#a">1</a></sup>。<br>
第二行<sup><a href="#b">[2]</a></sup>，面积5m<sup>2</sup></p>
<div>散文<div hidden>96</div><div style="display: none">95</div><script>94</script></div>
<p lang="zh">中文 1 项</p><p lang="en">English 1</p>
<ul><li>服务企业153家次<li><p>资金480余万元</p></ul>
<table><caption>表1</caption><tr><th colspan="2">指标<th>值<tr><td><td>标准<td>1198
<tr><td>合<br>计<td><td>377</table>
<table><tr><td><h2>嵌套</h2><table><tr><td>甲<td>7</table></td><td><p>外</p></td></tr></table>
<svg><text>93</text></svg><del>92</del><!-- 91 -->
<section class="footnotes"><ol><li>注 90</ol></section></body></html>"""


@pytest.mark.parametrize(
    ("meta", "encoding"),
    [
        ("", "utf-8"),
        ("", "utf-8-sig"),
        ('<meta charset="gb2312">', "gb18030"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=GBK">', "gb18030"),
        ("", "gb18030"),
    ],
)
def test_html_gives_what_a_reader_of_the_page_sees(tmp_path, meta, encoding):
    document = read(write(tmp_path / "a.html", PAGE.format(meta=meta).encode(encoding)))
    assert say(document) == [
        ("heading", "质量&品牌报告"),
        ("paragraph", "全市标准1198项，其中国家标准377项。\n第二行，面积5m2"),
        ("paragraph", "散文"),
        ("paragraph", "中文 1 项"),
        ("item", "服务企业153家次"),
        ("item", "资金480余万元"),
        ("paragraph", "表1"),
        *[("cell", text) for text in ("指标", "值", "标准", "1198", "合\n计", "377")],
        ("heading", "嵌套"),
        ("cell", "甲"),
        ("cell", "7"),
        ("paragraph", "外"),
    ]
    assert cells(document)[:3] == [
        ["指标", None, "值"],
        [None, "标准", "1198"],
        ["合\n计", None, "377"],
    ]


def test_a_big5_page_that_says_so_is_read(tmp_path):
    page = '<meta charset="big5"><p>標準1198項</p>'.encode("big5")
    assert words(read(write(tmp_path / "a.htm", page))) == ["標準1198項"]


def test_a_page_nested_hundreds_deep_loses_nothing(tmp_path):
    page = "<div>" * 900 + "深处12项" + "</div>" * 900 + "<p>其后13项</p>"
    assert words(read(write(tmp_path / "a.html", page))) == ["深处12项", "其后13项"]


# --- Word


def add_xml(paragraph, xml):
    wrapped = parse_xml(f"<w:p {nsdecls('w')} {VML}>{xml}</w:p>")
    for child in list(wrapped):
        paragraph._p.append(child)


def run_xml(text, properties="", tag="t"):
    return f'<w:r><w:rPr>{properties}</w:rPr><w:{tag} xml:space="preserve">{text}</w:{tag}></w:r>'


BOX = "<w:txbxContent><w:p><w:r><w:t>框内{text}</w:t></w:r></w:p></w:txbxContent>"
FIELD = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{code}</w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>{shown}</w:t></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)
WITHIN = {
    "runs": (run_xml("标准11") + run_xml("98", "<w:b/>") + run_xml("项"), "标准1198项"),
    "hyperlink": (f'<w:hyperlink w:anchor="a">{run_xml("见1198项")}</w:hyperlink>', "见1198项"),
    "insertion": (f'<w:ins w:id="1" w:author="a">{run_xml("新增5家")}</w:ins>', "新增5家"),
    "deletion": (
        run_xml("余")
        + f'<w:del w:id="2" w:author="a">{run_xml("删去6家", tag="delText")}</w:del>'
        + f'<w:moveFrom w:id="3" w:author="a">{run_xml("移走7家")}</w:moveFrom>',
        "余",
    ),
    "content control": (
        f"<w:sdt><w:sdtContent>{run_xml('控件8家')}</w:sdtContent></w:sdt>",
        "控件8家",
    ),
    "breaks": ("<w:r><w:t>甲</w:t><w:br/><w:t>乙</w:t><w:tab/><w:t>丙</w:t></w:r>", "甲\n乙\t丙"),
    "hidden": (run_xml("见") + run_xml("藏9家", "<w:vanish/>"), "见"),
    "counted by Word": (
        run_xml("表") + FIELD.format(code=" SEQ 表 ", shown="99") + run_xml("标准"),
        "表标准",
    ),
    "field with a result": (FIELD.format(code=" REF a ", shown="1198项"), "1198项"),
    "note reference": (
        run_xml("标准") + '<w:r><w:footnoteReference w:id="2"/></w:r>' + run_xml("项"),
        "标准项",
    ),
    "ruby": (
        "<w:r><w:ruby><w:rt><w:r><w:t>biao</w:t></w:r></w:rt><w:rubyBase>"
        + run_xml("标")
        + "</w:rubyBase></w:ruby></w:r>",
        "标",
    ),
}


@pytest.mark.parametrize("name", WITHIN)
def test_a_word_paragraph_says_what_its_reader_sees(tmp_path, name):
    xml, expected = WITHIN[name]
    word = docx.Document()
    add_xml(word.add_paragraph(), xml)
    word.save(tmp_path / "a.docx")
    assert words(read(tmp_path / "a.docx")) == [expected]


def make_word(path):
    """A report with all a clerk uses."""
    word = docx.Document()
    section = word.sections[0]
    section.header.paragraphs[0].text = "页眉 99"
    section.footer.paragraphs[0].text = "页脚 98"
    word.add_paragraph("质量报告", style="Title")
    contents = word.add_paragraph("一、培育情况 97")
    contents.style = word.styles.add_style("toc 1", 1)
    word.add_paragraph("培育", style="Heading 1")
    word.add_paragraph(HEADING)
    paragraph = word.add_paragraph("　　标准")
    paragraph.add_run("1198").bold = True
    paragraph.add_run("项")
    paragraph.add_run().add_break(WD_BREAK.LINE)
    paragraph.add_run("次行")
    add_xml(
        paragraph,
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:wsp><wps:txbx>"
        f"{BOX.format(text='1家')}</wps:txbx></wps:wsp></w:drawing></mc:Choice><mc:Fallback>"
        f"<w:pict><v:textbox>{BOX.format(text='2家')}</v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>",
    )
    word.add_paragraph("服务企业153家次", style="List Bullet")
    word.add_comment(paragraph.runs, text="批注 96", author="a")
    table = word.add_table(3, 3)
    for at, text in enumerate(["指标", "", "值", "标准", "国家", "377", "合计", "", ""]):
        table.cell(at // 3, at % 3).text = text
    table.cell(0, 0).merge(table.cell(0, 1))
    table.cell(1, 0).merge(table.cell(2, 0))
    outer = word.add_table(1, 2)
    outer.cell(0, 0).text = "外层1项"
    inner = outer.cell(0, 1).add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "内层", "2项"
    word.add_paragraph("结束")
    word.save(path)


def test_a_word_report_is_read_in_its_order_without_heads_notes_and_contents(tmp_path):
    make_word(tmp_path / "a.docx")
    document = read(tmp_path / "a.docx")
    assert say(document) == [
        ("heading", "质量报告"),
        ("heading", "培育"),
        ("heading", HEADING),
        ("paragraph", "标准1198项\n次行"),
        ("paragraph", "框内1家"),
        ("item", "服务企业153家次"),
        ("cell", "指标"),
        ("cell", "值"),
        ("cell", "标准\n合计"),
        ("cell", "国家"),
        ("cell", "377"),
        ("paragraph", "外层1项"),
        ("cell", "内层"),
        ("cell", "2项"),
        ("paragraph", "结束"),
    ]
    assert [block.level for block in document.blocks][:3] == [1, 2, 2]
    assert cells(document)[:2] == [["指标", None, "值"], ["标准\n合计", "国家", "377"]]


def test_a_paragraph_whose_end_is_deleted_goes_on_in_the_next_one(tmp_path):
    word = docx.Document()
    first = word.add_paragraph("标准11")
    mark = f'<w:pPr {nsdecls("w")}><w:rPr><w:del w:id="1" w:author="a"/></w:rPr></w:pPr>'
    first._p.insert(0, parse_xml(mark))
    word.add_paragraph("98项")
    word.save(tmp_path / "a.docx")
    assert words(read(tmp_path / "a.docx")) == ["标准1198项"]


def test_an_automatic_number_is_not_text_and_its_paragraph_is_an_item(tmp_path):
    word = docx.Document()
    paragraph = word.add_paragraph("服务企业153家次")
    numbering = "<w:numPr><w:ilvl w:val='0'/><w:numId w:val='1'/></w:numPr>"
    paragraph._p.get_or_add_pPr().append(
        parse_xml(numbering.replace("<w:numPr>", f"<w:numPr {nsdecls('w')}>"))
    )
    word.save(tmp_path / "a.docx")
    assert say(read(tmp_path / "a.docx")) == [("item", "服务企业153家次")]


# --- PDF

FULL = "全市共有三百余家企业的一千四百种产品参与制修订国家和行业标准"


@pytest.mark.parametrize(
    ("lines", "paragraphs"),
    [
        ([FULL + "12", "13项，其中", "次段。"], [FULL + "1213项，其中", "次段。"]),
        ([FULL + " 388", "项。"], [FULL + "388项。"]),
        ([FULL, FULL + "。", FULL], [FULL + FULL + "。", FULL]),
        ([FULL, "短行，", "另起"], [FULL + "短行，", "另起"]),
        ([FULL + "，", "（一）主要做法", FULL], [FULL + "，", "（一）主要做法", FULL]),
        ([FULL + "Word", "next 12 项，"], [FULL + "Word next 12项，"]),
        (
            [FULL, "指标 2019年 2020年", "标准 300 388"],
            [FULL + "指标 2019年 2020年", "标准 300 388"],
        ),
        ([FULL, "银奖2 “ ” “ ”项。开展 老字号 建设，"], [FULL + "银奖2项。开展老字号建设，"]),
    ],
)
def test_lines_of_a_pdf_become_paragraphs_without_parting_a_number(lines, paragraphs):
    assert list(join_lines([Line(text, 90.0) for text in lines])) == paragraphs


def test_an_indented_line_begins_a_paragraph_even_behind_a_full_one():
    lines = [Line(FULL, 90.0), Line(FULL, 112.0), Line("完。", 90.0)]
    assert list(join_lines(lines)) == [FULL, FULL + "完。"]


@pytest.mark.parametrize(
    ("frames", "kept"),
    [
        (
            [("质量简报 第1期", "- 1 -"), ("质量简报 第2期", "- 2 -"), ("质量简报 第3期", "- 3 -")],
            [],
        ),
        ([("甲", "1"), ("乙", "2")], ["甲", "乙"]),
        ([("甲", "第 1 页 共 2 页"), ("乙", "2 / 2")], ["甲", "乙"]),
        ([("甲", "388"), ("乙", "402")], ["甲", "388", "乙", "402"]),
    ],
)
def test_heads_feet_and_page_numbers_are_dropped_and_figures_are_not(frames, kept):
    pages = [[Line(head, 90.0), *[Line(FULL, 90.0)] * 4, Line(foot, 90.0)] for head, foot in frames]
    left = [line.text for page in drop_page_frames(pages) for line in page]
    assert [text for text in left if text != FULL] == kept


def test_footnotes_of_a_page_go_with_their_references_and_a_small_table_stays():
    body = [Line(FULL, 90.0, 16.0), Line("标准1213项", 90.0, 16.0, ("1",))] * 3
    notes = [Line("1见公告，共99项", 90.0, 9.0), Line("续行98", 90.0, 9.0)]
    raised = [Line("见公告97", 90.0, 9.0, ("1",), True)]
    table = [Line("2019年 300项", 90.0, 9.0)]
    assert drop_notes([body + notes, body + table + raised]) == body + body + table


def convert(source, kind):
    """A file as LibreOffice makes it of another."""
    folder = source.parent
    command = ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", kind, "--outdir", str(folder), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=500)
    return source.with_suffix(f".{kind.partition(':')[0]}")


@functools.cache
def make_pdf(folder):
    word = docx.Document()
    fonts = word.styles["Normal"].element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), "Noto Serif CJK SC")
    word.sections[0].header.paragraphs[0].text = "质量简报 2020年第3期"
    add_xml(
        word.sections[0].footer.paragraphs[0],
        run_xml("- ") + FIELD.format(code=" PAGE ", shown="1") + run_xml(" -"),
    )
    for number in range(24):
        word.add_paragraph("（一）" + HEADING[2:] if number % 6 == 0 else f"第{number}组。")
        word.add_paragraph(LONG).paragraph_format.first_line_indent = 280000
    word.save(folder / "r.docx")
    return convert(folder / "r.docx", "pdf")


@pytest.fixture(scope="module")
def pdf(tmp_path_factory):
    return make_pdf(tmp_path_factory.mktemp("pdf"))


@needs_soffice
def test_a_pdf_gives_whole_paragraphs_without_heads_and_page_numbers(pdf):
    document = read(pdf)
    assert len(PdfReader(pdf).pages) > 2
    assert words(document) == words(read(pdf.with_suffix(".docx")))
    assert {block.level for block in document.blocks} == {0, 3}


@needs_soffice
def test_a_report_says_the_same_as_docx_and_as_the_page_made_of_it(tmp_path):
    word = docx.Document()
    for text in (HEADING, LONG, "服务企业153家次"):
        word.add_paragraph(text)
    table = word.add_table(2, 2)
    for at, text in enumerate(["指标", "值", "标准", "1198"]):
        table.cell(at // 2, at % 2).text = text
    word.save(tmp_path / "r.docx")
    page = convert(tmp_path / "r.docx", "html:HTML (StarWriter)")
    assert say(read(page)) == say(read(tmp_path / "r.docx"))


@needs_soffice
def test_an_encrypted_pdf_says_so_and_one_that_only_forbids_printing_is_read(pdf, tmp_path):
    for name, password in (("shut.pdf", "a"), ("open.pdf", "")):
        writer = PdfWriter(clone_from=pdf)
        writer.encrypt(password, "owner", algorithm="RC4-128")
        writer.write(tmp_path / name)
    assert words(read(tmp_path / "open.pdf")) == words(read(pdf))
    with pytest.raises(DocumentUnread, match="文件已加密"):
        read_document(tmp_path / "shut.pdf")


# --- what cannot be read


def zipped(parts):
    def make(path):
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as container:
            for name, content in parts.items():
                container.writestr(name, content)

    return make


def bomb(path):
    make_word(path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as container:
        container.writestr("word/extra.xml", b" " * 70 * 1024**2)


def blank_pdf(path):
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.write(path)


def cut(path):
    make_word(path)
    path.write_bytes(path.read_bytes()[:9000])


def large(path):
    with path.open("wb") as stream:
        stream.truncate(51 * 1024**2)


OLE = bytes.fromhex("d0cf11e0a1b11ae1")
FAULTS = {
    "a.doc": (OLE, "另存为 .docx", "save it as .docx"),
    "a.wps": (OLE, "另存为 .docx", "save it as .docx"),
    "a.xlsx": (b"PK", "不是报告正文", "no text"),
    "a": (b"x", "没有扩展名的", "nameless"),
    "empty.txt": (b"", "没有文字", "no text"),
    "blank.txt": (" 　\r\n\n".encode(), "没有文字", "no text"),
    "tags.html": (b"<p></p>", "没有文字", "no text"),
    "binary.txt": (b"\x00\x01\x02", "不是文本文件", "no text file"),
    "broken.txt": ("标准".encode() * 30 + b"\xe6\xa0", "编码损坏", "encoding is damaged"),
    "deep.html": (b"<div>" * 5000 + b"12", "打不开", "cannot be opened"),
    "old.docx": (OLE + b"\0" * 600, "旧版 .doc", "old .doc"),
    "shut.docx": (OLE + "EncryptedPackage".encode("utf-16-le"), "已加密", "encrypted"),
    "half.docx": (cut, "打不开", "cannot be opened"),
    "text.docx": (b"plain text", "打不开", "cannot be opened"),
    "other.docx": (zipped({"_rels/.rels": "<a/>"}), "打不开", "cannot be opened"),
    "strict.docx": (
        zipped({"_rels/.rels": "http://purl.oclc.org/ooxml/officeDocument"}),
        "严格",
        "Strict",
    ),
    "bomb.docx": (bomb, "解开后超过 64 MB", "64 MB unpacked"),
    "bare.pdf": (b"%PDF-1.7\nnothing", "打不开", "cannot be opened"),
    "scan.pdf": (blank_pdf, "扫描件", "a scan"),
    "large.txt": (large, "超过 50 MB", "larger than 50 MB"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_cannot_be_read_is_told_in_one_sentence_with_what_to_do(tmp_path, name):
    content, zh, en = FAULTS[name]
    path = tmp_path / name
    content(path) if callable(content) else path.write_bytes(content)
    with pytest.raises(DocumentUnread) as told:
        read_document(path)
    assert zh in told.value.of("zh")
    assert en in told.value.of("en")
    assert name in told.value.of("zh")
    assert name in told.value.of("en")


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path):
    with pytest.raises(DocumentUnread, match="没有这个文件"):
        read_document(tmp_path / "a.txt")
    (tmp_path / "b.docx").mkdir()
    with pytest.raises(DocumentUnread, match="这是文件夹"):
        read_document(tmp_path / "b.docx")


def test_every_damaged_byte_of_a_docx_is_either_told_or_harmless(tmp_path):
    make_word(tmp_path / "a.docx")
    content = (tmp_path / "a.docx").read_bytes()
    for at in range(0, len(content), len(content) // 60):
        damaged = write(
            tmp_path / "b.docx", content[:at] + bytes([content[at] ^ 85]) + content[at + 1 :]
        )
        try:
            read(damaged)
        except DocumentUnread:
            continue


def test_a_part_that_declares_entities_cannot_swell(tmp_path):
    make_word(tmp_path / "a.docx")
    lol = "".join(f"<!ENTITY l{at} '{f'&l{at - 1};' * 10}'>" for at in range(1, 10))
    document = (
        f"<?xml version='1.0'?><!DOCTYPE d [<!ENTITY l0 'lol'>{lol}]>"
        f"<w:document {nsdecls('w')}><w:body><w:p><w:r><w:t>&l9;</w:t></w:r></w:p></w:body>"
        "</w:document>"
    )
    with (
        zipfile.ZipFile(tmp_path / "a.docx") as source,
        zipfile.ZipFile(tmp_path / "b.docx", "w") as target,
    ):
        for name in source.namelist():
            content = document.encode() if name == "word/document.xml" else source.read(name)
            target.writestr(name, content)
    with pytest.raises(DocumentUnread):
        read_document(Path(tmp_path / "b.docx"))
