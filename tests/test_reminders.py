"""Reminders: who is asked for what and when, in which words, and through which service."""

from __future__ import annotations

import base64
import email.policy
import hashlib
import hmac
import json
import os
import re
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.server import private_server
from tests.warehouse_rows import Form, Warehouse, expectations
from warehouse.collect.sources import ConfigError
from warehouse.contracts.deadlines import number_working_days
from warehouse.ledger.load import Clock
from warehouse.obligations import (
    Reminder,
    ReminderConfig,
    list_outstanding,
    load_reminder_config,
    write_reminders,
)
from warehouse.obligations.outstanding import Outstanding
from warehouse.obligations.texts import KINDS, MOST_BYTES, Wording, make_plain
from warehouse.settings import CITY_TIME, Settings

STANDARDS = "reporting_unit standard_no uscc product_name standard_level role"
INDICATORS = "indicator_code reporting_unit value"
MINE, SUMMARY = "420202/催报.txt", "scjg/催报汇总.txt"


def row(unit: str) -> list[str]:
    return [f"{unit} GB1 A p1 国家标准 执行"]


def clock(day: str, hour: int = 9, *, replayed: bool = False) -> Clock:
    at = datetime.fromisoformat(f"{day}T{hour:02}:00:00").replace(tzinfo=CITY_TIME)
    return Clock(at, replayed)


def grant(warehouse: Warehouse, kind: str, reporter: str, period: str = "2020Q3") -> None:
    entry = {"exemption_id": 1, "kind": kind, "dataset": "standards", "reporter_code": reporter}
    entry |= {"period": period, "granted_by": "王五", "reason": "系统<切换>"}
    warehouse.chain.append("exemption", [entry | {"ends_on": date(2020, 12, 31)}])


def remind(
    warehouse: Warehouse, home: Path, day: str = "2020-10-20", **config: Any
) -> dict[str, str]:
    """Writes the reminders of a day and gives the texts by path."""
    warehouse.open(day)
    written = write_reminders(
        warehouse.connection, Settings(home=home), expectations(), clock(day),
        ReminderConfig(**config),
    )  # fmt: skip
    outbox = Settings(home=home).outbox
    lying = {
        str(path.relative_to(outbox)): path.read_text(encoding="utf-8")
        for path in outbox.rglob("*")
        if path.is_file()
    }
    assert {item.path: item.text for item in written} == lying
    return lying


def about(text: str, title: str = "标准制修订情况表") -> list[str]:
    return [line for line in text.splitlines() if title in line]


# --- who is asked for what, and when -------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "line"),
    [
        # due on Thursday 15 October; 10 October was a working Saturday, 11 October is a Sunday
        ("2020-10-10", None),
        ("2020-10-11", None),
        ("2020-10-12", "2020-10-15 截止，还有 3 个工作日"),
        ("2020-10-14", "2020-10-15 截止，还有 1 个工作日"),
        ("2020-10-15", "今日（2020-10-15）截止"),
        ("2020-10-16", "应于 2020-10-15 报送，已逾期 1 个工作日"),
        ("2020-10-17", "应于 2020-10-15 报送，已逾期 1 个工作日"),
        ("2020-10-30", "应于 2020-10-15 报送，已逾期 11 个工作日"),
    ],
)
def test_a_missing_form_is_asked_for_from_three_working_days_before_it_is_due(day, line, tmp_path):
    said = about(remind(Warehouse(), tmp_path, day, days_back=30).get(MINE, ""))
    if line is None:
        assert said == []
    else:
        assert said == [f"- 标准制修订情况表 2020年三季度：尚未报送；{line}"]


def test_the_day_due_on_a_weekend_s_eve_is_past_on_the_weekend_and_not_yet_late(tmp_path):
    warehouse = Warehouse()
    warehouse.open("2020-10-17")
    warehouse.connection.execute("update codes_obligation set due_on = '2020-10-16'")
    write_reminders(
        warehouse.connection, Settings(home=tmp_path), expectations(), clock("2020-10-17"),
        ReminderConfig(days_back=30),
    )  # fmt: skip
    said = about((tmp_path / "outbox" / MINE).read_text(encoding="utf-8"))
    assert said[0].endswith("；应于 2020-10-16 报送，已过截止日")


