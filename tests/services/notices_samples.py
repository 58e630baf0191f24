"""The reference outage of product.md, for the tests of what notices look like."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from app.models.notices.facts import NoticeFacts
from app.models.times import Window, parse_wall

NEW_YORK = "America/New_York"


def window(start: str = "2025-01-10T19:00", end: str = "2025-01-10T22:00") -> Window:
    return Window.of(parse_wall(start), parse_wall(end), NEW_YORK)


REFERENCE = NoticeFacts(
    ("file cluster users",),
    ("file cluster",),
    window(),
    objection_route="Write to ops@harbour.example or call 555-0100.",
    recipient_zones=(NEW_YORK,),
)

FULL = replace(
    REFERENCE,
    organisation="Harbour Hospital",
    code="OUT-2025-004",
    title="Storage firmware",
    reason="The second controller takes longer than planned.",
    impact="You cannot open or save files on the shared drives.",
    workaround="Use the read-only copy on the intranet.",
    help_route="Call the service desk, 555-0111.",
    coordinator="M. Okafor",
    coordinator_phone="555-0100",
    bridge="555-0199, code 4711",
    decides=("Extend: R. Ito, 555-0142",),
    old_window=window("2025-01-10T19:00", "2025-01-10T21:00"),
    new_end=datetime(2025, 1, 11, 4, tzinfo=UTC),
    next_update=datetime(2025, 1, 11, 3, 45, tzinfo=UTC),
    progress="The first half is done.",
    data_loss="none",
    user_check="B. Lind opened and saved a file on ward 3.",
    changes=("Folders open faster.",),
    left_over=("The second controller",),
    done=("The first controller",),
    postponed=True,
    new_date_by=date(2025, 1, 17),
    recipient="Ana",
    role="storage owner",
    crew_steps=("3 Update node A, 20 min",),
    be_ready=datetime(2025, 1, 11, 0, tzinfo=UTC),
    release=datetime(2025, 1, 11, 3, tzinfo=UTC),
    confirm_by=datetime(2025, 1, 10, 14, tzinfo=UTC),
    confirm_to="ops@harbour.example",
    endangers="the planned notice",
    callers_say=("I cannot open my files.",),
    desk_answer="It is planned, and back by ten.",
    suppress_from=datetime(2025, 1, 11, 0, tzinfo=UTC),
    suppress_to=datetime(2025, 1, 11, 3, tzinfo=UTC),
    suppress_cis=("fs-node-03",),
)
