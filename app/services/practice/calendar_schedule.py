"""Free and busy: getSchedule over everybody's own calendar."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil

from app.services.practice.calendar import Placed
from app.services.practice.calendar_zones import read_wall, shown_time
from app.services.practice.call import Answer, Call
from app.services.practice.errors import Refusal, bad
from app.services.practice.people import User
from app.services.practice.schema import checked_action
from app.services.practice.state import Json
from app.services.practice.tenant import Tenant

MOST_PEOPLE, MOST_DAYS, LEAST_MINUTES, MOST_MINUTES = 100, 62, 5, 1440
_DIGIT = {"free": 0, "workingElsewhere": 0, "tentative": 1, "busy": 2, "oof": 3, "unknown": 0}


def get_schedule(tenant: Tenant, call: Call) -> Answer:
    """Whoever is not known gets an error of his own; the others are answered all the same."""
    body = call.json()
    if isinstance(body, dict):
        for name, value in body.items():
            if name.casefold() == "availabilityviewinterval" and value is None:
                raise Refusal(500, "ErrorInternalServerError", "An internal server error occurred.")
    asked = checked_action("calendar/getSchedule", body)
    names = asked.get("schedules") or []
    if not names or not asked.get("startTime") or not asked.get("endTime"):
        raise bad("ErrorInvalidParameter", "schedules, startTime and endTime are required.")
    if len(names) > MOST_PEOPLE:
        raise bad(
            "ErrorMailboxDataArrayTooBig",
            f"The number of mailboxes is over the limit of {MOST_PEOPLE}.",
        )
    begin, end = read_wall(asked["startTime"]), read_wall(asked["endTime"])
    if end <= begin:
        raise bad("ErrorInvalidTimeInterval", "The end time is not after the start time.")
    if end - begin > timedelta(days=MOST_DAYS):
        raise bad("ErrorTimeIntervalTooBig", f"The time window is over {MOST_DAYS} days.")
    minutes = asked.get("availabilityViewInterval", 30)
    if not LEAST_MINUTES <= minutes <= MOST_MINUTES:
        raise bad("ErrorInvalidMergedFreeBusyInterval", "The interval is from 5 to 1440 minutes.")
    zone = call.zone
    value = [_schedule(tenant, name, begin, end, minutes, zone) for name in names]
    kind = "Collection(microsoft.graph.scheduleInformation)"
    return Answer(200, {"@odata.context": f"{call.base}/v1.0/$metadata#{kind}", "value": value})


def _schedule(
    tenant: Tenant, name: str, begin: datetime, end: datetime, minutes: int, zone: str
) -> Json:
    user = tenant.people.find(name)
    if user is None or "@" not in name:
        return {
            "scheduleId": name,
            "availabilityView": "",
            "scheduleItems": [],
            "workingHours": None,
            "error": {
                "message": f"Unable to resolve e-mail address {name} to an Active Directory "
                "object.",
                "responseCode": "ErrorMailRecipientNotFound",
            },
        }
    placed = busy(tenant, user, begin, end)
    return {
        "scheduleId": name,
        "availabilityView": _digits(placed, begin, end, minutes),
        "scheduleItems": [_item(each, zone) for each in placed],
        "workingHours": {
            "daysOfWeek": ["monday", "tuesday", "wednesday", "thursday", "friday"],
            "startTime": "08:00:00.0000000",
            "endTime": "17:00:00.0000000",
            "timeZone": {"name": user.zone},
        },
    }


def busy(tenant: Tenant, user: User, begin: datetime, end: datetime) -> list[Placed]:
    box = tenant.calendar.box(user)
    return tenant.calendar.laid_out(box, box.calendar().id, begin, end)


def _item(placed: Placed, zone: str) -> Json:
    data = placed.event.data
    private = data["sensitivity"] in ("private", "confidential")
    item: Json = {
        "isPrivate": private,
        "status": data["showAs"],
        "start": shown_time(placed.starts, zone),
        "end": shown_time(placed.ends, zone),
    }
    if not private:
        item |= {"subject": data["subject"], "location": data["location"]["displayName"]}
    return item


def _digits(placed: list[Placed], begin: datetime, end: datetime, minutes: int) -> str:
    step = timedelta(minutes=minutes)
    digits = [0] * ceil((end - begin) / step)
    for each in placed:
        digit = _DIGIT[each.event.data["showAs"]]
        first = max(0, int((each.starts - begin) / step))
        last = min(len(digits), ceil((each.ends - begin) / step))
        for at in range(first, last):
            digits[at] = max(digits[at], digit)
    return "".join(map(str, digits))
