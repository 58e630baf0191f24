"""The after-action report as one HTML page that needs nothing else: no script, no outside
resource, every word of the flight escaped."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from app.models import times
from app.models.reports.after_action import AfterAction
from app.models.reports.after_document import edits_offered
from app.models.reports.clock import clock, dated, window_of_year
from app.models.reports.morning import present_words, to_watch
from app.models.reports.timeline import LABELS, ROW, WIDTH, pictures
from app.resources import resource
from app.services.reports.files import leave_file

TEMPLATE = "reports/after_action.html.j2"
_UNPRINTED = re.compile(r"[\x00-\x08\x0b-\x1f]")
"""What no browser shows and XML forbids."""


def after_action_html(report: AfterAction) -> str:
    """The whole page; the same report gives the same page."""
    # jinja2 is imported only when a report is written: it costs the start of the console
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    window = report.window

    def clocked(moment: datetime | None) -> str:
        return clock(moment, window) if moment else ""

    def spoken(moment: datetime | None) -> str:
        return times.speak_moment(moment, window.zone) if moment else ""

    environment.filters |= {"clock": clocked, "moment": spoken, "span": times.speak_span}
    template = environment.from_string(resource(TEMPLATE).read_text(encoding="utf-8"))
    page = template.render(
        report=report,
        window_words=window_of_year(window),
        drafted=dated(report.drafted_at, window.zone),
        pictures=pictures(report),
        picture_width=WIDTH,
        label_width=LABELS,
        row_height=ROW,
        start=window.start_utc,
        present=present_words(report),
        watched=to_watch(report),
        edits=edits_offered(report),
    )
    return _UNPRINTED.sub("", page)


def write_after_action(report: AfterAction, path: Path) -> None:
    """The page as a UTF-8 file, whole or not at all; errors as `leave_file`."""
    leave_file(path, after_action_html(report).encode("utf-8", "replace"))
