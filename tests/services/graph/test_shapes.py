"""Whatever JSON comes back, nothing but the troubles of the ports leaves an adapter, and what is
not a list is never taken for an empty one."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.services.graph.calendars import GraphCalendars
from app.services.graph.client import GraphClient, Patience
from app.services.graph.mail import GraphMailbox
from app.services.graph.meetings import GraphMeetings
from app.services.ports.calendars import Entry
from app.services.ports.mail import Folder, Outgoing
from app.services.ports.trouble import RemoteTrouble, Unreachable
from tests.services.graph.scripted import Answer, Script, scripted
from tests.services.graph.speaking import NOW, Speaking, speaking

TIME = {"dateTime": "2026-11-22T07:00:00.0000000", "timeZone": "UTC"}
EVENT: dict[str, Any] = {
    "id": "e1",
    "iCalUId": "u",
    "changeKey": "c",
    "subject": "S",
    "start": TIME,
    "end": {**TIME, "timeZone": "Pacific Standard Time"},
    "isAllDay": False,
    "isCancelled": False,
    "location": {"displayName": "Room"},
    "transactionId": "k",
    "type": "singleInstance",
    "categories": ["Outage"],
    "showAs": "busy",
    "singleValueExtendedProperties": [{"id": "x", "value": "y"}],
    "attendees": [],
    "isOrganizer": True,
}
MESSAGE: dict[str, Any] = {
    "id": "m1",
    "internetMessageId": "<m1@x.example>",
    "conversationId": "C",
    "subject": "RE: S",
    "from": {"emailAddress": {"address": "a@x.example", "name": "A"}},
    "receivedDateTime": "2026-11-21T09:59:00Z",
    "bodyPreview": "Hello",
    "body": {"contentType": "html", "content": "<p>x</p>"},
    "uniqueBody": {"contentType": "text", "content": "x"},
    "internetMessageHeaders": [{"name": "References", "value": "<1@x.example>"}],
    "isDraft": False,
    "parentFolderId": "f",
}
PAGE = {"@odata.deltaLink": "http://127.0.0.1/v1.0/x?$deltatoken=1"}
STUB = {"id": "o1", "seriesMasterId": "e1", "type": "occurrence", "start": TIME, "end": TIME}
MEETING: dict[str, Any] = {
    "id": "t1",
    "joinWebUrl": "https://teams.example/1",
    "startDateTime": "2026-11-22T07:00:00Z",
    "endDateTime": "2026-11-22T08:00:00Z",
    "audioConferencing": {"conferenceId": "1", "tollNumber": "2", "tollNumbers": ["2"]},
    "lobbyBypassSettings": {"scope": "organizer"},
}
SCHEDULES = {
    "value": [
        {"scheduleId": "a@x.example", "scheduleItems": [{"start": TIME, "end": TIME}]},
        {"scheduleId": "b@x.example", "availabilityView": "0022"},
    ]
}
REPORT = {
    "meetingStartDateTime": "2026-11-22T07:00:00Z",
    "meetingEndDateTime": "2026-11-22T08:00:00Z",
    "totalParticipantCount": 3,
}
WALL = datetime(2026, 11, 27, 19, 0)  # noqa: DTZ001
ENTRY = Entry("k", "Another", WALL, WALL + timedelta(hours=1), "America/New_York", html="<p>")
MAIL = Outgoing("k", "S", "text", "<p>html</p>")
FORWARD = Outgoing("k", "S", "text", "<p>html</p>", forward_of="m0")
WINDOW = (datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC))

Call = Callable[[GraphClient], object]
CALLS: dict[str, tuple[Any, Call]] = {
    "create": (MESSAGE, lambda c: GraphMailbox(c).create_draft(MAIL)),
    "forward": ({**MESSAGE, "value": []}, lambda c: GraphMailbox(c).create_draft(FORWARD)),
    "find": ({"value": [MESSAGE]}, lambda c: GraphMailbox(c).find("k", "<m1@x.example>")),
    "delete": (MESSAGE, lambda c: GraphMailbox(c).delete_draft("m1")),
    "arrived": (
        {"value": [MESSAGE, {"id": "m2", "@removed": {"reason": "deleted"}}], **PAGE},
        lambda c: GraphMailbox(c).changes(Folder.INBOX, "", NOW),
    ),
    "calendars": (
        {"value": [{"id": "c", "name": "N", "owner": {"address": "a"}}]},
        lambda c: GraphCalendars(c).calendars(),
    ),
    "event-create": (EVENT, lambda c: GraphCalendars(c).create("", ENTRY)),
    "event-update": (EVENT, lambda c: GraphCalendars(c).update("e1", ENTRY)),
    "event-cancel": (EVENT, lambda c: GraphCalendars(c).cancel("e1", "")),
    "event-find": ({"value": [EVENT]}, lambda c: GraphCalendars(c).find("", "k")),
    "event-get": (EVENT, lambda c: GraphCalendars(c).get("e1")),
    "events": (
        {"value": [{**EVENT, "type": "seriesMaster"}, STUB], **PAGE},
        lambda c: GraphCalendars(c).changes("", "", *WINDOW),
    ),
    "schedules": (
        SCHEDULES,
        lambda c: GraphCalendars(c).schedules(["a@x.example", "b@x.example"], *WINDOW),
    ),
    "open": (MEETING, lambda c: GraphMeetings(c).open("k", "S", *WINDOW)),
    "lock": (MEETING, lambda c: GraphMeetings(c).lock("t1", NOW)),
    "attendance": ({"value": [REPORT]}, lambda c: GraphMeetings(c).attendance("t1")),
}
LISTS = ("find", "arrived", "calendars", "event-find", "events", "schedules", "attendance")

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "value", "content", "address", "x"]), inner)
    ),
    max_leaves=5,
)


@st.composite
def bent(draw: st.DrawFn, good: Any) -> Any:
    """A good answer with one or two places replaced, or left out."""
    body: Any = copy.deepcopy(good)
    for _ in range(draw(st.integers(1, 2))):
        places = list(_places(body))
        holder, name = draw(st.sampled_from(places)) if places else (None, None)
        if holder is None:
            continue
        if isinstance(holder, dict) and draw(st.booleans()):
            del holder[name]
        else:
            holder[name] = draw(anything)
    return body


def _places(body: Any) -> Iterator[tuple[Any, Any]]:
    names = list(body) if isinstance(body, dict) else range(len(body))
    for name in names:
        yield body, name
        if isinstance(body[name], (dict, list)):
            yield from _places(body[name])


@pytest.fixture(scope="module")
def spoken() -> Iterator[Speaking]:
    with scripted(Answer()) as script:
        speaker = Speaking(script, patience=Patience(connect=2, read=2, whole=5, tries=1))
        yield speaker
        speaker.client.close()


@pytest.mark.parametrize("name", CALLS)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_an_answer_of_another_shape_is_a_trouble_at_most(
    spoken: Speaking, name: str, data: st.DataObject
) -> None:
    good, call = CALLS[name]
    _set(spoken.script, data.draw(bent(good)))
    try:
        call(spoken.client)
    except RemoteTrouble as trouble:
        assert trouble.sentence


@pytest.mark.parametrize("name", CALLS)
def test_the_good_answer_is_taken(spoken: Speaking, name: str) -> None:
    good, call = CALLS[name]
    _set(spoken.script, good)
    call(spoken.client)


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("body", [{}, {"value": None}, {"value": {}}, {"login": "here"}, []])
def test_what_is_no_list_is_not_an_empty_one(name: str, body: Any) -> None:
    with speaking(Answer(200, body)) as graph, pytest.raises(Unreachable):
        CALLS[name][1](graph.client)


def _set(script: Script, body: Any) -> None:
    script.answers = [Answer(200, body)]
