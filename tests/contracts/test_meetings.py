"""What every implementation of `ports.meetings.Meetings` promises."""

from __future__ import annotations

import pytest

from app.services.ports.meetings import Attendance, Meeting
from app.services.ports.trouble import Gone, Refused, Throttled, Unclear
from tests.contracts.worlds import HOUR, NOW, Break, MeetingWorld

OUTAGE = "0f6c2d1e-OUT-0042"


def opened(world: MeetingWorld, external_id: str = OUTAGE) -> Meeting:
    return world.meetings.open(external_id, "OUT-0042 bridge", NOW, NOW + 4 * HOUR)


def test_a_bridge_has_a_link_and_its_times(meeting_world: MeetingWorld) -> None:
    meeting = opened(meeting_world)
    assert meeting.join_link.startswith("https://")
    assert (meeting.subject, meeting.external_id) == ("OUT-0042 bridge", OUTAGE)
    assert (meeting.start, meeting.end) == (NOW, NOW + 4 * HOUR)
    assert meeting_world.meetings.get(meeting.id).join_link == meeting.join_link


def test_opened_twice_it_is_one_bridge(meeting_world: MeetingWorld) -> None:
    assert opened(meeting_world).id == opened(meeting_world).id


def test_another_outage_gets_another_bridge(meeting_world: MeetingWorld) -> None:
    assert opened(meeting_world).join_link != opened(meeting_world, "another").join_link


def test_a_lost_answer_is_made_good_by_opening_again(meeting_world: MeetingWorld) -> None:
    meeting_world.breaks("open", Break.AFTER)
    with pytest.raises(Unclear):
        opened(meeting_world)
    assert opened(meeting_world).id == opened(meeting_world).id


def test_too_much_at_once_is_said(meeting_world: MeetingWorld) -> None:
    meeting_world.breaks("open", Break.THROTTLED)
    with pytest.raises(Throttled):
        opened(meeting_world)


def test_dial_in_is_a_number_and_an_id(meeting_world: MeetingWorld) -> None:
    assert "conference ID" in opened(meeting_world).dial_in


def test_without_a_licence_no_dial_in_is_made_up(meeting_world: MeetingWorld) -> None:
    meeting_world.licensed(False)
    assert opened(meeting_world).dial_in == ""


def test_a_locked_bridge_lets_nobody_new_in(meeting_world: MeetingWorld) -> None:
    meeting = opened(meeting_world)
    assert meeting.lobby != "organizer"
    locked = meeting_world.meetings.lock(meeting.id, NOW + 2 * HOUR)
    assert (locked.lobby, locked.start, locked.end) == ("organizer", NOW, NOW + 2 * HOUR)
    assert meeting_world.meetings.get(meeting.id) == locked


def test_a_bridge_may_be_locked_twice_and_before_it_began(meeting_world: MeetingWorld) -> None:
    meeting = opened(meeting_world)
    for _ in range(2):
        locked = meeting_world.meetings.lock(meeting.id, NOW - HOUR)
        assert (locked.lobby, locked.end) == ("organizer", meeting.end)


def test_a_lost_answer_to_a_lock_is_unclear(meeting_world: MeetingWorld) -> None:
    meeting = opened(meeting_world)
    meeting_world.breaks("lock", Break.AFTER)
    with pytest.raises(Unclear):
        meeting_world.meetings.lock(meeting.id, NOW + HOUR)
    assert meeting_world.meetings.get(meeting.id).lobby == "organizer"


def test_a_deleted_bridge_is_gone(meeting_world: MeetingWorld) -> None:
    meeting = opened(meeting_world)
    meeting_world.delete(meeting.id)
    with pytest.raises(Gone):
        meeting_world.meetings.get(meeting.id)
    with pytest.raises(Gone):
        meeting_world.meetings.lock(meeting.id, NOW + HOUR)


def test_no_report_before_it_ended_then_the_latest(meeting_world: MeetingWorld) -> None:
    meeting = opened(meeting_world)
    assert meeting_world.meetings.attendance(meeting.id) is None
    meeting_world.held(meeting.id, NOW, NOW + HOUR, 3)
    meeting_world.held(meeting.id, NOW + HOUR, NOW + 4 * HOUR, 11)
    seen = meeting_world.meetings.attendance(meeting.id)
    assert seen == Attendance(NOW + HOUR, NOW + 4 * HOUR, 11)


def test_reports_that_may_not_be_read_are_refused(meeting_world: MeetingWorld) -> None:
    meeting = opened(meeting_world)
    meeting_world.hide_reports()
    with pytest.raises(Refused):
        meeting_world.meetings.attendance(meeting.id)