def test_old_history_is_not_asked_for(tmp_path):
    warehouse = Warehouse()
    warehouse.open("2026-10-20")
    found = list_outstanding(
        warehouse.connection, expectations(), ReminderConfig(), date(2026, 10, 20)
    )
    assert {item.period for item in found} == {"2025Q4", "2026Q1", "2026Q2", "2026Q3"}
    found = list_outstanding(
        warehouse.connection, expectations(), ReminderConfig(days_back=30), date(2026, 10, 20)
    )
    assert {item.period for item in found} == {"2026Q3"}


@pytest.mark.parametrize(
    ("form", "line"),
    [
        (Form("420202", row("420202")), None),
        (Form("420202", is_nil=True), None),
        (Form("420202", action="reject"), "第 1 轮已退回（报送 1 号），请改正后重报"),
        (
            Form("420202", row("420202"), then=[("return", "2020-10-19")]),
            "第 1 轮已退回（报送 1 号），请改正后重报",
        ),
        (
            Form("420202", row("420202"), action="hold"),
            "第 1 轮待核实（报送 1 号），请说明原因或改正后重报",
        ),
        (
            Form("420202", row("420202"), then=[("withdraw", "2020-10-19")]),
            "第 1 轮已撤回（报送 1 号），请重新报送",
        ),
    ],
)
def test_a_form_that_came_is_asked_for_by_what_became_of_it(form, line, tmp_path):
    warehouse = Warehouse()
    warehouse.keep("standards", STANDARDS, form)
    warehouse.connection.execute("update ledger.submission set known_at = night_at")
    said = about(remind(warehouse, tmp_path, days_back=30)[MINE])
    late = "；应于 2020-10-15 报送，已逾期 3 个工作日"
    assert said == ([] if line is None else [f"- 标准制修订情况表 2020年三季度：{line}{late}"])


def test_a_form_sent_back_before_it_is_due_is_asked_for_at_once(tmp_path):
    warehouse = Warehouse()
    warehouse.keep("standards", STANDARDS, Form("420202", action="reject", day="2020-10-02"))
    [line] = about(remind(warehouse, tmp_path, "2020-10-09", days_back=30)[MINE])
    assert "第 1 轮已退回" in line
    assert line.endswith("；2020-10-15 截止，还有 5 个工作日")


def test_the_returned_workbook_is_named_as_it_lies_in_the_reporter_s_folder(tmp_path):
    warehouse = Warehouse()
    for number in (1, 2):
        warehouse.keep("standards", STANDARDS, Form("420202", action="reject"))
        warehouse.connection.execute(
            "insert into ledger.delivery (kind, submission_id, path, recorded_at) "
            "values ('returned', $1, $2, now())",
            [number, f"420202/退回/标准_第{number}轮[张三 13912345678].xlsx"],
        )
    [line] = about(remind(warehouse, tmp_path, days_back=30)[MINE])
    assert "（报送 2 号），请改正后重报，批注稿 退回/标准_第2轮［张三 …］.xlsx；应于" in line


def test_figures_that_wait_for_an_explanation_are_asked_for_though_the_form_counts(tmp_path):
    warehouse = Warehouse()
    form = Form("scjg", ["std_total_count - 5", "std_led_count - 6"], withheld=[(1, "value")])
    warehouse.keep("indicators", INDICATORS, form)
    [line] = about(remind(warehouse, tmp_path, days_back=30)["scjg/催报.txt"], "指标报表")
    assert line.endswith("2020年三季度：已接受（报送 1 号），有 1 处待说明，说明前不发布")
    warehouse.connection.execute("update ledger.finding set explanation = '属实'")
    assert about(remind(warehouse, tmp_path, days_back=30)["scjg/催报.txt"], "指标报表") == []


def test_a_register_a_steward_took_as_it_is_is_not_asked_for_again(tmp_path):
    warehouse = Warehouse()
    form = Form(
        "420202", row("420202"), action="hold", then=[("accept", "2020-10-19")],
        withheld=[(0, "role")],
    )  # fmt: skip
    warehouse.keep("standards", STANDARDS, form)
    assert about(remind(warehouse, tmp_path, days_back=30)[MINE]) == []


