"""The report's picture: bars inside the drawing, on one scale."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from app.models.reports.after_action import AfterAction, NoticeLine, StepLine
from app.models.reports.timeline import LABELS, WIDTH, pictures
from app.models.times import Window, parse_wall

T0 = datetime(2025, 1, 11, 0, 0, tzinfo=UTC)
WINDOW = Window.of(
    parse_wall("2025-01-10 19:00"), parse_wall("2025-01-10 22:00"), "America/New_York"
)


def at(minutes: float) -> datetime:
    return T0 + timedelta(minutes=minutes)


def flown(*steps: StepLine) -> AfterAction:
    return AfterAction("OUT-1", "t", "Complete", WINDOW, at(0), steps=steps)


moments = st.none() | st.integers(-60_000, 60_000).map(at)
lines = st.builds(
    StepLine,
    code=st.just("1"),
    title=st.text(max_size=60),
    planned=moments,
    minutes=st.none() | st.integers(0, 3000),
    started=moments,
    finished=moments,
)


@settings(max_examples=150, deadline=None)
@given(st.lists(lines, max_size=70), moments)
def test_every_bar_tick_and_note_lies_inside_the_picture(
    steps: list[StepLine], ended: datetime | None
) -> None:
    drawn = pictures(replace(flown(*steps), ended=ended))
    assert sum(len(p.rows) for p in drawn) == sum(bool(s.planned or s.started) for s in steps)
    for picture in drawn:
        bars = [bar for row in picture.rows for bar in (row.planned, row.actual) if bar]
        for bar in [*bars, picture.window]:
            assert bar.x >= LABELS and bar.width > 0 and bar.x + bar.width <= WIDTH
        assert all(LABELS <= tick.x <= WIDTH for tick in picture.ticks)
        assert 0 < len(picture.ticks) <= 12


def test_the_scale_shows_round_times_of_the_window() -> None:
    (picture,) = pictures(flown(StepLine("7", "Drain", planned=at(0), minutes=10, started=at(1))))
    assert [t.label for t in picture.ticks] == [
        "19:00", "19:30", "20:00", "20:30", "21:00", "21:30", "22:00",
    ]  # fmt: skip


def test_what_is_wrapped_up_days_later_does_not_squeeze_the_night() -> None:
    late = StepLine("16", "Monitoring", planned=at(170), minutes=5, started=at(2500))
    report = replace(flown(StepLine("7", "Drain", planned=at(0), minutes=10), late), ended=at(170))
    (picture,) = pictures(report)
    assert picture.ticks[-1].label == "22:00"
    assert picture.rows[1].planned is not None and picture.rows[1].actual is None


def test_a_step_that_ended_late_says_so() -> None:
    late = StepLine("7", "Drain", planned=at(0), minutes=10, started=at(0), finished=at(12))
    assert pictures(flown(late))[0].rows[0].late
    assert late.deviation_words == "+2 min"
    assert late.took_words == "12 min"


def test_a_note_never_lies_on_a_bar() -> None:
    evening = [
        StepLine("7", "Drain", "", "", at(p), 10, at(p + 60), at(p + 75)) for p in range(0, 160, 10)
    ]
    for row in (row for picture in pictures(flown(*evening)) for row in picture.rows):
        left = row.note_x - 100 if row.note_left else row.note_x
        for bar in (row.planned, row.actual):
            assert bar is None or bar.x >= left + 100 or bar.x + bar.width <= left


def test_seconds_are_no_deviation() -> None:
    near = StepLine("7", "Drain", planned=at(0), minutes=10, started=at(0), finished=at(10.5))
    assert near.deviation_words == "as planned" and not pictures(flown(near))[0].rows[0].late


def test_a_flight_without_times_has_no_picture() -> None:
    assert pictures(flown(StepLine("7", "Drain"))) == []


def test_a_notice_tells_its_lead_and_whether_it_was_kept() -> None:
    early = NoticeLine("Planned", "all", due=at(-14400), sent=at(-14500))
    assert early.lead_words(T0) == "10 days before the start" and early.kept_words == "in time"
    late = NoticeLine("Started", "all", due=at(0), sent=at(20), latest=at(15))
    assert late.lead_words(T0) == "20 min after the start" and late.kept_words == "5 min too late"
    within = NoticeLine("Started", "all", due=at(0), sent=at(5), latest=at(15))
    assert within.kept_words == "in time, 5 min after due"
    assert NoticeLine("Extended", "all", due=at(0)).kept_words == "not sent"
