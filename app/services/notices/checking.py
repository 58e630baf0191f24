"""What is wrong with a notice that would leave now, and by how much it keeps its lead time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from app.models.notices.kinds import NoticeKind
from app.models.notices.leadtime import Waiver, check_lead
from app.models.notices.lint import Finding, Sending, lint
from app.models.notices.policy import lead_rule_in
from app.models.outages.debt import ANNOUNCEMENTS
from app.models.outages.lifecycle import FLYING, ImpactClass
from app.services.notices.gathering import Known
from app.services.notices.stored import Message

LEAD_WAIVER = "lead_time"


def waiver_of(known: Known) -> Waiver | None:
    """A late notice waived for this very window; of an urgent outage its approver and reason."""
    outage = known.outage
    start = outage.start_utc.isoformat()
    for waiver in outage.waivers:
        if waiver.get("step") == LEAD_WAIVER and waiver.get("start") == start:
            return Waiver(str(waiver["by"]), str(waiver["why"]))
    if outage.impact is ImpactClass.URGENT:
        return Waiver(outage.approver, outage.urgent_reason)
    return None


def sending_of(known: Known, at: datetime, waive: Waiver | None = None) -> Sending:
    """What decides whether a notice that leaves at `at` (UTC) is in time."""
    outage = known.outage
    flown = outage.state in FLYING
    rule = lead_rule_in(known.organisation.policy, outage.impact)
    return Sending(at, outage.impact, known.workdays, waive or waiver_of(known), flown, rule)


def in_time_words(known: Known, kind: NoticeKind, sending: Sending) -> str:
    if kind not in ANNOUNCEMENTS:
        return ""
    window = known.outage.window
    check = check_lead(
        sending.at, window, sending.impact, sending.workdays, sending.waiver, sending.rule
    )
    return check.sentence if check.severity is None else ""


def findings_of(
    kind: NoticeKind, messages: tuple[Message, ...], sending: Sending
) -> tuple[Finding, ...]:
    """Those of the first message with their places, those of further ones without; each once."""
    found: dict[tuple[str, str], Finding] = {}
    for number, message in enumerate(messages):
        if message.facts is None:
            continue
        r = message.rendered
        for finding in lint(r.subject, r.text, kind, message.facts, sending):
            placed = finding if number == 0 else replace(finding, span=None, fix=None)
            found.setdefault((finding.rule, finding.sentence), placed)
    return tuple(sorted(found.values(), key=lambda f: f.severity.rank))
