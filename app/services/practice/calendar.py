"""The calendars of all people: made, changed, cancelled, and laid out over a window."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.services.practice import calendar_recurrence as recurrence
from app.services.practice.calendar_box import CalendarBox, Event, shape_of
from app.services.practice.calendar_shape import blank, occurrence_id, occurrence_of, write
from app.services.practice.calendar_zones import read_wall
from app.services.practice.errors import Refusal, bad, not_found
from app.services.practice.ground import Ground, stamp
from app.services.practice.meetings import MeetingRoom
from app.services.practice.people import People, User
from app.services.practice.state import Json

_KINDS = ("calendars", "calendar", "event-tomb", "event")
_KEPT_SHAPES = 5


@dataclass(frozen=True, slots=True)
class Placed:
    """Something in a window: an event, or the occurrence of its series on `day`."""

    event: Event
    starts: datetime
    ends: datetime
    day: date | None = None


class CalendarRoom:
    def __init__(self, ground: Ground, people: People, meetings: MeetingRoom) -> None:
        self.ground = ground
        self.people = people
        self.meetings = meetings
        self._boxes: dict[str, CalendarBox] = {}
        for kind in _KINDS:
            for key, body in ground.load(kind):
                oid, _, rest = key.partition("/")
                owner = people.find(oid)
                if owner is None:
                    continue
                if oid not in self._boxes:
                    self._boxes[oid] = CalendarBox(ground, owner)
                self._boxes[oid].take_kept(kind, rest, body)
        for box in self._boxes.values():
            box.ready()

    def box(self, owner: User) -> CalendarBox:
        box = self._boxes.get(owner.oid)
        if box is None:
            box = self._boxes[owner.oid] = CalendarBox(self.ground, owner)
            box.ready()
        return box

    def find(self, owner: User, event_id: str) -> tuple[Event, str]:
        """The event, or the series and the day of an occurrence. Raises Refusal 404."""
        box = self.box(owner)
        if (named := occurrence_of(event_id)) is not None:
            master = box.find(named[0])
            if master is None or master.recurrence is None:
                raise not_found()
            day = named[1]
            if (key := box.exceptions[master.key].get(day)) is not None:
                return box.events[key], ""
            if day in master.cancelled or not self._falls_on(master, day):
                raise not_found()
            return master, day
        event = box.find(event_id)
        if event is None:
            raise not_found()
        return event, ""

    def create(self, owner: User, values: Json, calendar_id: str = "") -> Event:
        """Once for each transactionId. Raises Refusal 400, or 409 if the switch says so."""
        box = self.box(owner)
        calendar = box.calendar(calendar_id)
        transaction = str(values.get("transactionId") or "")
        if transaction and (known := box.having("transactionId", transaction)):
            if self.ground.switches.repeated_transaction == "conflict":
                raise Refusal(
                    409,
                    "ErrorDuplicateTransactionId",
                    "Your request can't be completed. The TransactionId already exists.",
                )
            return known[0]
        if not values.get("start") or not values.get("end"):
            raise bad("ErrorPropertyValidationFailure", "An event needs a start and an end.")
        event = self._new(owner, calendar.id)
        if transaction:
            event.data["transactionId"] = transaction
        write(event, values)
        self._set_times(event, values)
        self._set_online(owner, event, values)
        box.put(event)
        return event

    def patch(self, owner: User, event_id: str, values: Json) -> Event:
        """Changing an occurrence makes an exception of it, which keeps its id. Nothing changed
        when this raises."""
        event, day = self.find(owner, event_id)
        box = self.box(owner)
        series = event if day else None
        if day:
            if values.get("recurrence"):
                raise bad("ErrorInvalidRecurrence", "An occurrence has no recurrence of its own.")
            event = self._exception(owner, event, day)
        before = shape_of(event)
        event = event.copy()
        write(event, values)
        self._set_times(event, values)
        if event.master:
            self._check_neighbours(box, event)
        if event.recurrence is not None and before["recurrence"] and before != shape_of(event):
            event.before = [*event.before, before][-_KEPT_SHAPES:]
            for key in list(box.exceptions.pop(event.key, {}).values()):
                box.drop(box.events[key])
            event.cancelled = []
        self._set_online(owner, event, values)
        box.put(event)
        if series is not None:
            box.put(series)  # it has an occurrence less
        return event

    def delete(self, owner: User, event_id: str) -> None:
        """An event, a series, or one occurrence of it."""
        event, day = self.find(owner, event_id)
        box = self.box(owner)
        day = day or event.day
        if event.master:
            master = box.events[event.master]
            box.drop(event)
            event = master
        if day:
            event.cancelled.append(day)
            box.put(event)
        else:
            box.drop(event)

    def cancel(self, owner: User, event_id: str) -> None:
        """For the organizer only. Raises Refusal 400."""
        event, _ = self.find(owner, event_id)
        if not event.data["isOrganizer"]:
            raise bad(
                "ErrorInvalidRequest",
                "Your request can't be completed. You need to be an organizer to cancel a meeting.",
            )
        self.delete(owner, event_id)

    # Windows

    def placed(
        self, box: CalendarBox, event: Event, begin: datetime, end: datetime
    ) -> Iterator[Placed]:
        """Where `event` lies in the window: a series on each of its days that is left."""
        if event.recurrence is None:
            if event.touches(begin, end):
                yield Placed(event, event.starts, event.ends)
            return
        out = {*event.cancelled, *box.exceptions.get(event.key, {})}
        for day, starts, ends in recurrence.spans(
            event.recurrence, event.starts, event.length, begin, end
        ):
            if day.isoformat() not in out:
                yield Placed(event, starts, ends, day)

    def laid_out(
        self, box: CalendarBox, calendar_id: str, begin: datetime, end: datetime
    ) -> list[Placed]:
        found = [
            each
            for event in box.within(calendar_id)
            for each in self.placed(box, event, begin, end)
        ]
        return sorted(found, key=lambda each: (each.starts, each.ends, each.event.key))

    # Inside

    def _new(self, owner: User, calendar_id: str) -> Event:
        now = stamp(self.ground.now())
        uid = "040000008200E00074C5B7101A82E008" + self.ground.guid().replace("-", "").upper()
        return Event(
            f"e{self.ground.serial()}",
            self.ground.outlook_id(),
            self.ground.outlook_id(immutable=True),
            calendar_id,
            0,
            uid,
            blank(owner, now),
            "",
            "",
            "UTC",
        )

    def _set_times(self, event: Event, values: Json) -> None:
        if values.get("start") or values.get("end"):
            start, end = values.get("start"), values.get("end")
            starts = read_wall(start) if start else event.starts
            ends = read_wall(end) if end else event.ends
            if start:
                event.zone = str(start.get("timeZone") or "UTC")
            if end:
                event.end_zone = str(end.get("timeZone") or "UTC")
            inside = ends.astimezone(starts.tzinfo)
            event.timed(starts, inside)
            if ends.astimezone(UTC) < starts.astimezone(UTC):
                raise bad(
                    "ErrorPropertyValidationFailure",
                    "At least one property failed validation: the end is before the start.",
                )
        if "isAllDay" in values:
            event.data["isAllDay"] = bool(values["isAllDay"])
        if event.data["isAllDay"] and not (_midnight(event.starts) and _midnight(event.ends)):
            raise bad(
                "ErrorInvalidRequest",
                "The Event.Start and Event.End properties of an all-day event must be midnight.",
            )
        if "recurrence" in values:
            self._set_recurrence(event, values["recurrence"])
        elif event.recurrence is not None and values.get("start"):
            range_ = event.recurrence["range"] | {"startDate": event.starts.date().isoformat()}
            event.recurrence = event.recurrence | {"range": range_}

    def _set_recurrence(self, event: Event, wanted: Json | None) -> None:
        if wanted is None:
            event.recurrence = None
            return
        event.recurrence = recurrence.normal(wanted, event.starts, event.zone)
        first = recurrence.first_day(event.recurrence, event.starts)
        starts = datetime.combine(first, event.starts.time())
        event.timed(starts, starts + event.length)

    def _set_online(self, owner: User, event: Event, values: Json) -> None:
        """An online event has a meeting of its own, and stays online."""
        changes_body = "body" in values and self.ground.switches.drop_link
        wanted = values.get("isOnlineMeeting") and not event.data["isOnlineMeeting"]
        if not wanted and not (event.data["isOnlineMeeting"] and changes_body):
            return
        meeting = self.meetings.create(
            owner,
            {
                "subject": event.data["subject"],
                "startDateTime": stamp(event.starts),
                "endDateTime": stamp(event.ends),
            },
        )
        event.data |= {
            "isOnlineMeeting": True,
            "onlineMeetingProvider": "teamsForBusiness",
            "onlineMeeting": self.meetings.as_event_link(meeting),
        }

    def _exception(self, owner: User, master: Event, day: str) -> Event:
        event = self._new(owner, master.calendar)
        kept = event.data
        event.data = {**master.data, "createdDateTime": kept["createdDateTime"]}
        event.data.pop("transactionId", None)
        date_of = date.fromisoformat(day)
        event.uid = master.uid + date_of.strftime("%Y%m%d")
        event.zone, event.end_zone = master.zone, master.end_zone
        event.master, event.day = master.key, day
        event.id = occurrence_id(master.id, date_of)
        event.immutable_id = occurrence_id(master.immutable_id, date_of)
        starts = datetime.combine(date_of, master.starts.time())
        event.timed(starts, starts + master.length)
        return event

    def _falls_on(self, master: Event, day: str) -> bool:
        assert master.recurrence is not None
        try:
            wanted = date.fromisoformat(day)
        except ValueError:
            return False
        return wanted in recurrence.days(master.recurrence, master.starts, wanted, wanted)

    def _check_neighbours(self, box: CalendarBox, event: Event) -> None:
        master = box.events[event.master]
        assert master.recurrence is not None
        day = date.fromisoformat(event.day)
        reach = timedelta(days=400)
        near = list(recurrence.days(master.recurrence, master.starts, day - reach, day + reach))
        at = near.index(day)
        before = near[at - 1] if at > 0 else None
        after = near[at + 1] if at + 1 < len(near) else None
        moved = event.starts.astimezone(master.starts.tzinfo).date()
        if (before and moved <= before) or (after and moved >= after):
            raise bad(
                "ErrorOccurrenceCrossingBoundary",
                "Modified occurrence is crossing or overlapping adjacent occurrence.",
            )


def occurrence_on(master: Event, day: str) -> tuple[date, datetime, datetime]:
    """The day, and the moments of the occurrence that begins on it."""
    found = date.fromisoformat(day)
    begins = datetime.combine(found, master.starts.time(), master.starts.tzinfo)
    ends = (begins.replace(tzinfo=None) + master.length).replace(tzinfo=begins.tzinfo)
    return found, begins.astimezone(UTC), ends.astimezone(UTC)


def _midnight(when: datetime) -> bool:
    assert isinstance(when.tzinfo, ZoneInfo)
    return (when.hour, when.minute, when.second) == (0, 0, 0)
