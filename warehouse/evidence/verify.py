"""Verifies an evidence document: everything it says is computed again from archive and ledger."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from warehouse.contracts.model import Text
from warehouse.evidence.contributions import add_up
from warehouse.evidence.finding import MAKE_AGAIN, RESTORE_CORE, RESTORE_LEDGER, Check, Problem
from warehouse.evidence.gather import Gatherer
from warehouse.evidence.model import Document, Evidence
from warehouse.evidence.originals import Originals
from warehouse.evidence.originals_check import check_cells, check_core, check_originals
from warehouse.evidence.page import is_as_written
from warehouse.evidence.release import Look
from warehouse.evidence.submissions import keep_facts, read_facts
from warehouse.ledger.chain import verify_chain
from warehouse.site.evidence_page import write_place
from warehouse.vintages.failure import FigureUnknown

_SEALED = ("sequence", "row_hash", "sha256", "findings_sha256", "file_name", "is_replayed")
"""What a document says of a submission that its ledger entry seals."""
_PUBLISHED = (
    "value", "unit", "value_state", "status", "expected_submissions", "included_submissions",
    "qualifier", "break_reason", "basis",
)  # fmt: skip
_MOST = 20
"""Rows named where the evidence and the ledger differ."""


def verify_document(look: Look, document: Document, html: str | None = None) -> list[Check]:
    """Verifies a document against the archive and the ledger it was made from.

    Args:
        look: the warehouse as of the document's release.
        document: as `read_document` gives it.
        html: the page it lay in, to see whether the page says what the document says.

    Returns:
        What was verified, in order; a document holds where every check does.
    """
    keep_facts(look.connection)
    originals = Originals(look.connection, look.settings, look.rules)
    numbers = {item["submission_id"] for item in document["submissions"]}
    facts = read_facts(look.connection, numbers)
    hashes = {
        item["sha256"]: item["file_name"] for item in document["submissions"] if item["sha256"]
    }
    most_rows = max(len(document["rows"]), 1)
    gatherer = Gatherer(look.connection, look.settings, look.rules, look.release, most_rows)
    figure = document["figure"]
    place = (figure["series_code"], figure["period"], figure["reporting_unit_code"])
    try:
        again: Evidence | None = gatherer.gather(*place)
    except FigureUnknown:
        again = None
    return [
        *([_check_page(html, document)] if html is not None else []),
        _check_chain(look, document, facts),
        check_originals(look.settings.archive, hashes),
        check_cells(document, facts, originals),
        check_core(look.connection, facts.values(), originals),
        _check_rows(document, again),
        _check_said(document, again),
        _check_figure(document, again),
    ]


def _check_page(html: str, document: Document) -> Check:
    is_same = is_as_written(html, document)
    if is_same is None:
        seen = Text(
            zh="网页由别的版本或站点写出，只核对其中的数据",
            en="the page is of another version or of the site; its data alone is verified",
        )
        return Check("page", seen)
    seen = Text(zh="网页与其中的数据一致", en="the page says what its data says")
    if is_same:
        return Check("page", seen)
    what = Text(
        zh="网页上的文字与其中的数据不一致，有人改过网页",
        en="the page does not say what its data says: somebody changed it",
    )
    return Check("page", seen, (Problem("html", what, MAKE_AGAIN),))


def _check_chain(look: Look, document: Document, facts: Mapping[int, dict[str, Any]]) -> Check:
    """The chain of the whole ledger, and the entries the document names."""
    problems = [
        Problem("warehouse.duckdb", Text(zh=f"台账与封存时不符：{line}", en=line), RESTORE_LEDGER)
        for line in verify_chain(look.connection)
    ]
    said, now = document["release"], look.release
    problems += [
        _tell(f"release {now.release_id}", name, said[name], getattr(now, name))
        for name in ("ledger_cut", "entry_hash", "content_sha256", "rule_set")
        if said[name] != getattr(now, name)
    ]
    for item in document["submissions"]:
        entry = facts.get(item["submission_id"], {})
        where = f"submission {item['submission_id']}"
        problems += [
            _tell(where, name, item[name], entry.get(name))
            for name in _SEALED
            if item[name] != entry.get(name)
        ]
    seen = Text(
        zh=f"台账哈希链，以及发布和 {len(facts)} 份报送的封存值",
        en=f"the ledger's chain, and the seals of the release and {len(facts)} submissions",
    )
    return Check("chain", seen, tuple(problems))


def _check_rows(document: Document, again: Evidence | None) -> Check:
    """The rows the ledger gives now, against those of the document."""
    count = 0 if again is None else again.row_count
    seen = Text(zh=f"从台账重取 {count} 行", en=f"{count} rows taken from the ledger again")
    if again is None:
        return Check("rows", seen, (_miss_figure(document),))
    problems = []
    if document["row_count"] != again.row_count:
        problems.append(_tell("rows", "row_count", document["row_count"], again.row_count))
    rows = again.document["rows"]
    listed = rows if _is_whole(document) else rows[: len(document["rows"])]
    said, now = ({_key(row): row for row in each} for each in (document["rows"], listed))
    files = {item["submission_id"]: item["file_name"] for item in again.document["submissions"]}
    for key in sorted(said.keys() | now.keys()):
        if _weigh(said.get(key)) != _weigh(now.get(key)) and len(problems) < _MOST:
            place = write_place(files.get(key[0]), said.get(key) or now[key])
            problems.append(_tell(place, "adds", _weigh(said.get(key)), _weigh(now.get(key))))
    return Check("rows", seen, tuple(problems))


def _check_said(document: Document, again: Evidence | None) -> Check:
    """All else the document says: files, decisions, findings, releases, formula."""
    seen = Text(
        zh="报送、决定、问题、各次发布和算法的说法",
        en="what it says of files, decisions, findings, releases and how the figure is made",
    )
    now = {} if again is None else again.document
    found = [
        _tell(path, path.rsplit(".", 1)[-1], said, is_now)
        for name in ("submissions", "missing", "vintages", "formula", "headings", "twin")
        for path, said, is_now in list_differences(name, document.get(name), now.get(name))
    ]
    return Check("said", seen, tuple(found[:_MOST]))


def list_differences(path: str, said: object, now: object) -> Iterator[tuple[str, object, object]]:
    """Where two plain values differ: the path, and both sides of it."""
    if isinstance(said, dict) and isinstance(now, dict):
        for name in said | now:
            yield from list_differences(f"{path}.{name}", said.get(name), now.get(name))
    elif isinstance(said, list) and isinstance(now, list) and len(said) == len(now):
        for place, (one, other) in enumerate(zip(said, now, strict=True)):
            yield from list_differences(f"{path}[{place}]", one, other)
    elif said != now:
        yield path, said, now


def _check_figure(document: Document, again: Evidence | None) -> Check:
    """The figure made of the rows, against what was published."""
    value = document["figure"]["value"]
    seen = Text(
        zh=f"由 {document['row_count']} 行重算得 {value or '不适用'}",
        en=f"{document['row_count']} rows make {value or 'not applicable'}",
    )
    if again is None:
        return Check("figure", seen, (_miss_figure(document),))
    published = again.document["figure"]
    problems = [
        _tell("figure", name, document["figure"][name], published[name])
        for name in _PUBLISHED
        if document["figure"][name] != published[name]
    ]
    made = {again.total}
    if again.row_count == len(again.rows):
        made.add(add_up(again.document["rows"]))
    if _is_whole(document):
        made.add(add_up(document["rows"]))
    if made != {None if value is None else Decimal(value)}:
        rows = ", ".join(sorted(str(item) for item in made))
        what = Text(
            zh=f"这些行算出 {rows}，公布的是 {value}",
            en=f"the rows make {rows}, the published figure is {value}",
        )
        problems.append(Problem("figure", what, RESTORE_CORE))
    return Check("figure", seen, tuple(problems))


def _is_whole(document: Document) -> bool:
    """Whether all rows are listed, and not the first ones as in a page of the site."""
    return len(document["rows"]) >= int(document["row_count"])


def _key(row: Mapping[str, Any]) -> tuple[int, str, int]:
    return row["submission_id"], row["sheet"], row["row"]


def _weigh(row: Mapping[str, Any] | None) -> tuple[Any, ...] | None:
    """All of a row that decides what it adds."""
    names = ("thing", "amount", "precedence", "adds")
    return None if row is None else tuple(row[name] for name in names)


def _tell(where: str, name: str, said: object, now: object) -> Problem:
    what = Text(
        zh=f"{name}：证据说 {said}，台账是 {now}",
        en=f"{name}: the evidence says {said}, the ledger has {now}",
    )
    return Problem(where, what, MAKE_AGAIN)


def _miss_figure(document: Document) -> Problem:
    figure = document["figure"]
    where = f"{figure['series_code']} {figure['period']} {figure['reporting_unit_code']}"
    what = Text(
        zh="台账的这次发布没有这个数字", en="the ledger's release does not have this figure"
    )
    return Problem(where, what, MAKE_AGAIN)
