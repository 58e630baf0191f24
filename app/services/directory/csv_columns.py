"""The words people write over their columns."""

from __future__ import annotations

import re

from app.models.directory.lines import LineKind


def header_key(title: str) -> str:
    """Small letters and single spaces: `Depends_On` and `depends-on` are the same."""
    return " ".join(re.sub(r"[\W_]+", " ", title).split()).casefold()


def _names(*synonyms: str) -> frozenset[str]:
    return frozenset(synonyms)


COLUMNS: dict[LineKind, dict[str, frozenset[str]]] = {
    LineKind.PEOPLE: {
        "name": _names("name", "full name", "person", "display name"),
        "email": _names("email", "e mail", "mail", "email address", "e mail address"),
        "phone": _names("phone", "telephone", "phone number", "mobile", "tel"),
        "zone": _names("zone", "time zone", "timezone", "tz"),
        "site": _names("site", "location", "office", "campus"),
        "department": _names("department", "dept", "unit", "team"),
        "roles": _names("roles", "role"),
    },
    LineKind.SERVICES: {
        "name": _names("name", "service", "service name"),
        "plain_name": _names("plain name", "plain words", "name for users", "user name"),
        "owner": _names("owner", "owner email", "service owner", "owner name"),
        "criticality": _names("criticality", "critical", "importance", "tier"),
        "hours": _names("hours", "hours of use", "service hours", "use hours"),
        "zone": _names("zone", "time zone", "timezone", "tz"),
        "rests_on": _names("rests on", "cis", "rests on cis", "configuration items"),
        "audiences": _names("audiences", "audience"),
    },
    LineKind.CIS: {
        "name": _names("name", "ci", "ci name", "configuration item", "hostname", "host"),
        "kind": _names("kind", "type", "ci type", "class"),
        "environment": _names("environment", "env"),
        "vendor_circuit": _names("vendor circuit", "circuit", "circuit id", "vendor circuit id"),
        "depends_on": _names("depends on", "dependencies", "depends", "requires"),
        "needed_by_flight": _names(
            *("needed by flight", "flight needs it", "needed by the flight"),
            *("the flight itself needs it", "flight needs"),
        ),
        "maintenance_hours": _names("maintenance hours", "maintenance window", "change window"),
        "zone": _names("zone", "time zone", "timezone", "tz"),
    },
    LineKind.AUDIENCES: {
        "name": _names("name", "audience", "audience name"),
        "members": _names("members", "member emails", "members emails", "people", "emails"),
        "departments": _names("departments", "department", "depts"),
        "list_address": _names(
            *("list address", "list", "distribution list", "mailing list", "address"),
            "list email",
        ),
        "list_size": _names("list size", "size", "count"),
        "list_zone": _names("list zone", "zone", "time zone", "timezone", "tz"),
        "rule_service": _names("rule service", "users of service", "users of", "rule", "service"),
    },
    LineKind.ABSENCES: {
        "person": _names("person", "who", "name", "email", "e mail", "mail", "email address"),
        "first": _names("first", "first day", "from", "start", "start date", "starts", "begins"),
        "last": _names("last", "last day", "to", "until", "end", "end date", "ends"),
        "kind": _names("kind", "type", "reason", "absence"),
    },
    LineKind.STEPS: {
        "code": _names("code", "step", "no", "nr", "number", "short code"),
        "title": _names("title", "name", "step title", "what", "task"),
        "how": _names("how", "instructions", "details", "description", "procedure"),
        "phase": _names("phase", "stage"),
        "kind": _names("kind", "type"),
        "owner": _names("owner", "owner email", "who", "assignee", "technician"),
        "role": _names("role", "team"),
        "minutes": _names("minutes", "min", "mins", "duration", "duration minutes"),
        "after": _names("after", "after codes", "depends on", "predecessors", "waits for"),
        "undone_by": _names("undone by", "undo", "back out", "undo steps", "backout"),
        "no_return": _names("no return", "cannot be undone", "point of no return"),
        "ci": _names("ci", "configuration item", "host", "hostname"),
        "setting": _names("setting", "what is set", "parameter"),
        "people_notice": _names(
            "people notice", "what people notice", "what people will notice", "user impact"
        ),
        "do_not_disturb": _names("do not disturb", "dnd", "donotdisturb"),
    },
}

REQUIRED: dict[LineKind, tuple[str, ...]] = {
    LineKind.PEOPLE: ("name", "email"),
    LineKind.SERVICES: ("name",),
    LineKind.CIS: ("name",),
    LineKind.AUDIENCES: ("name",),
    LineKind.ABSENCES: ("person", "first"),
    LineKind.STEPS: ("code", "title"),
}
