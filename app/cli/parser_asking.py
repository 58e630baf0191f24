"""How events typed by hand, rounds of asking, and answers to a kick-off are given."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.cli import words_asking as words
from app.cli.parser_parts import Command, OneSentence, as_json, by_whom, of_outage, with_data

PERIOD = "2027, or 2027-Q1; one that is asked about"


def asking(command: Command) -> None:
    _event(command("event", "events and freezes typed by hand", words.EVENT))
    _outreach(command("outreach", "ask department heads what not to disturb", words.OUTREACH))
    kick_off = of_outage(command("kickoff", "what people answer to a kick-off", words.KICK_OFF))
    kick_off.add_argument("name", nargs="?", default="", metavar="NAME", help="whose answer")
    kick_off.add_argument(
        "answer", nargs="?", choices=("yes", "no", "cant"), help="default: what their mail says"
    )
    kick_off.add_argument("--why", default="", metavar="T", help="the reason they give")
    by_whom(kick_off)
    as_json(kick_off)


def _event(made: argparse.ArgumentParser) -> None:
    acts = made.add_subparsers(dest="act", metavar="ACT", required=True, parser_class=OneSentence)
    add = acts.add_parser("add", help="an event, once or repeated")
    add.add_argument("title", metavar="TITLE")
    _days(add, required=True)
    add.add_argument("--every", default="", metavar="RULE", help="third Sunday, or an RRULE")
    add.add_argument(
        "--freeze", action="store_true", help="it forbids outages; default layer: “Our freezes”"
    )
    add.add_argument("--service", action="append", metavar="NAME", help="which it touches")
    add.add_argument("--department", action="append", metavar="NAME", help="which it touches")
    add.add_argument("--who", default="", metavar="NAME", help="who answers for it")
    add.add_argument("--counts", choices=("block", "warn", "note"), help="default: as its layer")
    listed = acts.add_parser("list", help="those typed by hand, with their ids")
    as_json(listed)
    out = acts.add_parser("out", help="take one out")
    out.add_argument("id", metavar="ID", help="as `event list` says it")
    for act in (add, listed, out):
        with_data(act)


def _days(made: argparse.ArgumentParser, *, required: bool) -> None:
    day = "a day (2027-03-03), or a wall time (2027-03-03T18:00)"
    made.add_argument(
        "--from", dest="since", default="", required=required, metavar="DAY", help=day
    )
    made.add_argument("--to", dest="until", default="", metavar="DAY", help="default: that day")
    made.add_argument("--layer", default="", metavar="NAME", help="default: “Business events”")


def _outreach(made: argparse.ArgumentParser) -> None:
    acts = made.add_subparsers(dest="act", metavar="ACT", required=True, parser_class=OneSentence)
    listed = acts.add_parser("list", help="the rounds: who was asked, answered, is silent")
    as_json(listed)
    start = acts.add_parser("start", help="a new round; nothing is sent yet")
    start.add_argument("period", metavar="PERIOD", help="2027, or 2027-Q1 for a quarter")
    start.add_argument("--by", default="", metavar="DAY", help="to answer; default: in two weeks")
    off = acts.add_parser("put-off", help="Today asks for it no more, or later")
    off.add_argument("period", metavar="PERIOD", help="2027, or 2027-Q1 for a quarter")
    off.add_argument("--until", default="", metavar="DAY", help="default: not at all")
    off.add_argument("--why", required=True, metavar="T", help="it is written down")
    send = acts.add_parser("send", help="a mail to each not asked yet, through the outbox")
    letters = acts.add_parser("letters", help="the mails as files for a mail program")
    asked = acts.add_parser("asked", help="somebody was asked by hand, or by phone")
    answer = acts.add_parser("answer", help="what somebody says, in their words")
    event = acts.add_parser("event", help="what they said becomes an event")
    for act in (send, letters, asked, answer, event):
        act.add_argument("period", metavar="PERIOD", help=PERIOD)
    letters.add_argument("dir", type=Path, metavar="DIR", help="the folder to write them to")
    for act in (asked, answer, event):
        act.add_argument("name", metavar="NAME", help="the head's; a part of it will do")
    answer.add_argument("text", metavar="TEXT", help="“nothing” is an answer, too")
    event.add_argument("--title", default="", metavar="T", help="default: how they put it")
    _days(event, required=False)
    for act in (listed, start, off, send, letters, asked, answer, event):
        with_data(act)
