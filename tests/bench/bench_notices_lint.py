"""Every rule over one notice, as at each pause of typing: against a frame of 16 ms. Once
the notice as the template writes it, once with two pages pasted behind it; the outage touches
200 items and its readers live in a dozen zones."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from app.models.notices.facts import NoticeFacts
from app.models.notices.kinds import NoticeKind
from app.models.notices.leadtime import SiteDays, WorkDays
from app.models.notices.lint import Sending, lint
from app.models.outages.lifecycle import ImpactClass
from app.models.times import Window, parse_wall
from app.services.notices.rendering import built_in, render
from tests.bench.measure import promise, quiet, seconds

FRAME = 0.016
ROUNDS = 120
ZONES = ("New_York", "Chicago", "Denver", "Los_Angeles", "Halifax", "Toronto", "Bogota")
ABROAD = ("Europe/London", "Europe/Paris", "Asia/Tokyo", "Asia/Kolkata", "Australia/Sydney")
PASTED = (
    "The old lab reports of Tuesday stay where they are. Nothing was lost, and whoever cannot wait "
    "until 3:30 pm finds a copy of the most used forms in the red folder beside each printer. "
)


def _facts() -> NoticeFacts:
    return NoticeFacts(
        audiences=("file cluster users",),
        services=("file cluster",),
        window=Window.of(
            parse_wall("2025-01-10T19:00"), parse_wall("2025-01-10T22:00"), "America/New_York"
        ),
        objection_route="Call 555-0100.",
        recipient_zones=(*(f"America/{name}" for name in ZONES), *ABROAD),
        cis=tuple(f"fs-node-{number:03}" for number in range(200)),
    )


def main() -> int:
    facts = _facts()
    written = render(built_in(NoticeKind.PLANNED), facts)
    workdays = WorkDays((SiteDays("here", holidays=frozenset()),))
    sending = Sending(datetime(2024, 12, 31, tzinfo=UTC), ImpactClass.CRITICAL, workdays)
    kept = True
    for name, text in (
        ("notices-lint-typing", written.text),
        ("notices-lint-pasted", f"{written.text}\n\n{PASTED * 25}"),
    ):
        number = 0

        def once(text: str = text) -> None:
            nonlocal number
            number += 1  # a letter more each time, so that nothing is remembered
            lint(written.subject, f"{text}{'e' * number}", NoticeKind.PLANNED, facts, sending)

        taken = [seconds(once) for _ in range(ROUNDS)]
        print(f"  {len(text):,} characters: {quiet(taken) * 1e3:.2f} ms")
        kept &= promise(name, quiet(taken) / FRAME, 1.0)
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
