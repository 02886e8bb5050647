"""The analyst's guide: every query in it runs on the example and says what the guide says."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

import pytest
from night_root import run_command
from whole_example import WholeExample

from warehouse.export.table import render_table
from warehouse.query import QueryFailed, run_query
from warehouse.query.statement import refuse_unless_reading

GUIDE = Path(__file__).parents[1] / "docs" / "guides" / "analyst.md"
FENCE = re.compile(r"^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A block of the guide, and what the text after it says in bold that the answer has."""

    language: str
    text: str
    said: tuple[str, ...]

    @property
    def is_refused(self) -> bool:
        return self.text.startswith("-- refused")


def read_blocks() -> list[Block]:
    guide = GUIDE.read_text(encoding="utf-8")
    fences = list(FENCE.finditer(guide))
    ends = [*(fence.start() for fence in fences[1:]), len(guide)]
    return [
        Block(
            fence["language"],
            fence["text"],
            tuple(re.findall(r"\*\*(.+?)\*\*", guide[fence.end() : end], re.DOTALL)),
        )
        for fence, end in zip(fences, ends, strict=True)
    ]


QUERIES = [block for block in read_blocks() if block.language == "sql"]
COMMANDS = [
    line for block in read_blocks() if block.language == "sh" for line in block.text.splitlines()
]


@pytest.fixture
def home(whole_example: WholeExample) -> Path:
    """The example, played up to tonight."""
    return whole_example.settings.home


def test_the_guide_has_ten_questions_and_every_one_a_query() -> None:
    questions = re.split(r"^### ", GUIDE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    assert [question.split()[0] for question in questions] == [str(n) for n in range(1, 11)]
    assert all("```sql" in question for question in questions)


@pytest.mark.parametrize("block", QUERIES, ids=lambda block: block.text.split("\n")[0])
def test_every_query_of_the_guide_only_reads(block: Block) -> None:
    refuse_unless_reading(block.text)


@pytest.mark.parametrize("block", QUERIES, ids=lambda block: block.text.split("\n")[0])
def test_every_query_of_the_guide_answers_what_the_guide_says(home: Path, block: Block) -> None:
    pointer = home / "published" / "mart.duckdb"
    if block.is_refused:
        with pytest.raises(QueryFailed) as refused:
            run_query(pointer, block.text)
        answer = refused.value.of("en")
        assert not answer.startswith("The statement")
    else:
        frame = run_query(pointer, block.text).frame
        assert frame.height > 0
        answer = render_table(frame)
    assert [text for text in block.said if text not in answer] == []


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_of_the_guide_answers(home: Path, line: str) -> None:
    code, said, complaint = run_command(home, *shlex.split(line)[1:])
    assert (code, bool(said.strip())) == (0, True), complaint
