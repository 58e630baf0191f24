"""Online meetings: made, locked, joined, ended by their organizer, and deleted in vain."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from urllib.parse import quote

from app.services.practice.errors import Refusal, bad
from app.services.practice.ground import Ground, moment, stamp
from app.services.practice.people import User
from app.services.practice.state import Json

_FIXED = ("externalId", "participants", "joinMeetingIdSettings", "chatInfo")
_OWN = frozenset(
    ("id", "audioConferencing", "creationDateTime", "joinWebUrl", "joinInformation", "chatInfo")
)


@dataclass(slots=True)
class Meeting:
    """`deleted`: gone for Graph, though its link still opens. `began`: somebody is inside since
    then; `people`: how many came in this session."""

    id: str
    owner: str
    data: Json
    thread: str
    deleted: bool = False
    began: str = ""
    people: int = 0
    reports: list[Json] = field(default_factory=list)

    @property
    def link(self) -> str:
        """Below the address where meetings are joined."""
        return f"/l/meetup-join/{quote(self.thread, safe='')}/0"


class MeetingRoom:
    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._meetings: dict[str, Meeting] = {}
        self._by_external: dict[tuple[str, str], str] = {}
        self._by_thread: dict[str, str] = {}
        self._of: dict[str, list[str]] = defaultdict(list)
        for _, body in ground.load("meeting"):
            self._take(Meeting(**body))

    def create(self, owner: User, values: Json) -> Meeting:
        """Raises Refusal 400 for an end without a start or before it."""
        now = self._ground.now()
        start, end = values.get("startDateTime"), values.get("endDateTime")
        if end and not start:
            raise bad("BadRequest", "The endDateTime needs a startDateTime.")
        starts = moment(start) if start else now
        ends = moment(end) if end else starts + timedelta(hours=1)
        if ends < starts:
            raise bad("BadRequest", "The endDateTime is before the startDateTime.")
        guid = self._ground.guid()
        thread = f"19:meeting_{guid.replace('-', '')}@thread.v2"
        number = int(guid[:8], 16) % 10**9
        data: Json = {
            "creationDateTime": stamp(now),
            "subject": None,
            "externalId": None,
            "isBroadcast": False,
            "isEntryExitAnnounced": False,
            "recordAutomatically": False,
            "allowedPresenters": "everyone",
            "allowMeetingChat": "enabled",
            "allowTeamworkReactions": True,
            "allowAttendeeToEnableMic": True,
            "allowAttendeeToEnableCamera": True,
            "lobbyBypassSettings": {"scope": "organization", "isDialInBypassEnabled": False},
            "joinMeetingIdSettings": {
                "isPasscodeRequired": True,
                "joinMeetingId": f"{number:09d}{number % 9000:04d}",
                "passcode": guid[-6:],
            },
            "videoTeleconferenceId": None,
            **{k: v for k, v in values.items() if v is not None and k not in _OWN},
            "startDateTime": stamp(starts),
            "endDateTime": stamp(ends),
            "audioConferencing": self._dial_in(number),
            "chatInfo": {"threadId": thread, "messageId": "0", "replyChainMessageId": None},
            "participants": {
                "organizer": {
                    "upn": owner.email,
                    "role": "presenter",
                    "identity": {"user": {"id": owner.oid, "displayName": owner.name}},
                },
                "attendees": (values.get("participants") or {}).get("attendees") or [],
            },
        }
        name = f"1*{owner.oid}*0**{thread}"
        meeting = Meeting(name, owner.oid, data, thread)
        self._take(meeting)
        self._keep(meeting)
        return meeting

    def create_or_get(self, owner: User, values: Json) -> tuple[Meeting, bool]:
        """One meeting for each externalId; whether it is new."""
        key = self._by_external.get((owner.oid, values["externalId"]))
        if key is not None and not self._meetings[key].deleted:
            return self._meetings[key], False
        return self.create(owner, values), True

    def find(self, owner: User, meeting_id: str) -> Meeting:
        """Raises Refusal 404 for what is not there, or is somebody else's."""
        meeting = self._meetings.get(meeting_id)
        if meeting is None or meeting.deleted or meeting.owner != owner.oid:
            raise Refusal(404, "NotFound", f"Invalid meeting id {meeting_id}.")
        return meeting

    def of(self, owner: User) -> list[Meeting]:
        found = (self._meetings[each] for each in self._of[owner.oid])
        return [each for each in found if not each.deleted]

    def patch(self, owner: User, meeting_id: str, values: Json) -> Meeting:
        """Raises Refusal 400: start and end come together, the organizer stays."""
        meeting = self.find(owner, meeting_id)
        if ("startDateTime" in values) != ("endDateTime" in values):
            raise bad("BadRequest", "startDateTime and endDateTime must be given together.")
        if "startDateTime" in values:
            starts, ends = moment(values["startDateTime"]), moment(values["endDateTime"])
            if ends < starts:
                raise bad("BadRequest", "The endDateTime is before the startDateTime.")
            values = values | {"startDateTime": stamp(starts), "endDateTime": stamp(ends)}
        for name, value in values.items():
            if name == "participants":
                meeting.data[name] = {
                    **meeting.data[name],
                    "attendees": (value or {}).get("attendees") or [],
                }
            elif name == "lobbyBypassSettings":
                meeting.data[name] = {**meeting.data[name], **(value or {})}
            elif name not in _OWN and name not in _FIXED and not name.startswith("@"):
                meeting.data[name] = value
        self._keep(meeting)
        return meeting

    def delete(self, owner: User, meeting_id: str) -> None:
        """The object is gone; the link lives on."""
        meeting = self.find(owner, meeting_id)
        meeting.deleted = True
        self._keep(meeting)

    # What happens in the meeting itself

    def by_id(self, meeting_id: str) -> Meeting:
        """Also one that is deleted. Raises KeyError."""
        return self._meetings[meeting_id]

    def by_thread(self, thread: str) -> Meeting | None:
        key = self._by_thread.get(thread)
        return self._meetings[key] if key is not None else None

    def opened(self, meeting: Meeting) -> None:
        """Somebody opened the link: a deleted meeting is there again."""
        if meeting.deleted:
            meeting.deleted = False
            self._keep(meeting)

    def joined(self, meeting: Meeting, count: int = 1) -> int:
        """`count` people want to come in; how many need not wait in the lobby."""
        self.opened(meeting)
        if meeting.data["lobbyBypassSettings"]["scope"] == "organizer":
            return 0
        meeting.began = meeting.began or stamp(self._ground.now())
        meeting.people += count
        self._keep(meeting)
        return count

    def ended(self, meeting: Meeting) -> Json | None:
        """The organizer ends it for everybody: now there is a report, if anybody was inside."""
        if not meeting.began:
            return None
        report = {
            "id": self._ground.guid(),
            "meetingStartDateTime": meeting.began,
            "meetingEndDateTime": stamp(self._ground.now()),
            "totalParticipantCount": meeting.people,
        }
        meeting.reports.append(report)
        meeting.began, meeting.people = "", 0
        self._keep(meeting)
        return report

    def as_event_link(self, meeting: Meeting) -> Json:
        """The meeting as an event carries it; `joinUrl` below the address of the pages."""
        audio = meeting.data["audioConferencing"] or {}
        return {
            "joinUrl": meeting.link,
            "conferenceId": audio.get("conferenceId"),
            "tollNumber": audio.get("tollNumber"),
        }

    def _dial_in(self, number: int) -> Json | None:
        if not self._ground.switches.audio_licence:
            return None
        toll, free = "+1 212 555 0142", "+1 800 555 0142"
        return {
            "conferenceId": f"{number:09d}",
            "tollNumber": toll,
            "tollFreeNumber": free,
            "tollNumbers": [toll],
            "tollFreeNumbers": [free],
            "dialinUrl": f"https://dialin.example/{number:09d}",
        }

    def _take(self, meeting: Meeting) -> None:
        self._meetings[meeting.id] = meeting
        self._by_thread[meeting.thread] = meeting.id
        if meeting.id not in self._of[meeting.owner]:
            self._of[meeting.owner].append(meeting.id)
        if external := meeting.data["externalId"]:
            self._by_external[meeting.owner, external] = meeting.id

    def _keep(self, meeting: Meeting) -> None:
        self._ground.put("meeting", meeting.id, lambda: asdict(meeting))


def shown(meeting: Meeting, base: str) -> Json:
    link = f"{base}{meeting.link}"
    page = quote(f"<p>Join the meeting: {link}</p>")
    return {
        "id": meeting.id,
        **meeting.data,
        "joinWebUrl": link,
        "joinInformation": {"content": f"data:text/html,{page}", "contentType": "html"},
        "meetingOptionsWebUrl": f"{base}/meetingOptions/{quote(meeting.thread, safe='')}",
    }
