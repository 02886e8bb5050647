"""Finds the files and sub-folders that a web page links to, and tells them from its furniture."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import unquote_to_bytes, urldefrag, urljoin, urlsplit

from warehouse.collect.folders import Entry
from warehouse.collect.names import Verdict, decode_name


def read_links(text: str, page: str, base: str) -> Iterator[Entry]:
    """Reads a page of links, each link once and in the page's order.

    Args:
        text: the page.
        page: its own address, from which its links count.
        base: the address of the source's first page: names are relative to its folder.
    """
    parser = _LinkParser()
    parser.feed(text)
    for link in dict.fromkeys(parser.links):
        entry = _read_link(link, page, base)
        if entry is not None:
            yield entry


class _LinkParser(HTMLParser):
    """Collects the targets of a page's links."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.links += [value.strip() for key, value in attrs if key == "href" and value]


def _read_link(link: str, page: str, base: str) -> Entry | None:
    """Turns a link into an entry; None for a page's own furniture.

    Furniture is what no file can be: mail addresses and scripts, marks inside the page, and links
    that end in `/` or sort the page, unless they lead down into a sub-folder.
    """
    url = urldefrag(urljoin(page, link)).url
    target, home, folder = urlsplit(url), urlsplit(base), urlsplit(page).path.rpartition("/")[0]
    if target.scheme not in {"http", "https"} or target.path == urlsplit(page).path:
        return None
    root = home.path.rpartition("/")[0] + "/"
    is_below = target.netloc == home.netloc and target.path.startswith(root)
    name = decode_name(
        unquote_to_bytes(target.path.removeprefix(root) if is_below else target.path)
    )
    if target.path.endswith("/") or not target.path:
        goes_down = is_below and target.path.startswith(f"{folder}/") and not target.query
        return Entry(name.rstrip("/"), url, "folder") if goes_down and name else None
    if target.netloc != home.netloc:
        return Entry(f"{target.netloc}{name}", url, verdict=Verdict("ignored", "other_host"))
    return Entry(name, url)
