"""The counts of the rail, from Today's rows: they are there before a section was ever opened."""

from __future__ import annotations

from datetime import datetime

from app.models.live.clocks import badge
from app.models.outages.errands import Errand
from app.models.times import t_clock
from app.services.outages.today_rows import TodayRows
from app.views.shell import Shell


def show_counts(shell: Shell, rows: TodayRows, now: datetime) -> None:
    """Live counts for itself once it is open, for it may show another flight than Today."""
    needs = sum(need.late or need.errand is not Errand.OUTBOX for need in rows.needs)
    owed = sum(need.errand in (Errand.NOTICE, Errand.OUTBOX) for need in rows.needs)
    for key, count, meaning in (
        ("today", needs, "need you"),
        ("outages", rows.not_filed, "not filed"),
        ("notices", owed, "owed"),
    ):
        if shell.has_section(key):
            shell.set_count(key, str(count or ""), f"{count} {meaning}")
    if shell.has_section("live") and shell.page("live") is None and rows.next is not None:
        start = rows.next.start
        shell.set_count("live", badge(now, start), t_clock(now, start))
