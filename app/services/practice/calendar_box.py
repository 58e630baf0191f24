"""One person's calendars and events, and the indexes over them."""

from __future__ import annotations

from collections import defaultdict
from copy import deepcopy
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property

from app.services.practice import calendar_recurrence as recurrence
from app.services.practice.calendar_zones import zone
from app.services.practice.errors import Refusal, not_found
from app.services.practice.ground import Ground, stamp
from app.services.practice.history import History
from app.services.practice.people import User
from app.services.practice.state import Json


@dataclass(slots=True)
class Calendar:
    id: str
    name: str
    is_default: bool = False
    color: str = "auto"
    can_edit: bool = True


@dataclass
class Event:
    """`data` holds what Graph shows, except ids and times. `start` and `end` are wall times in
    `zone`. An exception names its `master` and the `day` it stands for; a master keeps the days
    that were `cancelled`, and the shapes its series had `before` (for those who still know
    occurrences of them)."""

    key: str
    id: str
    immutable_id: str
    calendar: str
    number: int
    uid: str
    data: Json
    start: str
    end: str
    zone: str
    end_zone: str = ""
    recurrence: Json | None = None
    master: str = ""
    day: str = ""
    cancelled: list[str] = field(default_factory=list)
    before: list[Json] = field(default_factory=list)
    properties: dict[str, str] = field(default_factory=dict)

    @cached_property
    def starts(self) -> datetime:
        """Aware, in its own zone."""
        return datetime.fromisoformat(self.start).replace(tzinfo=zone(self.zone))

    @cached_property
    def ends(self) -> datetime:
        return datetime.fromisoformat(self.end).replace(tzinfo=zone(self.zone))

    @property
    def length(self) -> timedelta:
        """On the wall."""
        return datetime.fromisoformat(self.end) - datetime.fromisoformat(self.start)

    def timed(self, starts: datetime, ends: datetime) -> None:
        """Both in the event's zone."""
        self.start = starts.replace(tzinfo=None).isoformat()
        self.end = ends.replace(tzinfo=None).isoformat()
        for name in ("starts", "ends"):
            self.__dict__.pop(name, None)

    def copy(self) -> Event:
        return replace(
            self,
            data=deepcopy(self.data),
            cancelled=[*self.cancelled],
            before=[*self.before],
            properties=dict(self.properties),
        )

    @property
    def kind(self) -> str:
        if self.recurrence is not None:
            return "seriesMaster"
        return "exception" if self.master else "singleInstance"

    def touches(self, begin: datetime, end: datetime) -> bool:
        """For what happens once. An event without length touches where it stands."""
        return self.starts < end and (self.ends > begin or self.starts >= begin)

    def shown_id(self, immutable: bool) -> str:
        return self.immutable_id if immutable else self.id

    def etag(self) -> str:
        return f'W/"{self.data["changeKey"]}"'


