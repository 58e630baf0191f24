"""How a plan and a series are given on the command line."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.cli.parser_parts import OneSentence, as_json, with_data
from app.models.outages.lifecycle import ImpactClass


def plan_facts(plan: argparse.ArgumentParser) -> None:
    plan.add_argument("--title", required=True, metavar="T", help="a few words to know it by")
    plan.add_argument(
        "--audience", action="append", metavar="NAME", help="default: those of the services"
    )
    of_class(plan)
    plan.add_argument("--runbook", default="", metavar="TEMPLATE", help="whose steps it takes")
    plan.add_argument(
        "--owner",
        action="append",
        metavar="ROLE=NAME",
        help="who plays a role of the runbook; default: who had it last. May be given again",
    )
    plan.add_argument("--coordinator", default="", metavar="NAME", help="default: who is on duty")
    plan.add_argument("--why", default="", metavar="T", help="why it is done")
    plan.add_argument("--requester", default="", metavar="T", help="who asked for it")
    plan.add_argument("--approver", default="", metavar="T", help="who approved it")
    plan.add_argument("--urgent-reason", default="", metavar="T", help="for --class urgent: why")
    plan.add_argument("--checker", default="", metavar="T", help="who looks from the users' side")
    plan.add_argument("--checker-phone", default="", metavar="T", help="and how to reach them")
    plan.add_argument(
        "--bridge", default="", metavar="LINE", help="conference number and code; default: as last"
    )


def of_class(made: argparse.ArgumentParser) -> None:
    made.add_argument(
        "--class",
        dest="impact",
        choices=[c.value for c in ImpactClass],
        help="impact class, which sets the lead times; default: ordinary",
    )


def of_services(made: argparse.ArgumentParser) -> None:
    made.add_argument(
        "--service",
        action="append",
        required=True,
        metavar="NAME",
        help="what it takes down; may be given again",
    )


def window(made: argparse.ArgumentParser, *, zone: bool = True) -> None:
    made.add_argument("--start", required=True, metavar="WALLTIME", help="2026-01-10T19:00")
    made.add_argument("--end", required=True, metavar="WALLTIME", help="2026-01-10T22:00")
    if zone:
        made.add_argument("--zone", required=True, metavar="IANA", help="America/New_York")
    made.add_argument(
        "--fold",
        type=int,
        choices=(0, 1),
        help="when clocks go back: 0 is the first of two equal wall times, 1 the second",
    )


def calendar(made: argparse.ArgumentParser) -> None:
    made.add_argument("--year", type=int, required=True, metavar="Y", help="for instance 2027")
    made.add_argument("--service", action="append", metavar="NAME", help="only what touches it")
    made.add_argument(
        "--state",
        action="append",
        choices=("coming", "flying", "over", "cancelled"),
        help="only outages that stand so",
    )
    made.add_argument(
        "--layer",
        action="append",
        choices=("outages", "freezes", "events", "holidays", "rota"),
        help="default: outages; of a PDF all",
    )
    made.add_argument("--ics", type=Path, metavar="F", help="write it to subscribe to")
    made.add_argument("--html", type=Path, metavar="F", help="write it as a page for an intranet")
    made.add_argument("--pdf", type=Path, metavar="F", help="on one page, as a planner")
    made.add_argument(
        "--paper",
        type=str.casefold,
        choices=("a3", "a4", "letter"),
        help="default: that of the organisation’s country",
    )


def occurrences(made: argparse.ArgumentParser) -> None:
    made.add_argument("--from", dest="since", required=True, metavar="ISO", help="with an offset")
    made.add_argument("--to", dest="until", required=True, metavar="ISO", help="with an offset")
    made.add_argument("--layer", default="", metavar="N", help="of one layer only, by its name")
    as_json(made)


def free(made: argparse.ArgumentParser) -> None:
    of_services(made)
    made.add_argument("--minutes", type=int, required=True, metavar="M", help="how long it takes")
    made.add_argument("--within", type=int, default=180, metavar="DAYS", help="default: 180")
    made.add_argument("--wish", default="", metavar="WALLTIME", help="the start you would like")
    made.add_argument("--zone", default="", metavar="IANA", help="default: the organisation's")
    made.add_argument("--owner", action="append", metavar="NAME", help="who has to be free")
    made.add_argument("--most", type=int, default=5, metavar="N", help="how many; default: 5")
    of_class(made)
    as_json(made)


def rota(made: argparse.ArgumentParser) -> None:
    as_json(made)
    made.add_argument("--year", type=int, metavar="Y", help="of the off-hours; default: this one")
    acts = made.add_subparsers(dest="act", metavar="ACT", parser_class=OneSentence)
    set_ = acts.add_parser("set", help="who takes turns, in this order, and how often they change")
    set_.add_argument("people", nargs="*", metavar="NAME", help="in the order of their turns")
    set_.add_argument(
        "--every", default="every month", metavar="RULE", help="default: every month; or an RRULE"
    )
    set_.add_argument("--from", dest="since", default="", metavar="DAY", help="default: today")
    swap = acts.add_parser("swap", help="two turns change hands")
    swap.add_argument("days", nargs=2, metavar="DAY", help="a day of each, such as 2027-01-15")
    cover = acts.add_parser("cover", help="somebody is on duty for some days, whoever was")
    cover.add_argument("person", metavar="NAME")
    cover.add_argument("--from", dest="since", required=True, metavar="DAY", help="the first day")
    cover.add_argument("--to", dest="until", default="", metavar="DAY", help="default: that day")
    for act in (set_, swap, cover):
        with_data(act)


def absence(made: argparse.ArgumentParser) -> None:
    acts = made.add_subparsers(dest="act", metavar="ACT", required=True, parser_class=OneSentence)
    listed = acts.add_parser("list", help="who is away now and later, with the ids")
    listed.add_argument("--person", default="", metavar="NAME", help="only this one")
    as_json(listed)
    add = acts.add_parser("add", help="somebody is away")
    add.add_argument("person", metavar="NAME", help="or a mail address")
    add.add_argument("--from", dest="since", required=True, metavar="WHEN", help="the first day")
    add.add_argument("--to", dest="until", default="", metavar="WHEN", help="default: that day")
    add.add_argument("--kind", default="leave", metavar="T", help="leave, training, …")
    change = acts.add_parser("change", help="they are away at other times; what is not given stays")
    change.add_argument("id", metavar="ID", help="as `absence list` says it")
    change.add_argument("--from", dest="since", default="", metavar="WHEN", help="the first day")
    change.add_argument("--to", dest="until", default="", metavar="WHEN", help="the last day")
    change.add_argument("--kind", default="", metavar="T", help="leave, training, …")
    remove = acts.add_parser("remove", help="they are there after all")
    remove.add_argument("id", metavar="ID", help="as `absence list` says it")
    for act in (listed, add, change, remove):
        with_data(act)


def handover(made: argparse.ArgumentParser) -> None:
    ways = made.add_mutually_exclusive_group(required=True)
    ways.add_argument("--pdf", type=Path, metavar="F", help="the hand-over pack, on paper")
    ways.add_argument("--note", metavar="T", help="a line for whoever comes, added to the pack")
    ways.add_argument("--acknowledge", metavar="NAME", help="whoever comes has read the pack")
    ways.add_argument("--file", type=Path, metavar="F", help="the whole store, sealed")
    ways.add_argument("--open", type=Path, metavar="F", help="make the store of F the one here")
    ways.add_argument("--take-back", action="store_true", help="this copy is in use again")
    made.add_argument(
        "--to",
        default="",
        metavar="NAME",
        help="with --file: whose it is now; default: whose turn comes next",
    )
    made.add_argument(
        "--passphrase-fd", type=int, metavar="N", help="read the passphrase from this descriptor"
    )


def series(made: argparse.ArgumentParser) -> None:
    acts = made.add_subparsers(dest="act", metavar="ACT", required=True, parser_class=OneSentence)
    add = acts.add_parser("add", help="a new one, its flights a year ahead")
    plan_facts(add)
    of_services(add)
    window(add)
    add.add_argument("--every", required=True, metavar="RULE", help="third Sunday, or an RRULE")
    add.add_argument(
        "--in-freezes", action="store_true", help="dates in a freeze stay drafts; else left out"
    )
    listed = acts.add_parser("list", help="the series, and what became of their dates")
    as_json(listed)
    acts.add_parser("fill", help="make flights of the dates that came within a year")
    skip = acts.add_parser("skip", help="no flight at one date")
    split = acts.add_parser("split", help="this date and those that follow go on otherwise")
    end = acts.add_parser("end", help="no flight from a date on")
    for act in (skip, split, end):
        act.add_argument("series", metavar="SERIES", help="its code, for instance SER-001")
        act.add_argument("due", metavar="WALLTIME", help="the date, as `series list` says it")
    for act in (skip, end):
        act.add_argument("--why", required=True, metavar="T", help="the reason, which is kept")
    window(split, zone=False)
    split.add_argument("--every", default="", metavar="RULE", help="default: as before")
    for act in (add, listed, skip, split, end):
        with_data(act)
