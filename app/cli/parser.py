"""What can be asked on the command line; `--help` reads like documentation."""

from __future__ import annotations

import argparse
from pathlib import Path

from app import __version__
from app.cli import words, words_planning
from app.cli.parser_asking import asking
from app.cli.parser_parts import (
    Command,
    OneSentence,
    as_json,
    by_whom,
    decided,
    of_outage,
    with_data,
)
from app.cli.parser_planning import (
    absence,
    calendar,
    free,
    handover,
    occurrences,
    of_class,
    of_services,
    plan_facts,
    rota,
    series,
    window,
)
from app.cli.parser_telling import crew, telling
from app.models.account import Cloud, Profile
from app.models.outages.lifecycle import State


def build() -> argparse.ArgumentParser:
    main = OneSentence(
        prog="flight-console",
        description=words.DESCRIPTION,
        epilog=words.EPILOG,
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
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        return with_data(made)

    _planning(command)
    _flying(command)
    _connecting(command)
    _keeping(command)
    return main


def _planning(command: Command) -> None:
    command("sample", "set up the sample organisation, a hospital's IT, dates relative to today")
    own = command("organisation", "set up your own organisation, to import its people into")
    own.add_argument("name", metavar="NAME")
    own.add_argument("--zone", required=True, metavar="IANA", help="where it is")
    own.add_argument("--country", default="", metavar="CC", help="US, GB, …: its public holidays")
    own.add_argument(
        "--notify", default="", metavar="T", help="how people reach operations, in every notice"
    )
    fly = command(
        "fly", "fly the sample outage from plan to filed record, every paper left in DIR", words.FLY
    )
    fly.add_argument("--out", type=Path, required=True, metavar="DIR", help="where papers go")
    fly.add_argument("--no-pictures", action="store_true", help="leave out the screens")
    read = command("import", "read CSV lists, calendars (.ics) and vendors' notices", words.IMPORT)
    read.add_argument("files", nargs="*", metavar="FILE|URL")
    read.add_argument("--refresh", action="store_true", help="ask for the layers from URLs again")
    read.add_argument("--layer", metavar="NAME", help="the layer an .ics becomes")
    read.add_argument("--freeze", action="store_true", help="the layer's events forbid outages")
    read.add_argument("--outage", metavar="CODE", help="the outage that a CSV of steps is for")
    read.add_argument("--why", default="", metavar="T", help="of steps after the runbook freeze")
    plan = command("plan", "plan an outage and print its code", words_planning.PLAN)
    plan_facts(plan)
    check = command(
        "check", "name every conflict of a window; exit 1 when blocked", words_planning.CHECK
    )
    as_json(check)
    of_class(check)
    for made in (plan, check):
        of_services(made)
        window(made)
    free(command("free", "the first free windows, the best first", words_planning.FREE))
    as_json(command("recheck", "what is new against the windows to come", words_planning.RECHECK))
    calendar(command("calendar", "a year of outages, for others", words_planning.CALENDAR))
    occurrences(
        command("occurrences", "business events and freezes of a span", words_planning.OCCURRENCES)
    )
    asking(command)
    rota(command("rota", "who coordinates when, and where nobody does", words_planning.ROTA))
    absence(command("absence", "who is away: list, add, change, remove", words_planning.ABSENCE))
    handover(
        command("handover", "the end of a turn: pack, or whole store", words_planning.HANDOVER)
    )
    as_json(command("outages", "list the outages", words.OUTAGES))
    series(command("series", "recurring maintenance, each date a flight", words_planning.SERIES))
    _runbooks(command("runbook", "export, import or compare runbooks", words.RUNBOOK))


def _runbooks(made: argparse.ArgumentParser) -> None:
    acts = made.add_subparsers(dest="act", metavar="ACT", required=True, parser_class=OneSentence)
    export = acts.add_parser("export", help="write a runbook as .yaml, .csv or .md")
    export.add_argument("name", metavar="NAME", help="the runbook's, or with --outage its code")
    export.add_argument("file", type=Path, metavar="F", help="the file to write")
    export.add_argument("--revision", type=int, metavar="N", help="default: the latest")
    export.add_argument("--outage", action="store_true", help="the steps of the outage NAME")
    read = acts.add_parser("import", help="a file becomes the next revision of its runbook")
    read.add_argument("file", type=Path, metavar="F", help="a .yaml, .csv or .md file")
    read.add_argument("--preview", action="store_true", help="say what it would do, and no more")
    diff = acts.add_parser("diff", help="what changed between two revisions, in words")
    diff.add_argument("name", metavar="NAME")
    diff.add_argument("old", type=int, nargs="?", metavar="OLD", help="default: the one before")
    diff.add_argument("new", type=int, nargs="?", metavar="NEW", help="default: the latest")
    for act in (export, read, diff):
        with_data(act)


def _flying(command: Command) -> None:
    step = of_outage(
        command("step", "start, finish, block or unblock a step of an outage", words.STEP)
    )
    step.add_argument("code", metavar="CODE", help="the step's short code, as on the packet")
    acts = ("start", "done", "block", "unblock", "reason", "failed", "not-tested")
    step.add_argument("act", choices=acts)
    by_whom(step)
    step.add_argument("--via", default="", metavar="NAME", help="who wrote it down")
    step.add_argument("--note", default="", metavar="TEXT", help="what was seen, or what blocks")
    decided(step, "who decided a late start, or one without return")
    step.add_argument("--why", default="", metavar="TEXT", help="why it was decided so")
    as_json(of_outage(command("forecast", "when it ends, and until when to turn", words.FORECAST)))
    bridge = of_outage(
        command("bridge", "open or close the bridge, a line or a Teams meeting", words.BRIDGE)
    )
    bridge.add_argument("act", choices=("open", "close"))
    bridge.add_argument("--line", default="", metavar="LINE", help="opening: number and code")
    bridge.add_argument("--teams", action="store_true", help="opening: although a line is noted")
    bridge.add_argument("--farewell", default="", metavar="T", help="closing: what was said")
    bridge.add_argument("--locked", default="", metavar="T", help="locked by hand: how seen")
    bridge.add_argument("--ended-by", default="", metavar="NAME", help="who ended the meeting")
    bridge.add_argument("--proof", default="", metavar="T", help="how it was seen to be closed")
    by_whom(bridge)
    roll = of_outage(command("rollcall", "somebody's answer at the roll call", words.ROLLCALL))
    roll.add_argument("name", metavar="NAME", help="whose answer; a part of the name will do")
    roll.add_argument("answer", choices=("go", "no-go"))
    roll.add_argument("--add", action="store_true", help="somebody who came late: NAME in full")
    roll.add_argument("--why", default="", metavar="T", help="what stands in the way of a NO-GO")
    by_whom(roll)
    times = of_outage(command("times", "when each of the crew is ready and free", words.TIMES))
    as_json(times)
    times.add_argument("--send", action="store_true", help="a mail to each whose times are due")
    times.add_argument("--told", default="", metavar="NAME", help="who heard theirs by phone")
    by_whom(times)
    crew(of_outage(command("crew", "links to the crew board, and serving it", words.CREW)))
    extend = of_outage(command("extend", "promise a later end while it flies", words.EXTEND))
    extend.add_argument("--end", default="", metavar="ISO", help="2025-01-10T22:30-05:00")
    extend.add_argument("--why", default="", metavar="T", help="people are told")
    extend.add_argument("--preview", action="store_true", help="say what it would mean, no more")
    decided(extend)
    by_whom(extend)
    paper = of_outage(command("paper", "enter what was ticked on the paper packet", words.PAPER))
    paper.add_argument("file", metavar="FILE", help="a text file, or - for standard input")
    paper.add_argument("--preview", action="store_true", help="say what it would do, and no more")
    paper.add_argument(
        "--take",
        action="append",
        default=[],
        metavar="CODE",
        help="where it contradicts the board the paper is right; may be given again",
    )
    decided(paper, "who decided a late start, or one without return")
    advance = of_outage(
        command("advance", "move an outage to its next state, through its gate", words.ADVANCE)
    )
    advance.add_argument(
        "state", choices=[s.value for s in State], metavar="STATE", help="see below"
    )
    by_whom(advance)
    advance.add_argument("--user-check", default="", metavar="T", help="the checker's own words")
    advance.add_argument("--user-check-due", default="", metavar="ISO", help="promised for later")
    advance.add_argument(
        "--waive",
        action="append",
        default=[],
        metavar="STEP=T",
        help="waive a step, criterion or conflict, and why; may be given again",
    )
    advance.add_argument("--data-loss", default="", metavar="T", help="what was lost, or none")
    advance.add_argument("--why", default="", metavar="T", help="goes into the log and notices")
    decided(advance)
    move = of_outage(command("move", "give an outage another window", words.MOVE))
    move.add_argument("--start", required=True, metavar="ISO", help="2026-01-17T19:00-05:00")
    move.add_argument("--end", required=True, metavar="ISO", help="2026-01-17T22:00-05:00")
    move.add_argument("--zone", default="", metavar="IANA", help="default: the outage's")
    move.add_argument("--fold", type=int, choices=(0, 1), help="when clocks go back, as with plan")
    move.add_argument("--why", default="", metavar="T", help="people are told; needed once any are")
    cancel = of_outage(command("cancel", "it does not happen", words.CANCEL))
    cancel.add_argument("--why", default="", metavar="T", help="people are told")
    cancel.add_argument("--new-date-by", default="", metavar="DAY", help="postponed; else dropped")
    decided(cancel)
    by_whom(cancel)
    for made in (move, cancel):
        made.add_argument("--preview", action="store_true", help="say what it would mean, no more")
    called = of_outage(command("called", "somebody of the call list was reached", words.CALLED))
    called.add_argument("name", metavar="NAME")
    called.add_argument("--said", default="", metavar="T", help="what they said")
    practise = of_outage(command("rehearse", "fly an outage on a copy", words.REHEARSE))
    practise.add_argument(
        "--speed", type=float, default=10.0, metavar="N", help="its clock, 1 to 60; default: 10"
    )
    practise.add_argument(
        "--begin", choices=("gate", "plan"), default="gate", help="what is done; default: gate"
    )
    practise.add_argument("--learnt", type=Path, metavar="DIR", help="what that rehearsal taught")
    practise.add_argument("--carry-back", action="store_true", help="into the runbook")
    telling(command)


def _connecting(command: Command) -> None:
    account = command("account", "who is signed in where, and what is off without", words.ACCOUNT)
    account.add_argument("--profile", choices=[each.value for each in Profile])
    account.add_argument("--tenant", metavar="ID", help="directory (tenant) ID or domain")
    account.add_argument("--client-id", metavar="ID", help="application (client) ID")
    account.add_argument("--cloud", choices=[each.value for each in Cloud])
    account.add_argument("--shared-mailbox", metavar="ADDRESS", help="whom notices come from")
    account.add_argument("--calendar", metavar="NAME", help="where outages live; “” for none")
    account.add_argument("--attendance", choices=("yes", "no"), help="ask for meeting reports")
    account.add_argument("--shared-calendars", choices=("yes", "no"), help="those of others, too")
    as_json(account)
    signin = command("signin", "sign in with the browser, or with a code")
    signin.add_argument("--device", action="store_true", help="show a code to type elsewhere")
    command("signout", "sign out; the tokens are gone from this machine")
    practice = command("practice", "run the practice tenant until Ctrl+C", words.PRACTICE)
    practice.add_argument("--port", type=int, default=0, metavar="P", help="default: a free one")
    practice.add_argument("--seed", type=int, default=0, metavar="N", help="for ids and faults")
    practice.add_argument("--faults", default="", metavar="SPEC", help="what goes wrong")


def _keeping(command: Command) -> None:
    backup = command("backup", "write a verified copy of the store")
    backup.add_argument("file", type=Path, metavar="F", help="the file to write")
    second = command(
        "second-folder", "keep the store on a share or stick, too, or say how it stands"
    )
    second.add_argument("folder", type=Path, nargs="?", metavar="FOLDER", help="from now on here")
    second.add_argument("--off", action="store_true", help="no longer; the copy stays there")
    takeover = command(
        "takeover", "take a flight over from another console’s second folder", words.TAKEOVER
    )
    takeover.add_argument(
        "folder", type=Path, nargs="?", metavar="FOLDER", help="its share or stick"
    )
    by_whom(takeover)
    as_json(takeover)
    restore = command("restore", "put a copy in place of the store", words.RESTORE)
    restore.add_argument("file", type=Path, metavar="F", help="a copy that `backup` wrote")
    command(
        "doctor",
        "look the store over: whole, log unbroken, backups, room on the disk",
        "Exits with 1 when something is wrong. It changes nothing.",
    )
    database = command(
        "database", "look the store over, or move it into PostgreSQL and back", words.DATABASE
    )
    database.add_argument("act", choices=("check", "move", "use"), metavar="check|move|use")
    database.add_argument(
        "url", nargs="?", default="", metavar="URL", help="move, use: where to; `file`: back"
    )
    database.add_argument(
        "--ask-password", action="store_true", help="type the database’s password, for the keyring"
    )
    as_json(database)
    shots = command("shots", "write a picture of every screen, dark and light")
    shots.add_argument("dir", type=Path, metavar="DIR", help="the folder to write them to")
    shots.add_argument(
        "--percent",
        type=int,
        choices=range(100, 201),
        default=100,
        metavar="N",
        help="the size of everything, 100 to 200; default: 100",
    )
    shots.add_argument(
        "--size",
        type=_pixels,
        default=(1440, 900),
        metavar="WxH",
        help="of the window; default: 1440x900",
    )


def _pixels(words: str) -> tuple[int, int]:
    """`1180x720`."""
    wide, cross, high = words.partition("x")
    if not (cross and wide.isdecimal() and high.isdecimal() and int(wide) and int(high)):
        raise argparse.ArgumentTypeError(f"{words!r} is no size such as 1180x720.")
    return int(wide), int(high)


def parse(arguments: list[str]) -> argparse.Namespace:
    """Exits with 2 and one sentence when the words are not ours."""
    return build().parse_args(arguments)
