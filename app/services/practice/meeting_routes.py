"""Graph's calls for online meetings, each a function of the tenant and one call."""

from __future__ import annotations

from app.services.practice.call import Answer, Call
from app.services.practice.errors import bad
from app.services.practice.filters import parse
from app.services.practice.meetings import Meeting, shown
from app.services.practice.schema import checked, checked_action
from app.services.practice.state import Json
from app.services.practice.tenant import Tenant

_LATER = frozenset(("invited", "organizationExcludingGuests"))
"""Members of lobbyBypassScope that are shown only to whoever asks for later ones."""


def create(tenant: Tenant, call: Call) -> Answer:
    values = checked("onlineMeeting", call.json())
    return Answer(201, _shown(call, tenant.meetings.create(call.owner, values)))


def create_or_get(tenant: Tenant, call: Call) -> Answer:
    values = checked_action("Collection(onlineMeeting)/createOrGet", call.json())
    meeting, new = tenant.meetings.create_or_get(call.owner, values)
    return Answer(201 if new else 200, _shown(call, meeting))


def meeting(tenant: Tenant, call: Call) -> Answer:
    return Answer(200, _shown(call, tenant.meetings.find(call.owner, call.parts[0])))


def meetings(tenant: Tenant, call: Call) -> Answer:
    """Only by join link: there is no list of one's meetings."""
    wanted = parse(call.query.get("$filter", "nothing eq null"))
    if [each[0].casefold() for each in wanted.equal] != ["joinweburl"]:
        raise bad("BadRequest", "A filter by JoinWebUrl is required.")
    link = wanted.equal[0][1]
    found = [_shown(call, each, context=False) for each in tenant.meetings.of(call.owner)]
    value = [each for each in found if each["joinWebUrl"] == link]
    return Answer(200, {"@odata.context": call.context("onlineMeetings"), "value": value})


def patch(tenant: Tenant, call: Call) -> Answer:
    values = checked("onlineMeeting", call.json())
    return Answer(200, _shown(call, tenant.meetings.patch(call.owner, call.parts[0], values)))


def delete(tenant: Tenant, call: Call) -> Answer:
    tenant.meetings.delete(call.owner, call.parts[0])
    return Answer(204)


def reports(tenant: Tenant, call: Call) -> Answer:
    found = tenant.meetings.find(call.owner, call.parts[0])
    context = call.context("onlineMeetings/attendanceReports")
    return Answer(200, {"@odata.context": context, "value": found.reports})


def _shown(call: Call, found: Meeting, *, context: bool = True) -> Json:
    body = shown(found, call.human_base)
    scope = body["lobbyBypassSettings"]["scope"]
    if scope in _LATER and "include-unknown-enum-members" not in call.prefer:
        body["lobbyBypassSettings"] = {**body["lobbyBypassSettings"], "scope": "unknownFutureValue"}
    if not context:
        return body
    return {"@odata.context": call.context("onlineMeetings/$entity"), **body}