class CalendarBox:
    """Every change of an event goes through `put` or `drop`."""

    def __init__(self, ground: Ground, owner: User) -> None:
        self._ground = ground
        self.owner = owner
        self.calendars: dict[str, Calendar] = {}
        self.events: dict[str, Event] = {}
        self.history = History(ground, "event", owner.oid)
        self.exceptions: dict[str, dict[str, str]] = defaultdict(dict)
        self._by_id: dict[str, str] = {}
        self._index: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
        self._filed: dict[str, tuple[tuple[str, ...], tuple[tuple[str, str], ...]]] = {}

    def add_calendar(self, name: str, color: str = "auto", *, is_default: bool = False) -> Calendar:
        if any(each.name.casefold() == name.casefold() for each in self.calendars.values()):
            raise Refusal(
                409, "ErrorFolderExists", "A folder with the specified name already exists."
            )
        calendar = Calendar(self._ground.outlook_id(), name, is_default, color)
        self.calendars[calendar.id] = calendar
        self._ground.put("calendar", self._key(calendar.id), lambda: asdict(calendar))
        return calendar

    def calendar(self, calendar_id: str = "") -> Calendar:
        """The default one without an id. Raises Refusal 404."""
        if not calendar_id:
            return next(each for each in self.calendars.values() if each.is_default)
        found = self.calendars.get(calendar_id)
        if found is None:
            raise not_found()
        return found

    def find(self, event_id: str) -> Event | None:
        """By id or immutable id; not for occurrences, which are nowhere kept."""
        key = self._by_id.get(event_id)
        return self.events[key] if key is not None else None

    def within(self, calendar_id: str) -> list[Event]:
        return [self.events[key] for key in self._index.get(("calendar", calendar_id), {})]

    def having(self, kind: str, value: str) -> list[Event]:
        """By `transactionId`, `iCalUId`, or an extended property's id."""
        return [self.events[key] for key in self._index.get((kind, value.casefold()), {})]

    def put(self, event: Event) -> None:
        if event.key in self._filed:
            self._unindex(event.key)
        event.number = self.history.changed(event.calendar, event.key, event.id)
        event.data["lastModifiedDateTime"] = stamp(self._ground.now())
        event.data["changeKey"] = self._ground.change_key(event.number)
        self.events[event.key] = event
        self._take(event)
        self._ground.put("event", self._key(event.key), lambda: asdict(event))

    def drop(self, event: Event) -> None:
        """Gone, and a series with all its exceptions; its occurrences can still be told."""
        for key in list(self.exceptions.pop(event.key, {}).values()):
            self.drop(self.events[key])
        shape = {
            "id": event.id,
            "immutable_id": event.immutable_id,
            "shapes": [*event.before, shape_of(event)] if event.recurrence else [],
        }
        self.history.removed(event.calendar, event.key, shape)
        self._unindex(event.key)
        del self.events[event.key]
        if event.master:
            self.exceptions[event.master].pop(event.day, None)
        self._ground.drop("event", self._key(event.key))

    def forget_state(self) -> None:
        """All delta tokens given so far are void."""
        self.history.generation += 1
        generation = self.history.generation
        self._ground.put("calendars", self.owner.oid, lambda: {"generation": generation})

    def take_kept(self, kind: str, key: str, body: Json) -> None:
        if kind == "calendar":
            self.calendars[key] = Calendar(**body)
        elif kind == "calendars":
            self.history.generation = body["generation"]
        elif kind == "event-tomb":
            self.history.take_kept(body)
        elif kind == "event":
            event = Event(**body)
            self.events[event.key] = event
            self._take(event)

    def ready(self) -> None:
        if not any(each.is_default for each in self.calendars.values()):
            self.add_calendar("Calendar", is_default=True)
        events = self.events.values()
        self.history.ready((each.number, each.calendar, each.key) for each in events)

    def _key(self, key: str) -> str:
        return f"{self.owner.oid}/{key}"

    def _take(self, event: Event) -> None:
        entries = [
            ("calendar", event.calendar),
            ("iCalUId", event.uid.casefold()),
            *((name, value.casefold()) for name, value in event.properties.items()),
        ]
        if transaction := event.data.get("transactionId"):
            entries.append(("transactionId", str(transaction).casefold()))
        ids = (event.id, event.immutable_id)
        for name in ids:
            self._by_id[name] = event.key
        for entry in entries:
            self._index[entry][event.key] = None
        if event.master:
            self.exceptions[event.master][event.day] = event.key
        self._filed[event.key] = (ids, tuple(entries))

    def _unindex(self, key: str) -> None:
        ids, entries = self._filed.pop(key)
        for name in ids:
            del self._by_id[name]
        for entry in entries:
            del self._index[entry][key]
            if not self._index[entry]:
                del self._index[entry]


def shape_of(event: Event) -> Json:
    """What is needed to say again on which days a series falls."""
    return {
        "start": event.start,
        "end": event.end,
        "zone": event.zone,
        "recurrence": event.recurrence,
    }


def days_of(shape: Json, begin: datetime, end: datetime) -> set[str]:
    starts = datetime.fromisoformat(shape["start"]).replace(tzinfo=zone(shape["zone"]))
    length = datetime.fromisoformat(shape["end"]) - datetime.fromisoformat(shape["start"])
    found = recurrence.spans(shape["recurrence"], starts, length, begin, end)
    return {day.isoformat() for day, _, _ in found}
