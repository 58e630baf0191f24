"""The after-action report as a document: the same chapters as its web page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from app.models import times
from app.models.live.learnt import KNOWN_FROM
from app.models.reports.after_action import AfterAction, StepLine
from app.models.reports.clock import clock, dated, deviation, window_of_year
from app.models.reports.document import Chapter, Document, Table
from app.models.reports.morning import present_words, to_watch

WORTH_AN_EDIT = timedelta(minutes=5)
"""A step this far from its plan, and by a quarter of it, is offered as an edit."""


def after_document(report: AfterAction) -> Document:
    zone = report.window.zone
    proof = f"Chain head: entry {report.log_number} · {report.log_hash}" if report.log_hash else ""
    return Document(
        title=report.title,
        subtitle=f"{report.code} · after-action report · drafted {dated(report.drafted_at, zone)}",
        footer=f"{report.code} · {report.title} · after-action report",
        facts=tuple((name, words) for name, words in _facts(report) if words),
        chapters=tuple(_chapters(report)),
        proof=proof,
        flight=report,
    )


def edits_offered(report: AfterAction) -> tuple[str, ...]:
    """What to change in the runbook, as the flight showed it: steps whose minutes were far off."""
    said = []
    for step in report.steps:
        if step.took is None or not step.minutes or step.took < KNOWN_FROM:
            continue  # ticked in one go: how long it took is not known
        off = step.took - timedelta(minutes=step.minutes)
        if abs(off) >= WORTH_AN_EDIT and abs(off) * 4 >= timedelta(minutes=step.minutes):
            away = (
                f"; the console was away {times.speak_span(step.away)} of it" if step.away else ""
            )
            said.append(
                f"Step {step.code} {step.title}: planned {step.minutes} min, took "
                f"{step.took_words} ({deviation(off)}){away}."
            )
    return tuple(said)


def _facts(report: AfterAction) -> Iterator[tuple[str, str]]:
    zone = report.window.zone

    kept = report.end_words
    if kept and kept != "as planned":
        kept = f"{kept} against the promised {clock(report.promised_end, report.window)}"
    yield "Ending", report.ending
    yield "Window", window_of_year(report.window)
    yield "Started", report.started_words
    ended = times.speak_moment(report.ended, zone) if report.ended else "no end recorded"
    yield "Ended", f"{ended} ({kept})" if kept else ended
    yield from report.facts
    yield "Data loss", report.data_loss or "not stated"


def _chapters(report: AfterAction) -> Iterator[Chapter]:
    def at(moment: datetime | None) -> str:
        return clock(moment, report.window) if moment else ""

    check = () if report.user_check else ("The user-side check was not noted.",)
    yield Chapter("User-side check, in their words", check, quoted=report.user_check)
    yield Chapter("Planned and actual", table=_steps(report), timeline=True)
    yield Chapter(
        "What was verified",
        () if report.checks else ("No check was noted.",),
        _table(
            (("At", 2), ("Check", 5), ("Outcome", 3), ("Who says so", 3), ("What was seen", 6)),
            [(at(c.at), c.step, c.words, c.by, c.comment) for c in report.checks],
        ),
    )
    yield Chapter(
        "Extension and back-out",
        (
            report.way_back_words,
            *(() if report.extensions else ("It was not extended.",)),
        ),
        _table(
            (("At", 2), ("Old end", 2), ("New end", 2), ("By", 3), ("Why", 6)),
            [(at(x.at), at(x.old_end), at(x.new_end), x.by, x.why) for x in report.extensions],
        ),
    )
    yield Chapter(
        "Decisions",
        () if report.decisions else ("No decision was recorded.",),
        _table(
            (("#", 1), ("At", 2), ("What", 4), ("Answer", 6), ("By", 3), ("Waited", 2), ("Why", 6)),
            [
                (
                    str(d.number),
                    at(d.at),
                    d.what,
                    d.answer,
                    d.by,
                    f"{d.waited_minutes} min" if d.waited_minutes else "",
                    d.why,
                )
                for d in report.decisions
            ],
        ),
    )
    yield Chapter(
        "Who was called up",
        () if report.woken else ("Nobody was called up.",),
        _table(
            (("Who", 4), ("At", 2), ("Why", 7), ("Warranted, they say", 3)),
            [(w.who, at(w.at), w.why, w.warranted_words) for w in report.woken],
        ),
    )
    yield Chapter(
        "Rest of the crew",
        (report.spared_words,),
        _table(
            (("Who", 6), ("Up", 3), ("Saved", 3)),
            [(x.who, times.speak_span(x.up), times.speak_span(x.saved)) for x in report.spared],
        ),
    )
    start = report.window.start_utc
    yield Chapter(
        "Notices and their lead times",
        () if report.notices else ("No notice was planned or sent.",),
        _table(
            (("Notice", 4), ("To", 5), ("Due", 3), ("Sent", 3), ("Lead", 4), ("Kept", 4)),
            [
                (n.kind, n.to, at(n.due), at(n.sent), n.lead_words(start), n.kept_words)
                for n in report.notices
            ],
        ),
    )
    yield Chapter(
        "Change records",
        report.changes_words,
        _table(
            (("#", 1), ("CI", 5), ("Before", 4), ("After", 4), ("By", 3), ("At", 2),
             ("Evidence", 5), ("Record", 3)),
            [
                (
                    str(c.number),
                    _lines(c.ci, c.what),
                    c.before,
                    c.after_words,
                    c.by,
                    at(c.at),
                    c.evidence,
                    c.external,
                )
                for c in report.changes
            ],
        ),
    )  # fmt: skip
    watched = to_watch(report)
    yield Chapter(
        "The morning after",
        (present_words(report), *(() if watched else ("Nothing in particular to watch.",))),
        _table((("Watch", 4), ("Because", 7)), list(watched)),
        pen=1,
    )
    yield Chapter("What went well", pen=3)
    yield Chapter("What to change next time", edits_offered(report), pen=3)
    yield Chapter(
        "The log",
        (f"{len(report.log)} entries of this flight; none was edited.",),
        _table(
            (("#", 1), ("At", 4), ("Who", 4), ("What", 12)),
            [(str(x.number), at(x.at), x.who, _said(x.what, x.struck, x.corrects))
             for x in report.log],
        ),
    )  # fmt: skip


def _lines(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


def _said(what: str, struck: bool, corrects: int | None) -> str:
    if struck:
        return f"{what} (struck through{f', see {corrects}' if corrects else ''})"
    return f"{what} (corrects {corrects})" if corrects else what


def _steps(report: AfterAction) -> Table | None:
    def at(moment: datetime | None) -> str:
        return clock(moment, report.window) if moment else ""

    def row(s: StepLine) -> tuple[str, ...]:
        plan = f"{at(s.planned)}, {s.minutes} min" if s.planned else ""
        note = "" if s.note in s.state else s.note
        said = ", ".join(part for part in (s.state, s.deviation_words, note) if part)
        title = f"{s.code} {s.title}"
        return title, s.who, plan, at(s.started), at(s.finished), s.took_words, said

    columns = (("Step", 6), ("Who", 3), ("Planned", 4), ("Started", 2), ("Ended", 2), ("Took", 2),
               ("State, against plan", 5))  # fmt: skip
    return _table(columns, [row(step) for step in report.steps])


def _table(columns: tuple[tuple[str, int], ...], rows: list[tuple[str, ...]]) -> Table | None:
    if not rows:
        return None
    return Table(tuple(n for n, _ in columns), tuple(rows), tuple(s for _, s in columns))
