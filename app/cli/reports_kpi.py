"""`kpi`, `digest`: a period of flights in numbers, and in short for the leaders."""

from __future__ import annotations

import argparse
from datetime import date
from typing import Any

from app.cli.printing import one_line, show
from app.cli.reports import leave_document, paper_asked
from app.models.errors import BadInput
from app.models.reports.kpi import Kpi, Numbers, Rate, kpi_document
from app.models.reports.kpi_csv import kpi_csv
from app.services.notices.rendering import render_body
from app.services.reports.digest import NO_LEADERS
from app.services.reports.files import leave_file
from app.services.reports.kpi import kpi_of
from app.wiring import Console


def kpi(console: Console, asked: argparse.Namespace) -> int:
    found = console.store.read(kpi_of, _day(asked.since), _day(asked.to))
    document = kpi_document(found)
    if asked.json:
        show(_as_json(found))
    elif not (asked.pdf or asked.csv):
        print(one_line(document.subtitle))
        for name, words in document.facts:
            print(f"{name:<34} {one_line(words)}")
        for month, n in found.months:
            print(f"{month:<34} {n.flown} flown, on time {n.on_time.words}")
    if asked.pdf:
        leave_document(document, asked.pdf, paper_asked(console, asked), quiet=asked.json)
    if asked.csv:
        leave_file(asked.csv.expanduser().absolute(), kpi_csv(found))
        if not asked.json:
            print(asked.csv)
    return 0


def digest(console: Console, asked: argparse.Namespace) -> int:
    """Default: last week."""
    from app.models.reports.digest import digest_document, digest_mail
    from app.models.reports.document import markdown
    from app.services.reports.digest import digest_mails, digest_of, usual_digests

    usual = console.store.read(usual_digests)[0]
    if (asked.since is None) is not (asked.to is None):
        raise BadInput("Give the first and the last day: --from DAY --to DAY.")
    since = _day(asked.since) if asked.since else usual.since
    last = _day(asked.to) if asked.to else usual.last
    found = console.store.read(digest_of, since, last)
    if asked.md:
        said = markdown(digest_document(found)).encode("utf-8", "replace")
        leave_file(asked.md.expanduser().absolute(), said)
        print(asked.md)
    if asked.pdf:
        leave_document(digest_document(found), asked.pdf, paper_asked(console, asked))
    if asked.dir:
        mails = console.store.read(digest_mails, since, last)
        if not mails:
            raise BadInput(NO_LEADERS)
        folder = asked.dir.expanduser().absolute()
        folder.mkdir(parents=True, exist_ok=True)
        for mail in mails:
            leave_file(folder / mail.filename, mail.content())
            print(asked.dir / mail.filename)
    if not (asked.md or asked.pdf or asked.dir):
        subject, body = digest_mail(found)
        print(f"Subject: {subject}\n\n{render_body(subject, body).text}")
    return 0


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise BadInput(f"“{text}” is not a day; write it like 2026-01-31.") from None


def _as_json(found: Kpi) -> dict[str, Any]:
    return {
        "from": found.since.isoformat(),
        "to": date.fromordinal(found.to.toordinal() - 1).isoformat(),
        **_numbers(found.total),
        "cancelled": found.cancelled,
        "called_up": found.woken,
        "days_since_called_up": found.since_woken,
        "months": [{"month": month, **_numbers(n)} for month, n in found.months],
        "estimates": [
            {
                "runbook": e.runbook,
                "flights": e.flights,
                "steps": e.steps,
                "taken_over_planned": round(e.factor, 3),
                "mean_error": round(e.off, 3),
            }
            for e in found.estimates
        ],
        "off_hours": [
            {"who": load.who, "flights": load.flights, "minutes": load.minutes}
            for load in found.off_hours
        ],
    }


def _numbers(n: Numbers) -> dict[str, Any]:
    return {
        "flown": n.flown,
        "on_time": _rate(n.on_time),
        "promise_kept": _rate(n.promise_kept),
        "change_success": _rate(n.success),
        "notices_in_time": _rate(n.notices_in_time),
        "extensions": n.extensions,
        "backed_out": n.backed_out,
        "standby_saved": {"minutes": n.rest.minutes, "of": n.rest.of},
    }


def _rate(rate: Rate) -> dict[str, Any]:
    share = None if rate.share is None else round(rate.share, 3)
    return {"good": rate.good, "of": rate.of, "share": share}
