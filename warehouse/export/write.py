"""Puts an answer into a file or on the screen."""

from __future__ import annotations

import contextlib
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from warehouse.contracts.model import Text
from warehouse.export.failure import ExportError
from warehouse.export.table import WIDEST, render_table
from warehouse.export.text import encode_csv, encode_json, encode_parquet
from warehouse.export.workbook import encode_xlsx

FORMATS = ("table", "csv", "json", "parquet", "xlsx")


def write_result(
    frame: pl.DataFrame, form: str, target: Path | None = None, *, notes: Sequence[str] = ()
) -> None:
    """Writes rows to a file, which is replaced whole or not at all, or to the screen.

    Args:
        frame: the rows.
        form: one of `FORMATS`.
        target: the file; None is standard output.
        notes: lines for a second sheet of a workbook, such as the query and what was cut.

    Raises:
        ExportError: there is no such format, a workbook cannot hold the rows, or the file
            cannot be written.
    """
    if target is not None:
        _replace_file(target, encode_result(frame, form, notes=notes))
        return
    if form in {"parquet", "xlsx"} and sys.stdout.isatty():
        raise ExportError(
            Text(
                zh=f"{form} 不能显示在屏幕上，请用 -o 指定文件。",
                en=f"{form} cannot be shown on a screen: name a file with -o.",
            )
        )
    if form == "table":
        is_screen = sys.stdout.isatty()
        width = shutil.get_terminal_size().columns if is_screen else WIDEST
        sys.stdout.write(render_table(frame, width))
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(encode_result(frame, form, notes=notes))
    sys.stdout.buffer.flush()


def encode_result(frame: pl.DataFrame, form: str, *, notes: Sequence[str] = ()) -> bytes:
    """The bytes of a file that holds the rows.

    Raises:
        ExportError: there is no such format, or a workbook cannot hold them.
    """
    if form not in FORMATS:
        known = ", ".join(FORMATS)
        raise ExportError(
            Text(
                zh=f"没有 {form} 格式；可用：{known}。",
                en=f"There is no format {form}; known: {known}.",
            )
        )
    if form == "csv":
        return encode_csv(frame)
    if form == "json":
        return encode_json(frame)
    if form == "parquet":
        return encode_parquet(frame)
    if form == "xlsx":
        return encode_xlsx(frame, notes)
    return render_table(frame).encode()


def _replace_file(target: Path, content: bytes) -> None:
    fresh: Path | None = None
    try:
        with tempfile.NamedTemporaryFile(
            dir=target.parent, prefix=f".{target.name}.", delete=False
        ) as file:
            fresh = Path(file.name)
            file.write(content)
        fresh.chmod(0o644)
        fresh.replace(target)
    except OSError as error:
        if fresh is not None:
            with contextlib.suppress(OSError):
                fresh.unlink()
        reason = error.strerror or str(error)
        raise ExportError(
            Text(
                zh=f"文件 {target} 写不了：{reason}。请检查目录、权限和磁盘空间。",
                en=f"The file {target} cannot be written: {reason}; "
                "check the folder, permission and free space.",
            )
        ) from error
