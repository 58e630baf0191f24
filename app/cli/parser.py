"""What can be asked on the command line; `--help` reads like documentation."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import NoReturn, Protocol

from app import __version__
from app.models.outages.lifecycle import ImpactClass, State

DESCRIPTION = """\
Lead scheduled IT outages from the annual calendar to the filed change record.
Without a command the console's window opens.

First flight:
  flight-console sample                      a hospital's IT to practise on
  flight-console plan --title "File cluster firmware" --service "File cluster" \\
      --start 2026-01-10T19:00 --end 2026-01-10T22:00 --zone America/New_York \\
      --runbook "Storage firmware"           prints the code, for instance OUT-2026-004
  flight-console check --service "File cluster" --start … --end … --zone …
  flight-console notice OUT-2026-004 planned --eml planned.eml
  flight-console sent OUT-2026-004 planned --at 2025-12-31T09:00-05:00
  flight-console debt OUT-2026-004           what is still owed
"""
EPILOG = """\
Times of a window are wall times (2026-01-10T19:00) with --zone; all other times are ISO 8601
with an offset. JSON uses the tokens of the store (states: draft planned announced go_no_go hold
in_progress verifying backing_out complete partly_done backed_out cancelled filed).
Exit codes: 0 done; 1 the answer is no (check: blocked; doctor: something is wrong; fly: a stage
failed); 2 it could not be done, and one sentence on standard error says why.
"""


class _Command(Protocol):
    """Adds a command: its name, one line of help, and what stands below it."""

    def __call__(self, name: str, help_: str, epilog: str = "") -> argparse.ArgumentParser: ...


class OneSentence(argparse.ArgumentParser):
    """Says what is wrong in one sentence and exits with 2."""

    def error(self, message: str) -> NoReturn:
        said = message[:1].upper() + message[1:]
        self.exit(2, f"{said.rstrip('.')}. `{self.prog} --help` shows how it is written.\n")


def build() -> argparse.ArgumentParser:
    main = OneSentence(
        prog="flight-console",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    main.add_argument("--version", action="version", version=f"Flight Console {__version__}")
    main.add_argument("--data", type=Path, metavar="DIR", help="use this data folder")
    commands = main.add_subparsers(dest="command", metavar="COMMAND", parser_class=OneSentence)

    def command(name: str, help_: str, epilog: str = "") -> argparse.ArgumentParser:
        made = commands.add_parser(
            name,
            help=help_,
            description=help_[:1].upper() + help_[1:] + ".",
            epilog=epilog,
            allow_abbrev=False,
        )
        made.add_argument(
            "--data", type=Path, metavar="DIR", default=argparse.SUPPRESS, help=argparse.SUPPRESS
        )
        return made

    _planning(command)
    _flying(command)
    _keeping(command)
    return main


def _planning(command: _Command) -> None:
    command("sample", "set up the sample organisation, a hospital's IT, dates relative to today")
    fly = command(
        "fly",
        "fly the sample outage from plan to filed record and leave every paper in DIR",
        "Prints `ok STAGE SEQ` after each committed stage (SEQ is the log's newest number); run "
        "again on the same data it continues where it stopped.",
    )
    fly.add_argument("--out", type=Path, required=True, metavar="DIR")
    fly.add_argument("--no-pictures", action="store_true", help="leave out the screens")
    read = command(
        "import",
        "read CSV (people, services, CIs, audiences, steps) or .ics files",
        "A CSV is taken whole or not at all; each bad line and column is named. An .ics becomes "
        "the layer NAME (default: the file's name) and replaces what that layer held.",
    )
    read.add_argument("files", type=Path, nargs="+", metavar="FILE")
    read.add_argument("--layer", metavar="NAME")
    read.add_argument("--freeze", action="store_true", help="the layer's events forbid outages")
    read.add_argument("--outage", metavar="CODE", help="the outage that a CSV of steps is for")
    plan = command("plan", "plan an outage and print its code")
    plan.add_argument("--title", required=True, metavar="T")
    plan.add_argument("--audience", action="append", metavar="NAME")
    plan.add_argument("--class", dest="impact", choices=[c.value for c in ImpactClass])
    plan.add_argument("--runbook", default="", metavar="TEMPLATE")
    plan.add_argument("--coordinator", default="", metavar="NAME", help="default: who is on duty")
    plan.add_argument("--why", default="", metavar="T")
    check = command("check", "name every conflict of a window; exit 1 when blocked")
    check.add_argument("--json", action="store_true")
    for made in (plan, check):
        made.add_argument("--service", action="append", required=True, metavar="NAME")
        made.add_argument("--start", required=True, metavar="WALLTIME")
        made.add_argument("--end", required=True, metavar="WALLTIME")
        made.add_argument("--zone", required=True, metavar="IANA")
        made.add_argument("--fold", type=int, choices=(0, 1), help="which of two equal wall times")
    outages = command("outages", "list the outages")
    outages.add_argument("--json", action="store_true")


def _flying(command: _Command) -> None:
    step = command("step", "start, finish, block or unblock a step of an outage")
    step.add_argument("outage", metavar="OUTAGE")
    step.add_argument("code", metavar="CODE")
    step.add_argument("act", choices=("start", "done", "block", "unblock"))
    step.add_argument("--by", default="", metavar="NAME", help="whose report it is")
    step.add_argument("--via", default="", metavar="NAME", help="who wrote it down")
    step.add_argument("--note", default="", metavar="TEXT")
    advance = command("advance", "move an outage to its next state, through that state's gate")
    advance.add_argument("outage", metavar="OUTAGE")
    advance.add_argument("state", choices=[s.value for s in State])
    advance.add_argument("--by", default="", metavar="NAME")
    advance.add_argument("--user-check", default="", metavar="T", help="the checker's own words")
    advance.add_argument("--user-check-due", default="", metavar="ISO", help="promised for later")
    advance.add_argument(
        "--waive", action="append", default=[], metavar="STEP=T", help="waive a step or criterion"
    )
    advance.add_argument("--data-loss", default="", metavar="T", help="what was lost, or none")
    advance.add_argument("--why", default="", metavar="T")
    advance.add_argument("--decided-by", default="", metavar="NAME", help="a named decision")
    notice = command("notice", "print a notice, or write it as .eml, .ics and text")
    notice.add_argument("outage", metavar="OUTAGE")
    notice.add_argument("kind", metavar="KIND")
    for form in ("eml", "ics", "text"):
        notice.add_argument(f"--{form}", type=Path, metavar="F")
    sent = command("sent", "record that a notice was sent by you")
    sent.add_argument("outage", metavar="OUTAGE")
    sent.add_argument("kind", metavar="KIND")
    sent.add_argument("--at", required=True, metavar="ISO")
    debt = command("debt", "what is owed and not done")
    debt.add_argument("outage", nargs="?", metavar="OUTAGE")
    debt.add_argument("--json", action="store_true")
    packet = command("packet", "print the paper packet into a PDF")
    packet.add_argument("outage", metavar="OUTAGE")
    packet.add_argument("--pdf", type=Path, required=True, metavar="F")
    packet.add_argument("--paper", choices=("a4", "letter"), default="a4")
    log = command("log", "the log of an outage")
    log.add_argument("outage", metavar="OUTAGE")
    log.add_argument("--json", action="store_true")


def _keeping(command: _Command) -> None:
    backup = command("backup", "write a verified copy of the store")
    backup.add_argument("file", type=Path, metavar="F")
    restore = command(
        "restore",
        "put a copy in place of the store",
        "The old store is kept aside. A restored store starts with nothing leaving.",
    )
    restore.add_argument("file", type=Path, metavar="F")
    command("doctor", "look the store over: whole, log unbroken, backups, room on the disk")
    shots = command("shots", "write a picture of every screen, dark and light")
    shots.add_argument("dir", type=Path, metavar="DIR")


def parse(arguments: list[str]) -> argparse.Namespace:
    """Exits with 2 and one sentence when the words are not ours."""
    return build().parse_args(arguments)


def stderr(sentence: str) -> None:
    sys.stderr.write(sentence.rstrip() + "\n")
