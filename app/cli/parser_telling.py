"""Commands that tell people something, and what is kept of a flight."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.cli import words, words_notices
from app.cli.parser_parts import (
    Command,
    OneSentence,
    as_json,
    by_whom,
    of_outage,
    typed_values,
    with_data,
)
from app.cli.words_templates import TEMPLATE
from app.models.notices.replies import ObjectionDecision


def telling(command: Command) -> None:
    notice = of_outage(
        command(
            "notice", "print a notice, or write it as .eml, .ics and text", words_notices.NOTICE
        )
    )
    notice.add_argument("kind", metavar="KIND", help="see below")
    notice.add_argument("--eml", type=Path, metavar="F", help="a draft that Outlook opens")
    notice.add_argument("--ics", type=Path, metavar="F", help="the calendar hold that goes with it")
    notice.add_argument("--text", type=Path, metavar="F", help="the words alone")
    typed_values(notice)
    lint = command("lint", "what is wrong with a notice, and what mends it", words_notices.LINT)
    lint.add_argument("outage", nargs="?", metavar="OUTAGE", help="its code")
    lint.add_argument("kind", nargs="?", metavar="KIND", help="of the notice that would leave")
    lint.add_argument("--text", type=Path, metavar="FILE", help="a plain text instead; - is stdin")
    lint.add_argument("--outage", dest="of_outage", metavar="OUTAGE", help="which FILE is about")
    lint.add_argument("--kind", dest="kind_of", metavar="KIND", help="what FILE is to be")
    as_json(lint)
    notice.add_argument("--dir", type=Path, metavar="D", help="all its files, and manifest.json")
    _templates(command("template", "the words that notices begin with", TEMPLATE))
    sent = of_outage(command("sent", "record that a notice was sent by you", words_notices.SENT))
    sent.add_argument("kind", metavar="KIND")
    sent.add_argument("--at", required=True, metavar="ISO", help="2025-12-31T09:00-05:00")
    typed_values(sent)
    objects = of_outage(command("objection", "somebody says that it hurts", words.OBJECTION))
    objects.add_argument("--from", dest="sender", required=True, metavar="NAME")
    objects.add_argument("--why", default="", metavar="T", help="in their words")
    objects.add_argument("--decide", default="", choices=[d.value for d in ObjectionDecision])
    objects.add_argument("--answer", default="", metavar="T", help="what they are answered")
    objects.add_argument("--without", default="", metavar="WHO", help="with exclude; see below")
    objects.add_argument("--told", action="store_true", help="they were told by phone already")
    by_whom(objects)
    kept = of_outage(
        command("new-date", "a new date that was promised was told otherwise", words.NEW_DATE)
    )
    kept.add_argument("--told", required=True, metavar="T", help="what people were told instead")
    by_whom(kept)
    told = of_outage(command("audience", "who is told, and why", words.AUDIENCE))
    told.add_argument("--dependents", choices=("yes", "no"), help="all who depend on its CIs")
    told.add_argument("--status-page", choices=("yes", "no"), help="no: it is not shown there")
    for name, help_ in (
        ("add", "tell this address, too"),
        ("leave-out", "do not tell this address"),
        ("opt-out", "never tell this address"),
        ("opt-in", "take that back"),
    ):
        told.add_argument(f"--{name}", action="append", default=[], metavar="ADDRESS", help=help_)
    as_json(told)
    debt = command("debt", "what is owed and not done", words.DEBT)
    debt.add_argument("outage", nargs="?", metavar="OUTAGE", help="default: every open outage")
    as_json(debt)
    as_json(command("outbox", "what is to leave, is leaving, has left, needs you", words.OUTBOX))
    sync = command("sync", "send what is due, and look what came of it", words.SYNC)
    sync.add_argument("--once", action="store_true", help="until nothing is due; else until Ctrl+C")
    status = command("status-page", "write the page of what people were told", words.STATUS_PAGE)
    status.add_argument("dir", type=Path, metavar="DIR", help="the folder to write it to")
    status.add_argument("--address", default="", metavar="URL", help="where people open DIR")
    changes = command("changes", "list or review the change records", words.CHANGES)
    changes.add_argument("outage", nargs="?", metavar="OUTAGE", help="its code")
    changes.add_argument("number", nargs="?", type=int, metavar="NUMBER", help="review this one")
    for name, help_ in (
        ("ci", "everything ever changed on this CI, newest first, instead of one outage's"),
        ("before", "what it was"),
        ("after", "what it is now"),
        ("evidence", "how that was seen"),
        ("external", "its number in the external configuration database"),
        ("people-notice", "what people will notice"),
    ):
        changes.add_argument(f"--{name}", default="", metavar="T", help=help_)
    changes.add_argument("--csv", type=Path, metavar="F", help="write them to a file instead")
    by_whom(changes)
    as_json(changes)
    packet = of_outage(command("packet", "print the paper packet into a PDF"))
    packet.add_argument("--pdf", type=Path, required=True, metavar="F", help="the file to write")
    packet.add_argument(
        "--paper", choices=("a4", "letter"), help="default: that of the organisation’s country"
    )
    report = of_outage(
        command("report", "write the after-action report, as far as it has got", words.REPORT)
    )
    report.add_argument("--html", type=Path, metavar="F", help="a web page that needs nothing else")
    report.add_argument("--pdf", type=Path, metavar="F", help="on paper")
    report.add_argument("--md", type=Path, metavar="F", help="as Markdown, for a wiki or a ticket")
    report.add_argument("--lessons", action="store_true", help="what it taught the runbook")
    report.add_argument("--carry-back", action="store_true", help="all of that becomes a revision")
    kpi = command("kpi", "a period of flights in numbers", words.KPI)
    kpi.add_argument("--from", dest="since", required=True, metavar="DAY", help="2026-01-01")
    kpi.add_argument("--to", required=True, metavar="DAY", help="the last day that counts")
    kpi.add_argument("--pdf", type=Path, metavar="F", help="on paper, with charts")
    kpi.add_argument("--csv", type=Path, metavar="F", help="one measure a line, for a spreadsheet")
    digest = command("digest", "a period in short, for the leaders", words.DIGEST)
    digest.add_argument("--from", dest="since", metavar="DAY", help="default: last week")
    digest.add_argument("--to", metavar="DAY", help="the last day that counts")
    digest.add_argument("--pdf", type=Path, metavar="F", help="on paper")
    digest.add_argument("--md", type=Path, metavar="F", help="as Markdown, for a wiki")
    digest.add_argument("--dir", type=Path, metavar="D", help="a draft to the leaders, as .eml")
    for made in (report, kpi, digest):
        made.add_argument(
            "--paper", choices=("a4", "letter"), help="default: that of the organisation’s country"
        )
    as_json(kpi)
    as_json(of_outage(command("log", "the log of an outage", words.LOG)))


def _templates(made: argparse.ArgumentParser) -> None:
    acts = made.add_subparsers(dest="act", metavar="ACT", required=True, parser_class=OneSentence)
    as_json(acts.add_parser("list", help="whose words each kind begins with"))
    seen = acts.add_parser("show", help="the source, or with --outage what would leave")
    seen.add_argument("kind", metavar="KIND", help="see above")
    seen.add_argument("--revision", type=int, metavar="N", help="default: what holds; 0: built-in")
    seen.add_argument("--outage", default="", metavar="OUTAGE", help="tried on this one")
    seen.add_argument("--html", action="store_true", help="as HTML, with --outage")
    save = acts.add_parser("save", help="a file becomes the next revision")
    save.add_argument("kind", metavar="KIND")
    save.add_argument("file", type=Path, metavar="F", help="a text file; - is stdin")
    history = acts.add_parser("history", help="who saved what, newest first")
    history.add_argument("kind", metavar="KIND")
    as_json(history)
    diff = acts.add_parser("diff", help="what changed between two revisions, line by line")
    diff.add_argument("kind", metavar="KIND")
    diff.add_argument("old", type=int, nargs="?", metavar="OLD", help="default: the one before")
    diff.add_argument("new", type=int, nargs="?", metavar="NEW", help="default: the latest")
    restore = acts.add_parser("restore", help="the words of an earlier revision hold again")
    restore.add_argument("kind", metavar="KIND")
    restore.add_argument("revision", type=int, metavar="NUMBER", help="0: the built-in")
    for act in (seen, save, history, diff, restore):
        act.add_argument("--service", default="", metavar="NAME", help="of this service alone")
    for act in acts.choices.values():
        with_data(act)


def crew(made: argparse.ArgumentParser) -> None:
    acts = ("list", "revoke", "renew", "off", "by-phone", "by-mail", "on-board")
    made.add_argument("act", nargs="?", choices=acts, default="list", help="default: list")
    made.add_argument("name", nargs="?", default="", metavar="NAME", help="whose link")
    made.add_argument("--serve", default="", metavar="HOST:PORT", help="until Ctrl+C")
    made.add_argument("--certificate", type=Path, metavar="F", help="the organisation’s, PEM")
    made.add_argument("--key", type=Path, metavar="F", help="of it; default: in the same file")
    made.add_argument("--host-name", default="", metavar="NAME", help="in links, as certified")
    made.add_argument("--public", default="", metavar="URL", help="of a reverse proxy in front")
    as_json(made)