def test_an_excused_form_is_not_asked_for_and_one_not_owed_never_is(tmp_path):
    warehouse = Warehouse()
    grant(warehouse, "excuse", "420202")
    warehouse.keep("standards", STANDARDS, Form("scjg", action="reject"))
    texts = remind(warehouse, tmp_path, days_back=30)
    assert about(texts[MINE]) == []
    assert about(texts["scjg/催报.txt"]) == []


def test_no_figure_name_or_phone_of_a_form_is_in_a_text(tmp_path):
    warehouse = Warehouse()
    warehouse.keep("standards", STANDARDS, Form("420202", row("420202"), action="hold"))
    warehouse.connection.execute(
        "insert into ledger.finding (submission_id, rule_id, severity, value, expected, subject) "
        "values (1, 'stock_falls', 'explain', '8123', '9456', '某企业 · GB/T 77701')"
    )
    text = remind(warehouse, tmp_path, days_back=30)[MINE]
    for secret in ("8123", "9456", "某企业", "77701", "GB1"):
        assert secret not in text


# --- the outbox ----------------------------------------------------------------------------------


def test_a_second_night_without_news_changes_no_byte(tmp_path):
    warehouse = Warehouse()
    first = remind(warehouse, tmp_path)
    times = {path: (tmp_path / "outbox" / path).stat().st_mtime_ns for path in first}
    assert remind(warehouse, tmp_path) == first
    after = {path: (tmp_path / "outbox" / path).stat().st_mtime_ns for path in first}
    assert after == times


def test_a_text_goes_when_its_reporter_has_done_everything(tmp_path):
    warehouse = Warehouse()
    for dataset, columns in (
        ("standards", STANDARDS), ("patents", "title"), ("quality_projects", "project_name"),
    ):  # fmt: skip
        assert MINE in remind(warehouse, tmp_path, days_back=30)
        warehouse.keep(dataset, columns, Form("420202", is_nil=True))
    assert MINE not in remind(warehouse, tmp_path, days_back=30)
    assert MINE in remind(warehouse, tmp_path)


def test_what_else_lies_in_the_outbox_is_left_alone(tmp_path):
    workbook = tmp_path / "outbox" / "zzz" / "退回.xlsx"
    stale = tmp_path / "outbox" / "zzz" / "催报.txt"
    workbook.parent.mkdir(parents=True)
    workbook.write_bytes(b"book")
    stale.write_text("old", encoding="utf-8")
    warehouse = Warehouse()
    warehouse.open("2020-10-20")
    write_reminders(
        warehouse.connection, Settings(home=tmp_path), expectations(), clock("2020-10-20"),
        ReminderConfig(),
    )  # fmt: skip
    assert workbook.read_bytes() == b"book"
    assert not stale.exists()


def test_the_text_of_a_night_is_the_text_of_a_replayed_one(tmp_path):
    warehouse = Warehouse()
    warehouse.open("2020-10-20")
    texts = [
        write_reminders(
            warehouse.connection, Settings(home=tmp_path), expectations(),
            clock("2020-10-20", replayed=replayed), ReminderConfig(),
        )
        for replayed in (False, True)
    ]  # fmt: skip
    assert texts[0] == texts[1]


# --- the quality office --------------------------------------------------------------------------


def test_the_owner_hears_of_those_who_are_far_behind_the_worst_first(tmp_path):
    warehouse = Warehouse()
    warehouse.keep("standards", STANDARDS, Form("420202", row("420202")))
    warehouse.connection.execute("update ledger.submission set known_at = night_at")
    assert SUMMARY not in remind(warehouse, tmp_path, "2020-10-22", days_back=30)
    lines = remind(warehouse, tmp_path, "2020-10-23", days_back=30)[SUMMARY].splitlines()
    assert lines[0] == "催报汇总：35 个单位逾期超过 5 个工作日"
    assert "- 黄石港区：2 份，最长逾期 6 个工作日（专利情况表 2020年三季度）" in lines
    assert SUMMARY not in remind(warehouse, tmp_path, "2020-10-23", days_back=30, escalate_after=6)
    warehouse.keep("standards", STANDARDS, Form("420203", action="reject", period="2020Q2"))
    lines = remind(warehouse, tmp_path, "2020-10-23", days_back=120)[SUMMARY].splitlines()
    [line] = [line for line in lines if "西塞山区" in line]
    assert line.startswith("- 西塞山区：6 份，最长逾期 ")


