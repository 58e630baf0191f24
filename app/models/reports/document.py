"""A report as chapters of paragraphs and tables: the one source of its PDF and its Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.models.reports.after_action import AfterAction


@dataclass(frozen=True, slots=True)
class Table:
    """`shares` are the columns' widths against one another."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    shares: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """`share`, 0 to 1, is how long it is; None where there is nothing to draw."""

    name: str
    share: float | None
    words: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """`quoted` are somebody's own words; `pen` is how many lines to write on; `timeline` asks for
    the picture of planned and actual, and `chart` is drawn in place of the table, where the medium
    can show one."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    table: Table | None = None
    quoted: str = ""
    pen: int = 0
    timeline: bool = False
    chart: tuple[Bar, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """`facts` are (name, words) with no empty words; `flight` is what a timeline is drawn from."""

    title: str
    subtitle: str
    footer: str
    facts: tuple[tuple[str, str], ...] = ()
    chapters: tuple[Chapter, ...] = ()
    proof: str = ""
    flight: AfterAction | None = None


_PLAIN = str.maketrans({c: f"\\{c}" for c in "\\`*_[]<>#|~"})


def markdown(document: Document) -> str:
    """For a wiki or a ticket; no word of the flight is taken for markup."""
    return "\n\n".join(_parts(document)).rstrip() + "\n"


def _parts(document: Document) -> Iterator[str]:
    yield f"# {plain_line(document.title)}"
    yield plain_line(document.subtitle)
    if document.facts:
        yield "\n".join(
            f"- **{plain_line(name)}:** {plain_line(words)}" for name, words in document.facts
        )
    for chapter in document.chapters:
        yield f"## {plain_line(chapter.heading)}"
        for paragraph in chapter.paragraphs:
            yield plain_line(paragraph)
        if chapter.quoted:
            yield "\n".join(f"> {plain_line(line)}" for line in chapter.quoted.splitlines())
        if chapter.table is not None:
            yield _table(chapter.table)
        if chapter.pen:
            yield "- "
    if document.proof:
        yield f"`{document.proof}`"


def _table(table: Table) -> str:
    rows = [table.columns, tuple("---" for _ in table.columns), *table.rows]
    lines = [
        "| " + " | ".join(cell if at == 1 else plain_line(cell) for cell in row) + " |"
        for at, row in enumerate(rows)
    ]
    return "\n".join(lines)


def plain_line(text: str) -> str:
    """One line; what would be markup is shown as written."""
    said = " ".join(text.split()).translate(_PLAIN)
    return f"\\{said}" if said.startswith(("-", "+")) else said
