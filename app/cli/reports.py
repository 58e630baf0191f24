"""`packet`, `report`, `shots`: papers and pictures."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.cli.printing import one_line
from app.models.errors import BadInput
from app.models.reports.document import Document
from app.models.reports.packet import Paper
from app.services.outages.planning import find_outage
from app.services.reports.building import mark_printed, packet_data, paper_here
from app.wiring import Console


def _pages(count: int) -> str:
    return "1 page" if count == 1 else f"{count} pages"


def packet(console: Console, asked: argparse.Namespace) -> int:
    from app.views.reports.packet_view import write_pdf
    from app.wiring.offscreen import ensure_application

    outage_id = console.store.read(lambda uow: find_outage(uow, asked.outage).id)
    data = console.store.read(packet_data, outage_id)
    ensure_application()
    pages = write_pdf(data, asked.pdf.expanduser().absolute(), paper_asked(console, asked))
    console.store.run(mark_printed, outage_id, data.revision)
    print(f"{asked.pdf} ({_pages(pages.count)})")
    return 0


def paper_asked(console: Console, asked: argparse.Namespace) -> Paper:
    return Paper(asked.paper) if asked.paper else console.store.read(paper_here)


def report(console: Console, asked: argparse.Namespace) -> int:
    """Qt is started only for the PDF."""
    from app.models.reports.after_document import after_document
    from app.models.reports.document import markdown
    from app.services.reports.after_action import write_after_action
    from app.services.reports.building import after_action_data
    from app.services.reports.files import leave_file

    if asked.lessons or asked.carry_back:
        return _lessons(console, asked)
    if not (asked.html or asked.pdf or asked.md):
        raise BadInput("Say where to: --html F, --pdf F, --md F, or several of them.")
    data = console.store.read(lambda u: after_action_data(u, find_outage(u, asked.outage).id))
    document = after_document(data)
    if asked.html:
        write_after_action(data, asked.html.expanduser().absolute())
        print(asked.html)
    if asked.md:
        leave_file(asked.md.expanduser().absolute(), markdown(document).encode("utf-8", "replace"))
        print(asked.md)
    if asked.pdf:
        leave_document(document, asked.pdf, paper_asked(console, asked))
    return 0


def _lessons(console: Console, asked: argparse.Namespace) -> int:
    """1 when the flight taught something that was not carried back."""
    from app.models.live.learnt import NOTHING
    from app.services.live.rehearsing import carry_back, learnt_on_flight

    found = console.store.read(lambda u: learnt_on_flight(u, find_outage(u, asked.outage).id))
    for lesson in found.lessons:
        print(one_line(lesson.words))
    if found.unknown_words:
        print(found.unknown_words)
    if not found.lessons:
        print(NOTHING)
    elif asked.carry_back:
        console.store.run(carry_back, found, found.sure, found.code)
        print(f"Carried back to the runbook “{found.flown.name}”.")
        return 0
    return 1 if found.lessons else 0


def leave_document(document: Document, file: Path, paper: Paper, *, quiet: bool = False) -> None:
    """As a PDF; `quiet` says nothing, as what is printed is for programs."""
    from app.views.reports.document_view import write_document
    from app.wiring.offscreen import ensure_application

    ensure_application()
    pages = write_document(document, file.expanduser().absolute(), paper)
    if not quiet:
        print(f"{file} ({_pages(pages.count)})")


def shots(console: Console, asked: argparse.Namespace) -> int:
    from app.wiring.shots import take_shots

    target = asked.dir.expanduser().absolute()
    taken = take_shots(
        console.folder, console.store, target, percent=asked.percent, size=asked.size
    )
    for path in taken:
        print(path)
    return 0