def test_the_owner_is_told_the_exceptions_in_force_with_owner_reason_and_end(tmp_path):
    warehouse = Warehouse()
    grant(warehouse, "excuse", "420202")
    grant(warehouse, "lock", "420203", "2020Q2")
    text = remind(warehouse, tmp_path, "2020-10-16", days_back=30)[SUMMARY]
    assert text.splitlines()[-2:] == [
        "- 免报：黄石港区 标准制修订情况表 2020年三季度，到 2020-12-31 为止；王五：系统＜切换＞",
        "- 锁定后可改：西塞山区 标准制修订情况表 2020年二季度，到 2020-12-31 为止；王五：系统＜切换＞",  # noqa: E501
    ]  # fmt: skip
    assert SUMMARY not in remind(warehouse, tmp_path, "2021-01-04", days_back=30)


def test_the_owner_is_told_that_the_holiday_data_has_ended(tmp_path):
    warehouse = Warehouse()
    last = number_working_days()[-1][0]
    texts = remind(warehouse, tmp_path, f"{last.year + 1}-01-05", days_back=100)
    assert f"节假日数据到 {last.year} 年为止" in texts[SUMMARY]
    assert "逾期天数算不出来" in texts[SUMMARY]
    [line] = about(texts[MINE])
    assert re.fullmatch(rf".*{last.year}年三季度：尚未报送；应于 [-0-9]+ 报送，已过截止日", line)


# --- the words -----------------------------------------------------------------------------------

NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


@settings(max_examples=30)
@given(
    count=st.integers(0, 400),
    kinds=st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=3),
    workbook=st.none() | NAMES,
    language=st.sampled_from(["zh", "en"]),
    page=st.none() | st.just("http://10.0.0.8/biaogan/index.html"),
)
def test_a_text_fits_wecom_however_many_items_it_has_and_counts_what_it_leaves_out(
    count, kinds, workbook, language, page
):
    wording = Wording(expectations(), language, page)
    items = [
        Outstanding(
            kinds[number % len(kinds)], "quality_projects", "420202", "2020Q3", 2, 10_000 + number,
            date(2020, 10, 15), True, 3, None, 7, workbook,
        )
        for number in range(count)
    ]  # fmt: skip
    lines = [wording.write_item(item) for item in items]
    text = wording.compose(wording.write_subject("420202", items), lines, *wording.ask())
    assert len(text.encode()) <= MOST_BYTES
    shown = [line for line in text.splitlines() if line.startswith("- ")]
    assert shown == lines[: len(shown)]
    left = re.search(r"(?:另有 (\d+) 项)|(?:(\d+) more)", text)
    assert int(next(filter(None, left.groups())) if left else 0) == count - len(shown)
    assert len(shown) >= min(count, 5)
    if left:
        longer = len(text.encode()) + len(lines[len(shown)].encode()) + 1
        assert longer > MOST_BYTES - 5


@settings(max_examples=150)
@given(name=NAMES)
def test_a_name_can_neither_be_markup_nor_break_a_line(name):
    plain = make_plain(name)
    assert not set(plain) & set("`*[]<>~|\\#\n\r\t\u2028\u202e")
    assert not re.search(r"(?<!\w)_|_(?!\w)", plain)
    assert plain == " ".join(plain.split())
    assert len(plain) <= 80


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("标准_市商务局_2020Q3.xlsx", "标准_市商务局_2020Q3.xlsx"),
        ("_标准_.xlsx", "＿标准＿.xlsx"),
        ("a__b__ __init__", "a__b＿＿ ＿＿init＿＿"),
        ("[点这里](x.cn).csv", "［点这里］(x.cn).csv"),
        ('<font color="warning">急</font>', '＜font color="warning"＞急＜/font＞'),
        ("<@all>", "＜@all＞"),
        ("**加粗**\n# 标题\n> 引", "＊＊加粗＊＊ ＃ 标题 ＞ 引"),
        ("张三13912345678.xlsx", "张三….xlsx"),
        ("科0714-6521234报", "科…报"),
        ("表20201012.xlsx", "表20201012.xlsx"),
    ],
)
def test_markup_gives_way_to_its_full_width_twin_and_a_telephone_to_nothing(name, plain):
    assert make_plain(name) == plain


