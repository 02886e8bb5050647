"""The command `rehearse`: what changed contracts would have said of all history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from rich.markup import escape
from rich.text import Text

from biaogan.messages import language, tell
from biaogan.names import name_form, name_reporter
from biaogan.screens import MOST_LINES, VERDICT_STYLES, console, show_json, show_table
from warehouse.contracts.load import ContractError, Expectations, load_expectations
from warehouse.progress import listen
from warehouse.rehearse import Difference, Hit, Rehearsal, rehearse
from warehouse.settings import Settings, load_settings

WRONG_USE = 2


def rehearse_rules(contracts: Sequence[Path], output: str, *, pinned: bool) -> int:
    """Prints what would be judged otherwise; 0 where nothing would be, 1 where something would."""
    missing = [path for path in contracts if not path.is_file()]
    if missing:
        console.print(tell("There is no file {path}.", path=missing[0]))
        return WRONG_USE
    if pinned and contracts:
        console.print(tell("--pinned judges with the rules of the time and takes no --contract."))
        return WRONG_USE
    settings = load_settings()
    try:
        rehearsal = _rehearse(settings, contracts, pinned=pinned)
        expectations = load_expectations(extra=settings.expectations_extra, files=contracts)
    except ContractError as error:
        console.print(escape(error.of(language())))
        return WRONG_USE
    if output == "json":
        show_json(_list_everything(rehearsal))
    else:
        _show(rehearsal, expectations)
    return int(rehearsal.changes_something)


def _rehearse(settings: Settings, contracts: Sequence[Path], *, pinned: bool) -> Rehearsal:
    with (
        console.status("") as progress,
        listen(lambda stage, subject: progress.update(f"{tell(stage)} {subject}")),
    ):
        return rehearse(settings, contracts, pinned=pinned)


def _list_everything(rehearsal: Rehearsal) -> dict[str, object]:
    differences = [
        asdict(item) | {"has_new_verdict": item.has_new_verdict, "corrected_by": item.corrected_by}
        for item in rehearsal.differences
    ]
    return asdict(rehearsal) | {"differences": differences}


def _show(rehearsal: Rehearsal, expectations: Expectations) -> None:
    console.print(
        tell(
            "Rehearsed {files} files of {nights} nights in {seconds} s; nothing was stored.",
            files=rehearsal.submissions,
            nights=rehearsal.nights,
            seconds=f"{rehearsal.seconds:.1f}",
        )
    )
    _show_obstacles(rehearsal)
    if rehearsal.rules:
        _show_rules(rehearsal, expectations)
    changed = [item for item in rehearsal.differences if item.has_new_verdict]
    changed.sort(key=lambda item: not item.blocked_by)
    if changed:
        _show_submissions(changed, expectations)
    if rehearsal.reworded:
        said = tell("Same findings in other words: {count} files.", count=len(rehearsal.reworded))
        console.print(said)
    if not rehearsal.changes_something:
        console.print(tell("Nothing would be different."))
    _show_seconds(rehearsal, expectations)


def _show_obstacles(rehearsal: Rehearsal) -> None:
    for incoming in rehearsal.missing:
        said = tell(
            "Not judged: the archive no longer has the bytes of no. {number}, {name}. "
            "Restore it from the backup.",
            number=incoming.submission_id,
            name=escape(incoming.file_name),
        )
        console.print(f"[red]{said}[/red]")
    for dataset, rules in rehearsal.broken.items():
        for rule, reason in rules.items():
            said = tell("{dataset}: rule {rule} could not be run", dataset=dataset, rule=rule)
            console.print(f"[red]{said}[/red] {escape(reason)}")


def _show_rules(rehearsal: Rehearsal, expectations: Expectations) -> None:
    rows = [
        (
            name_form(effect.dataset, expectations) or effect.dataset,
            effect.rule_id, effect.hits, effect.added,
            effect.added_corrected, effect.gone, effect.newly_returned, effect.newly_held,
            effect.blocked_corrected, effect.released,
        )
        for effect in rehearsal.rules
    ]  # fmt: skip
    columns = (
        "Form", "Rule", "Findings", "New", "of these corrected", "Gone", "Newly returned",
        "Newly held", "of these corrected", "No longer blocked",
    )  # fmt: skip
    show_table(tell("By rule"), [tell(name) for name in columns], rows)


def _show_submissions(changed: Sequence[Difference], expectations: Expectations) -> None:
    shown = changed[:MOST_LINES]
    left = len(changed) - len(shown)
    rows = [
        (
            item.submission_id,
            name_form(item.dataset, expectations) or item.dataset,
            name_reporter(item.reporter_code, expectations) or item.reporter_code,
            item.period,
            item.file_name,
            _style(item.old_verdict),
            _style(item.new_verdict),
            _name_rules(item.blocked_by or item.released_from),
            tell("no. {number}", number=item.corrected_by) if item.corrected_by else None,
        )
        for item in shown
    ]
    columns = (
        "No.", "Form", "Reporter", "Period", "File", "Was", "Would be", "Because of",
        "Later corrected",
    )  # fmt: skip
    note = tell("and {left} more: --format json", left=left) if left else ""
    title = tell("Submissions with another verdict")
    show_table(title, [tell(name) for name in columns], rows, note=note)


def _show_seconds(rehearsal: Rehearsal, expectations: Expectations) -> None:
    """Seconds of the gate by form; those that changed beside what they take in force."""
    in_force = rehearsal.seconds_in_force
    columns = [tell("Form"), tell("Seconds")]
    if in_force:
        columns.append(tell("Seconds in force"))
    rows = []
    for dataset, spent in sorted(rehearsal.seconds_by_dataset.items()):
        row: list[str | None] = [name_form(dataset, expectations) or dataset, f"{spent:.2f}"]
        if in_force:
            row.append(f"{in_force[dataset]:.2f}" if dataset in in_force else None)
        rows.append(row)
    show_table(tell("Checking all history takes"), columns, rows)


def _name_rules(hits: Iterable[Hit]) -> str:
    counts = Counter(hit.rule_id for hit in hits)
    return ", ".join(f"{rule} ×{count}" if count > 1 else rule for rule, count in counts.items())


def _style(verdict: str) -> Text:
    return Text(tell(verdict), style=VERDICT_STYLES[verdict])
