"""The commands, each over the same services as the window.

Where each is found, by name: only the one that is asked for is imported, so that a script pays
for no more than it uses.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from importlib import import_module

from app.wiring import Console

Handler = Callable[[Console, argparse.Namespace], int]

_FOUND_IN = {
    "sample": "directory:sample",
    "fly": "fly:fly",
    "organisation": "directory:organisation",
    "import": "directory:import_files",
    "plan": "outages:plan",
    "check": "calendar:check",
    "free": "calendar:free",
    "recheck": "calendar:recheck",
    "calendar": "calendar:calendar",
    "occurrences": "calendar:occurrences",
    "event": "events:event",
    "outreach": "outreach:outreach",
    "rota": "rota:rota",
    "absence": "absences:absence",
    "handover": "handover:handover",
    "outages": "outages:outages",
    "series": "series:series",
    "kickoff": "kickoff:kickoff",
    "step": "live:step",
    "forecast": "runbook:forecast",
    "runbook": "runbook:runbook",
    "bridge": "bridge:bridge",
    "rollcall": "live:rollcall",
    "extend": "live:extend",
    "times": "live_times:times",
    "crew": "crew:crew",
    "paper": "live_paper:paper",
    "called": "live:called",
    "rehearse": "live_rehearse:rehearse_outage",
    "advance": "outages:advance",
    "move": "outages_moving:move",
    "cancel": "outages_moving:cancel",
    "objection": "replies:objection",
    "new-date": "replies:new_date",
    "notice": "notices:notice",
    "lint": "notices:lint",
    "template": "templates:template",
    "sent": "notices:sent",
    "audience": "audience:audience",
    "debt": "outages:debt",
    "outbox": "outbox:outbox",
    "sync": "outbox:sync",
    "status-page": "status:status_page",
    "changes": "changes:changes",
    "packet": "reports:packet",
    "report": "reports:report",
    "kpi": "reports_kpi:kpi",
    "digest": "reports_kpi:digest",
    "log": "log:log",
    "account": "account:account",
    "signin": "account:signin",
    "signout": "account:signout",
    "practice": "practice:practice",
    "backup": "settings:backup",
    "second-folder": "settings:second_folder",
    "shots": "reports:shots",
}
NEEDS_NO_ORGANISATION = frozenset(
    {
        "sample",
        "fly",
        "organisation",
        "outages",
        "backup",
        "second-folder",
        "shots",
        "practice",
    }
)


def handler(command: str) -> Handler:
    module, name = _FOUND_IN[command].split(":")
    found: Handler = getattr(import_module(f"app.cli.{module}"), name)
    return found
