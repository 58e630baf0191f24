"""The moments of a communication plan, and the editable policy that sets them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import time, timedelta
from enum import StrEnum
from typing import Any

from app.models.notices.leadtime import LeadRule, lead_rule
from app.models.outages.lifecycle import ImpactClass


class Moment(StrEnum):
    """A point of the plan; some are notices, others acts of the coordinator."""

    KICK_OFF = "kick_off"
    SCOPE_FREEZE = "scope_freeze"
    PLANNED = "planned"
    RUNBOOK_FREEZE = "runbook_freeze"
    CREW_BRIEF = "crew_brief"
    SERVICE_DESK_BRIEF = "service_desk_brief"
    MONITORING = "monitoring"
    REMINDER = "reminder"
    PACKET = "packet"
    BRIDGE = "bridge"
    STARTED = "started"
    END_OWED = "end_owed"
    CHANGE_SUMMARY = "change_summary"
    END_BRIEF = "end_brief"

    @property
    def words(self) -> str:
        return _WORDS[self]


@dataclass(frozen=True, slots=True)
class Policy:
    """When things happen, for one impact class. Days count back from the window's date; a freeze
    of None does not happen. `at_once` brings all that comes before the window to now. The planned
    notice leaves more than `lead_days` and at least `lead_working_days` working days ahead.
    `sending_hour` is by the clocks of the window."""

    kick_off_days: int = 21
    scope_freeze_days: int | None = 12
    planned_days: int = 10
    runbook_freeze_days: int | None = 7
    brief_working_days: int = 3
    reminder_days: tuple[int, ...] = (1,)
    lead_days: int = 0
    lead_working_days: int = 0
    packet_before: timedelta = timedelta(hours=4)
    bridge_before: timedelta = timedelta(minutes=30)
    started_grace: timedelta = timedelta(minutes=15)
    end_before: timedelta = timedelta(minutes=15)
    sending_hour: time = time(9, 0)
    at_once: bool = False


EDITABLE = (
    "kick_off_days",
    "scope_freeze_days",
    "planned_days",
    "runbook_freeze_days",
    "brief_working_days",
    "reminder_days",
    "lead_days",
    "lead_working_days",
    "sending_hour",
)
"""What an organisation may choose for each class."""

POLICIES = {
    ImpactClass.CRITICAL: Policy(lead_days=7, lead_working_days=5),
    ImpactClass.ORDINARY: Policy(lead_working_days=3),
    ImpactClass.URGENT: Policy(scope_freeze_days=None, runbook_freeze_days=None, at_once=True),
}


def policy_in(kept: Mapping[str, Any], impact: ImpactClass) -> Policy:
    """`kept` is the organisation's policy as it is stored: the built-in one with what was edited
    put in its place."""
    edited = kept.get(impact.value, {})
    known = {name: value for name, value in edited.items() if name in EDITABLE}
    if "reminder_days" in known:
        known["reminder_days"] = tuple(known["reminder_days"])
    if "sending_hour" in known:
        known["sending_hour"] = time.fromisoformat(known["sending_hour"])
    return replace(POLICIES[impact], **known)


def lead_rule_in(kept: Mapping[str, Any], impact: ImpactClass) -> LeadRule:
    """`kept` is the organisation's policy as it is stored."""
    built_in, edited = POLICIES[impact], kept.get(impact.value, {})
    return lead_rule(
        impact,
        int(edited.get("lead_days", built_in.lead_days)),
        int(edited.get("lead_working_days", built_in.lead_working_days)),
    )


_WORDS = {
    Moment.KICK_OFF: "Kick-off",
    Moment.SCOPE_FREEZE: "Scope freeze",
    Moment.PLANNED: "Planned notice",
    Moment.RUNBOOK_FREEZE: "Runbook freeze",
    Moment.CREW_BRIEF: "Crew brief",
    Moment.SERVICE_DESK_BRIEF: "Service-desk brief",
    Moment.MONITORING: "Monitoring brief",
    Moment.REMINDER: "Reminder",
    Moment.PACKET: "Paper packet",
    Moment.BRIDGE: "Bridge opens",
    Moment.STARTED: "Started",
    Moment.END_OWED: "Extended or all clear",
    Moment.CHANGE_SUMMARY: "What changed",
    Moment.END_BRIEF: "End brief to the service desk",
}
