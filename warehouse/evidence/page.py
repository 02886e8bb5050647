"""Writes evidence as one HTML file that needs nothing beside it, and reads it back.

The page is made of the document alone, which lies in it as JSON: whoever has the document can write
the page again and see whether it says the same.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re

from markupsafe import Markup

from warehouse.evidence.model import VERSION, Document
from warehouse.fault import UserFault
from warehouse.site.evidence_page import fill
from warehouse.site.page import PACKAGE, hash_package, open_templates

BLOCK = "evidence"
_FOUND = re.compile(
    rf'<script type="application/json" id="{BLOCK}">(?P<json>.*?)</script>', re.DOTALL
)


class NotEvidence(UserFault):
    """A file is no evidence page, or one this version cannot read."""


def render_alone(document: Document) -> str:
    """The page as one file: style, script and data within it, nothing read from elsewhere."""
    style, script = (
        (PACKAGE / "assets" / name).read_text(encoding="utf-8") for name in ("site.css", "site.js")
    )
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    html = (
        open_templates()
        .get_template("evidence_alone.html")
        .render(
            fill(document)
            | {
                "root": "",
                "path": "",
                "style": Markup(style),  # noqa: S704
                "script": Markup(script),  # noqa: S704
                "script_hash": digest,
            }
        )
    )
    return f"{html.rstrip()}\n<!-- stamp {hash_package()} -->\n"


def read_document(html: str, name: str) -> Document:
    """The document in a page.

    Raises:
        NotEvidence: there is none, or one of a later version.
    """
    found = _FOUND.search(html)
    try:
        document = json.loads(found["json"]) if found else None
    except ValueError:
        document = None
    if not isinstance(document, dict) or "biaogan_evidence" not in document:
        message = (
            f"{name} 不是证据页：里面没有证据数据。请用 biaogan evidence … -o 生成的文件。 / "
            f"{name} is no evidence page: it holds no evidence. Give a file that "
            "biaogan evidence … -o has written."
        )
        raise NotEvidence(message)
    if document["biaogan_evidence"] != VERSION:
        message = (
            f"{name} 的格式是第 {document['biaogan_evidence']} 版，本程序只读第 {VERSION} 版。"
            "请用写出它的那一版程序核对。 / "
            f"{name} is of format {document['biaogan_evidence']}, this program reads {VERSION}. "
            "Verify it with the version that wrote it."
        )
        raise NotEvidence(message)
    return document


def is_as_written(html: str, document: Document) -> bool | None:
    """Whether the page says what its document says.

    Returns:
        None where that cannot be told: the page is one of the site's, or another version wrote it.
    """
    if not html.endswith(f"<!-- stamp {hash_package()} -->\n"):
        return None
    return html == render_alone(document)
