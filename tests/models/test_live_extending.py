"""Which later end to propose, and what it does to rest and to the morning."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.models.calendar.hours import parse_hours
from app.models.live.extending import LEAST, next_use, proposed_end, rest_after
from app.models.live.margin import Margin

NOW = datetime(2025, 1, 11, 1, 0, tzinfo=UTC)
REST = timedelta(hours=11)
NEW_YORK = "America/New_York"
minutes = st.integers(-300, 300).map(lambda m: NOW + timedelta(minutes=m))
later = st.integers(0, 300).map(lambda m: NOW + timedelta(minutes=m))


@given(minutes, later, later)
def test_a_proposed_end_is_later_than_promised_and_kept_four_times_of_five(
    promised: datetime, likely: datetime, high: datetime
) -> None:
    made = Margin(promised, NOW, likely, max(likely, high))
    end = proposed_end(made, NOW)
    assert end >= made.high and end >= promised + LEAST and end > NOW
    assert end.minute % 5 == 0 and end.second == 0
    assert end - max(made.high, promised + LEAST, NOW + LEAST) < timedelta(minutes=5)


def test_the_last_to_go_is_named_first_and_rests_from_the_new_end() -> None:
    end = NOW + timedelta(hours=2)
    free = [("Ito", NOW), ("Lindqvist", end + timedelta(minutes=20))]
    made = rest_after(free, end, REST)
    assert [each.name for each in made] == ["Lindqvist", "Ito"]
    assert made[0].by == end + timedelta(minutes=20) + REST
    assert made[1].by == end + REST


@given(st.lists(st.tuples(st.text(max_size=3), minutes), max_size=6), later)
def test_nobody_is_promised_less_rest_than_agreed(
    free: list[tuple[str, datetime]], end: datetime
) -> None:
    made = rest_after(free, end, REST)
    assert len(made) == len(free)
    assert all(each.by - max(each.free_at, end) == REST for each in made)


def test_the_morning_after_is_told_when_people_use_it_again() -> None:
    hours = parse_hours("Mon-Sat 07:00-18:00")
    end = datetime(2025, 1, 11, 3, 0, tzinfo=UTC)  # Friday 22:00 in New York
    assert next_use(hours, end, NEW_YORK) == datetime(2025, 1, 11, 12, 0, tzinfo=UTC)


def test_after_the_last_day_of_the_week_there_is_no_morning() -> None:
    hours = parse_hours("Mon-Fri 07:00-18:00")
    end = datetime(2025, 1, 11, 3, 0, tzinfo=UTC)
    assert next_use(hours, end, NEW_YORK) is None
    assert next_use((), end, NEW_YORK) is None


def test_inside_its_hours_it_is_used_at_once() -> None:
    hours = parse_hours("Fri 20:00-04:00")
    end = datetime(2025, 1, 11, 5, 0, tzinfo=UTC)  # Saturday 00:00, in Friday's night shift
    assert next_use(hours, end, NEW_YORK) == end


@given(st.sampled_from(["always", "daily 06:00-22:00", "Mon-Fri 22:00-06:00"]), minutes)
def test_the_next_use_is_never_before_the_end(hours: str, end: datetime) -> None:
    found = next_use(parse_hours(hours), end, NEW_YORK)
    assert found is None or end <= found <= end + timedelta(hours=14)