def test_a_reminder_can_be_written_in_english(tmp_path):
    warehouse = Warehouse()
    warehouse.keep("standards", STANDARDS, Form("420202", action="reject"))
    text = remind(warehouse, tmp_path, days_back=30, language="en", page="http://s/")[MINE]
    assert text == (
        "Reminder: Huangshigang District, 3 (returned 1, not sent 2)\n\n"
        "Please lay these forms into your folder; what is wrong, and how to mend it, is in the "
        "returned workbook.\n\n"
        "- Standards executed, led or joined, 2020Q3: round 1 was returned (no. 1); mend it and "
        "send it again; was due 2020-10-15, 3 working days late\n"
        "- Patents applied for and granted, 2020Q3: not sent yet; was due 2020-10-15, "
        "3 working days late\n"
        "- Quality improvement projects, 2020Q3: not sent yet; was due 2020-10-15, "
        "3 working days late\n\n"
        "Status page: http://s/\n"
    )


# --- the config ----------------------------------------------------------------------------------


def configure(home: Path, text: str) -> ReminderConfig:
    home.mkdir(exist_ok=True)
    (home / "biaogan.toml").write_text(text, encoding="utf-8")
    return load_reminder_config(Settings(home=home), expectations().codes)


@pytest.fixture(autouse=True)
def no_config_elsewhere(monkeypatch):
    monkeypatch.delenv("BIAOGAN_CONFIG", raising=False)


def test_without_a_table_texts_are_written_and_nothing_is_sent(tmp_path):
    config = load_reminder_config(Settings(home=tmp_path), expectations().codes)
    assert config == configure(tmp_path, "[collect]\nretries = 1\n") == ReminderConfig()
    assert config.find_block("jxj") is None


def test_a_reporter_s_own_block_goes_before_the_default(tmp_path):
    config = configure(
        tmp_path,
        '[reminders]\nblock = "chat-robot/all"\n[reminders.blocks]\njxj = "apprise-address/jxj"\n',
    )
    assert config.find_block("jxj") == "apprise-address/jxj"
    assert config.find_block("swj") == "chat-robot/all"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[reminders]\nblok = 'a/b'", ("reminders ▸ blok", "没有这个键；可用：block")),
        ("[reminders]\nblock = 'all'", ("reminders ▸ block", "类型/名称")),
        ("[reminders]\ndays_back = -1", ("reminders ▸ days_back", "值不合要求")),
        ("[reminders]\nlanguage = 'fr'", ("reminders ▸ language", "值不合要求")),
        ("[reminders.blocks]\njxjj = 'a/b'", ("blocks ▸ jxjj", "没有这个填报单位；可用：jxj")),
        ("[reminders.blocks]\njxj = 'all'", ("blocks ▸ jxj", "类型/名称")),
        ("reminders = 3", ("reminders", "应写成 [reminders]")),
        ("[reminders", ("file", "读不出来")),
    ],
)
def test_a_mistake_in_the_table_is_named_with_its_place_and_remedy(text, says, tmp_path):
    with pytest.raises(ConfigError) as caught:
        configure(tmp_path, text)
    for part in ("biaogan.toml", *says):
        assert part in caught.value.of("zh")
    assert caught.value.of("en") != caught.value.of("zh")


# --- sending -------------------------------------------------------------------------------------


class Robots:
    """A server on loopback that answers as WeCom and DingTalk do, and keeps what it was sent."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, dict[str, Any]]] = []
        self.answers: dict[str, tuple[int, bytes]] = {}
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                content = self.rfile.read(int(self.headers["Content-Length"]))
                assert self.headers["Content-Type"].startswith("application/json")
                outer.messages.append((self.path, json.loads(content)))
                key = urlsplit(self.path).query
                ok = (200, b'{"errcode": 0, "errmsg": "ok"}')
                status, answer = next(
                    (value for name, value in outer.answers.items() if name in key), ok
                )
                self.send_response(status)
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *args: object) -> None:
                """Keeps the test's output quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"


