"""A page: where it lies, what it depends on, and how it is filled."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import duckdb
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from warehouse.contracts.load import Expectations
from warehouse.contracts.model import Text
from warehouse.gate.explanations import SUBJECT_JOINT
from warehouse.settings import CITY_TIME, Settings
from warehouse.site.signs import ACTIONS, SEVERITIES, STATES
from warehouse.site.text import say

if TYPE_CHECKING:
    from warehouse.night.rules import Rules

PACKAGE = Path(__file__).parent
STAMP = re.compile(rb"<!-- stamp ([0-9a-f]{64}) -->\n$")
"""The last line of every page. A page that ends with it is whole."""

_SYNTHETIC = re.compile(r"\b[0-9A-HJ-NP-RTUWXY]{8}PDY\d{5}[0-9X][0-9A-HJ-NP-RTUWXY]\b")
"""A credit code of the zone reserved for examples; see `warehouse.identifiers.synthetic`."""


@dataclass(frozen=True)
class Site:
    """What pages are made from.

    Attributes:
        connection: the warehouse, with `open_views` at the ledger cut the pages show. Only read.
        settings: the data root.
        rules: contracts, code lists, and the models of the marts.
    """

    connection: duckdb.DuckDBPyConnection
    settings: Settings
    rules: Rules

    @property
    def expectations(self) -> Expectations:
        """Contracts and code lists in force."""
        return self.rules.expectations

    def fetch(
        self, sql: str, values: list[Any] | dict[str, Any] | None = None
    ) -> list[dict[str, Any]]:
        """The rows of a query, each by its columns' names."""
        result = self.connection.execute(sql, values or [])
        names = [item[0] for item in result.description or []]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    @cached_property
    def _reporters(self) -> dict[str, Text]:
        return _name_reporters(self.expectations)

    @cached_property
    def _codes(self) -> dict[str, Text]:
        return _name_codes(self.expectations)

    def name_reporter(self, code: str | None) -> Text:
        """What a reporter is called; a code that no list has stands for itself."""
        return self._reporters.get(code or "") or _plain(code)

    def name_dataset(self, dataset: str | None) -> Text:
        """The title of a dataset's form; a dataset no contract has any more stands for itself."""
        contract = self.expectations.contracts.get(dataset or "")
        return contract.title if contract else _plain(dataset)

    def name_subject(self, subject: str | None) -> Text:
        """What a finding is about, with the names of indicators and reporting units for codes."""
        parts = [
            self._codes.get(part) or _plain(part) for part in (subject or "").split(SUBJECT_JOINT)
        ]
        return Text(
            zh=SUBJECT_JOINT.join(part.zh for part in parts),
            en=SUBJECT_JOINT.join(part.en for part in parts),
        )


@dataclass(frozen=True)
class Page:
    """One page to be written.

    A page is written only where its inputs have changed, and says nothing that changes by itself
    from one day to the next: no time but what the ledger holds, no days counted up to now.

    Attributes:
        path: below the site, such as `submissions/12.html`.
        template: file in `templates/`; it extends `base.html`.
        inputs: everything the page depends on, as plain values; equal inputs are an equal page.
            Templates, messages and this package's modules count by themselves.
        fill: gives the template's variables; called only where the page is written.
        beside: files that lie beside the page and depend on the same inputs: path below the site,
            and what gives the bytes.
    """

    path: str
    template: str
    inputs: Any
    fill: Callable[[], Mapping[str, Any]]
    beside: Mapping[str, Callable[[], bytes]] = field(default_factory=dict)

    @property
    def stamp(self) -> str:
        """Hash over all that decides how the page reads."""
        inputs = json.dumps(self.inputs, ensure_ascii=False, sort_keys=True, default=str)
        text = "\0".join((hash_package(), self.path, self.template, inputs))
        return hashlib.sha256(text.encode()).hexdigest()

    def render(self) -> str:
        """The page as HTML, its stamp in the last line.

        A template has, besides the variables of `fill`: `say` (a text in both languages), `link`
        (a path below the site, or below the data root beginning with `../`, as a link from this
        page), `STATES`, `ACTIONS`, `SEVERITIES`, and the filters `attribute`, `english`, `clock` (a
        time as a fact of `say`).
        """
        template = open_templates().get_template(self.template)
        facts = {"root": "../" * self.path.count("/"), "path": self.path, "is_synthetic": False}
        facts |= self.fill()
        html = template.render(facts)
        if not facts["is_synthetic"] and _SYNTHETIC.search(html):
            html = template.render(facts | {"is_synthetic": True})
        return f"{html.rstrip()}\n<!-- stamp {self.stamp} -->\n"


@cache
def hash_package() -> str:
    """Hash over the modules, templates and messages of this package."""
    digest = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix in {".py", ".html", ".po"}:
            digest.update(path.relative_to(PACKAGE).as_posix().encode() + b"\0")
            digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()


@cache
def open_templates() -> Environment:
    """The templates; whatever is put into one is escaped."""
    templates = Environment(
        loader=FileSystemLoader(PACKAGE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=show,
    )
    templates.globals |= {"say": say, "link": _link, "STATES": STATES}
    templates.globals |= {"ACTIONS": ACTIONS, "SEVERITIES": SEVERITIES}
    templates.filters |= {"attribute": _attribute, "english": _english, "clock": show}
    return templates


def show(value: object) -> object:
    """A value as a page shows it: texts in both languages, times by the city's clock."""
    if isinstance(value, Text):
        if value.zh == value.en:
            return value.zh
        return Markup('<span lang="zh">{}</span><span lang="en">{}</span>').format(
            value.zh, value.en
        )
    if isinstance(value, datetime):
        return value.astimezone(CITY_TIME).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else value


def _attribute(text: Text, name: str) -> Markup:
    """An attribute in both languages: `{{ say("Filter") | attribute("aria-label") }}`."""
    return Markup('{0}="{1}" data-en-{0}="{2}"').format(name, text.zh, text.en)


def _english(text: Text) -> Markup:
    """The English of an element that may hold text only, such as an option: `data-en="…"`."""
    return Markup('data-en="{}"').format(text.en)


@pass_context
def _link(context: Context, path: str) -> str:
    """A link from the page being rendered; whatever a file is called, it stays a relative path."""
    return str(context["root"]) + quote(path)


def _name_reporters(expectations: Expectations) -> dict[str, Text]:
    return {item.code: Text(zh=item.name, en=item.name_en) for item in expectations.codes.reporters}


def _name_codes(expectations: Expectations) -> dict[str, Text]:
    """Indicators and reporting units by their codes."""
    codes = expectations.codes
    units = {unit.code: Text(zh=unit.name, en=unit.name_en) for unit in codes.reporting_units}
    return units | {indicator.code: indicator.name for indicator in codes.indicators}


def _plain(value: str | None) -> Text:
    return Text(zh=value, en=value) if value else say("not known")