class MailServer(socketserver.ThreadingTCPServer):
    """An SMTP server on loopback that takes every letter."""

    daemon_threads = True

    def __init__(self) -> None:
        self.letters: list[tuple[list[str], bytes]] = []
        super().__init__(("127.0.0.1", 0), MailHandler)


class MailHandler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.say("220 loopback ESMTP")
        commands: list[str] = []
        while line := self.rfile.readline().decode().rstrip("\r\n"):
            commands.append(line)
            word = line.split()[0].upper()
            if word == "DATA":
                self.say("354 go on")
                content = b""
                while not content.endswith(b"\r\n.\r\n"):
                    content += self.rfile.readline()
                self.server.letters.append((commands, content))
                self.say("250 taken")
            elif word == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@contextmanager
def serving(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def prefect(tmp_path_factory) -> Iterator[None]:
    """A private Prefect server; what it sets in the environment goes with it."""
    kept = dict(os.environ)
    for name in [name for name in os.environ if name.startswith("PREFECT")]:
        del os.environ[name]
    try:
        with private_server(tmp_path_factory.mktemp("prefect")) as url:
            from prefect.settings import PREFECT_API_URL, temporary_settings

            with temporary_settings({PREFECT_API_URL: url}):
                yield
    finally:
        os.environ.clear()
        os.environ.update(kept)


@pytest.fixture
def robots() -> Iterator[Robots]:
    robots = Robots()
    with serving(robots.server):
        yield robots


@pytest.fixture
def mail() -> Iterator[MailServer]:
    server = MailServer()
    with serving(server):
        yield server


def save_robot(name: str, url: str, **facts: Any) -> str:
    from flows.channels import ChatRobot

    robot = ChatRobot(
        **{"service": "wecom", "pause_seconds": 0, "timeout_seconds": 20} | facts, url=url
    )
    robot.save(name, overwrite=True)
    return f"chat-robot/{name}"


def text_for(reporter: str, text: str = "催报：某局 1 项\n\n- 一 <b>项</b>\n- 二\n") -> Reminder:
    return Reminder(reporter, f"{reporter}/催报.txt", text.partition("\n")[0], text)


def send(warehouse: Warehouse, reminders: list[Reminder], at: Clock, **config: Any) -> Any:
    from flows.reminders import send_reminders

    return send_reminders(warehouse.connection, reminders, at, ReminderConfig(**config))


def delivered(warehouse: Warehouse) -> list[tuple[Any, ...]]:
    return warehouse.connection.execute(
        "select kind, reporter_code, path, sha256, channel from ledger.delivery order by path"
    ).fetchall()


WORKDAY = clock("2020-10-20")


@pytest.mark.slow
@pytest.mark.usefixtures("prefect")
def test_wecom_gets_the_text_as_markdown_and_the_ledger_a_record(robots):
    block = save_robot("wecom", f"{robots.address}/cgi-bin/webhook/send?key=k1")
    warehouse, reminder = Warehouse(), text_for("jxj")
    outcome = send(warehouse, [reminder], WORKDAY, block=block)
    assert (outcome.sent, outcome.failed) == (["jxj/催报.txt"], {})
    assert robots.messages == [
        (
            "/cgi-bin/webhook/send?key=k1",
            {"msgtype": "markdown", "markdown": {"content": reminder.text}},
        )
    ]
    digest = hashlib.sha256(reminder.text.encode()).hexdigest()
    assert delivered(warehouse) == [("reminder", "jxj", "jxj/催报.txt", digest, block)]


@pytest.mark.slow
@pytest.mark.usefixtures("prefect")
def test_dingtalk_gets_a_title_and_a_signature_of_the_moment(robots):
    address = f"{robots.address}/robot/send?access_token=t1"
    block = save_robot("dingtalk", address, service="dingtalk", secret="SEC加签")
    reminder = text_for("jxj")
    assert send(Warehouse(), [reminder], WORKDAY, blocks={"jxj": block}).failed == {}
    [(path, message)] = robots.messages
    assert message == {
        "msgtype": "markdown",
        "markdown": {"title": "催报：某局 1 项", "text": reminder.text},
    }
    query = {name: value for name, [value] in parse_qs(urlsplit(path).query).items()}
    signed = f"{query['timestamp']}\nSEC加签".encode()
    expected = hmac.new("SEC加签".encode(), signed, hashlib.sha256).digest()
    assert base64.b64decode(query["sign"]) == expected
    assert query["access_token"] == "t1"
    assert abs(int(query["timestamp"]) / 1000 - datetime.now().timestamp()) < 600


@pytest.mark.slow
@pytest.mark.usefixtures("prefect")
def test_a_letter_keeps_its_lines_and_its_signs(mail):
    from flows.channels import AppriseAddress

    port = mail.server_address[1]
    address = f"mailto://127.0.0.1:{port}/?from=biaogan@example.cn&to=jxj@example.cn&mode=insecure"
    AppriseAddress(url=address).save("mail", overwrite=True)
    reminder = text_for("jxj")
    outcome = send(Warehouse(), [reminder], WORKDAY, block="apprise-address/mail")
    assert outcome.failed == {}
    [(commands, content)] = mail.letters
    assert {"rcpt TO:<jxj@example.cn>", "mail FROM:<biaogan@example.cn>"} <= set(commands)
    letter = email.message_from_bytes(content, policy=email.policy.default)
    assert letter["Subject"] == reminder.subject
    plain = letter.get_body(("plain",))
    assert [line for line in plain.get_content().splitlines() if line] == [
        line for line in reminder.text.splitlines() if line
    ]
    rich = letter.get_body(("html",))
    assert rich is None or "<b>" not in rich.get_content()


@pytest.mark.parametrize(
    ("status", "answer", "says"),
    [
        (200, b'{"errcode": 93000, "errmsg": "invalid webhook url"}', "93000 invalid webhook url"),
        (200, b'{"errcode": 45009, "errmsg": "api freq out of limit"}', "45009 api freq"),
        (200, b"<html>login</html>", "JSONDecodeError"),
        (200, b"[]", "None None"),
        (500, b"", "HTTPError: HTTP Error 500"),
        (404, b"", "HTTPError: HTTP Error 404"),
    ],
)
def test_a_robot_that_refuses_with_whatever_status_has_not_been_sent_to(
    status, answer, says, robots
):
    from prefect.blocks.abstract import NotificationError

    from flows.channels import ChatRobot

    robots.answers["key=k1"] = (status, answer)
    robot = ChatRobot(service="wecom", url=f"{robots.address}/send?key=k1", pause_seconds=0)
    with pytest.raises(NotificationError, match=says):
        robot.notify("催报", "催报")


def test_a_robot_is_given_time_between_two_texts(robots):
    from flows.channels import ChatRobot

    robot = ChatRobot(service="wecom", url=f"{robots.address}/send?key=k1", pause_seconds=0.3)
    begun = time.monotonic()
    for _ in range(3):
        robot.notify("催报")
    assert time.monotonic() - begun >= 0.6
    assert ChatRobot(service="wecom", url=robots.address).pause_seconds * 20 >= 60


@pytest.mark.slow
@pytest.mark.usefixtures("prefect")
def test_a_robot_that_refuses_is_named_and_the_others_are_sent_all_the_same(robots):
    robots.answers["key=secret1"] = (200, b'{"errcode": 93000, "errmsg": "invalid webhook url"}')
    bad = save_robot("bad", f"{robots.address}/send?key=secret1")
    good = save_robot("good", f"{robots.address}/send?key=k2")
    warehouse = Warehouse()
    reminders = [text_for("jxj"), text_for("swj")]
    outcome = send(warehouse, reminders, WORKDAY, block=good, blocks={"jxj": bad})
    assert outcome.sent == ["swj/催报.txt"]
    assert outcome.failed == {"jxj/催报.txt": "chat-robot/bad: 93000 invalid webhook url"}
    assert [row[1] for row in delivered(warehouse)] == ["swj"]


@pytest.mark.slow
@pytest.mark.usefixtures("prefect")
def test_what_failed_is_tried_again_and_what_was_sent_is_not_until_the_next_day(robots):
    bad = save_robot("closed", "http://127.0.0.1:9/send?key=secret1")
    good = save_robot("open", f"{robots.address}/send?key=k2")
    warehouse, reminders = Warehouse(), [text_for("jxj"), text_for("swj")]
    first = send(warehouse, reminders, WORKDAY, block=good, blocks={"jxj": bad})
    assert first.sent == ["swj/催报.txt"]
    assert "secret1" not in str(first.failed)
    again = send(warehouse, reminders, clock("2020-10-20", 15), block=good)
    assert again.sent == ["jxj/催报.txt"]
    assert send(warehouse, reminders, clock("2020-10-20", 23), block=good).sent == []
    assert len(send(warehouse, reminders, clock("2020-10-21"), block=good).sent) == 2
    assert len(robots.messages) == 4


@pytest.mark.slow
@pytest.mark.usefixtures("prefect")
@pytest.mark.parametrize(
    ("block", "says"),
    [
        ("chat-robot/nobody", "Unable to find block document named nobody"),
        ("no-such-type/x", "Unable to find block document"),
        ("secret/plain", "no notification block"),
    ],
)
def test_a_block_that_cannot_be_used_stops_nothing_and_says_why(block, says):
    from prefect.blocks.system import Secret

    Secret(value="x").save("plain", overwrite=True)
    outcome = send(Warehouse(), [text_for("jxj")], WORKDAY, block=block)
    assert outcome.sent == []
    assert says in outcome.failed["jxj/催报.txt"]


@pytest.mark.slow
@pytest.mark.usefixtures("prefect")
def test_any_notification_block_of_prefect_will_do(robots):
    from prefect.blocks.notifications import CustomWebhookNotificationBlock

    CustomWebhookNotificationBlock(
        name="feishu", url=f"{robots.address}/open-apis/bot/v2/hook/x",
        json_data={"msg_type": "text", "content": {"text": "{{body}}"}},
    ).save("feishu", overwrite=True)  # fmt: skip
    reminder = text_for("jxj")
    assert send(Warehouse(), [reminder], WORKDAY, block="custom-webhook/feishu").failed == {}
    assert robots.messages[0][1]["content"]["text"] == reminder.text


@pytest.mark.parametrize(
    ("at", "is_sent"),
    [
        (clock("2020-10-20"), True),
        (clock("2020-10-20", replayed=True), False),
        (clock("2020-10-20", 2), False),
        (clock("2020-10-20", 8), True),
        # a Saturday, a holiday, and a Sunday that was a working day
        (clock("2020-10-17"), False),
        (clock("2020-10-02"), False),
        (clock("2020-09-27"), True),
    ],
)
def test_people_are_disturbed_on_working_days_in_the_daytime_and_never_by_a_replay(at, is_sent):
    from flows.reminders import is_time_to_send

    assert is_time_to_send(at, ReminderConfig()) is is_sent
    warehouse = Warehouse()
    outcome = send(warehouse, [text_for("jxj")], at, block="no/server" if not is_sent else None)
    assert (outcome.sent, outcome.failed, delivered(warehouse)) == ([], {}, [])


def test_an_address_that_is_no_web_address_is_refused():
    from flows.channels import ChatRobot

    with pytest.raises(ValueError, match="begins with https://"):
        ChatRobot(service="wecom", url="file:///etc/passwd")


@pytest.mark.slow
@pytest.mark.usefixtures("prefect")
def test_the_morning_s_flow_writes_the_texts_and_sends_them(robots, tmp_path, monkeypatch):
    from flows import reminders

    monkeypatch.setattr(reminders, "is_time_to_send", lambda clock, config: True)
    home = tmp_path / "data"
    block = save_robot("all", f"{robots.address}/send?key=k1")
    home.mkdir()
    (home / "biaogan.toml").write_text(
        f'[reminders]\nblock = "{block}"\ndays_back = 400\n', encoding="utf-8"
    )
    outcome = reminders.remind(str(home))
    lying = sorted(str(path.relative_to(home / "outbox")) for path in home.glob("outbox/*/*"))
    assert outcome.failed == {}
    assert sorted(outcome.sent) == lying != []
    assert len(robots.messages) == len(lying)
    assert reminders.remind(str(home)).sent == []
