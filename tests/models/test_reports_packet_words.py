"""The packet's words: times, deputies, asides."""

from __future__ import annotations

from datetime import UTC, datetime

from app.models.reports.packet import (
    Contact,
    DecisionRow,
    NoticeText,
    PacketData,
    Paper,
    StepRow,
    paper_of,
)
from app.models.times import Window, parse_wall


def packet(zone: str = "America/New_York") -> PacketData:
    return PacketData(
        title="File cluster firmware",
        code="OUT-2025-004",
        revision=7,
        printed_at=datetime(2025, 1, 10, 20, 4, tzinfo=UTC),
        window=Window.of(parse_wall("2025-01-10 19:00"), parse_wall("2025-01-11 01:00"), zone),
        bridge="",
        coordinator=Contact("M. Okafor", "555 0101"),
    )


def test_a_window_is_told_in_its_own_zone_and_in_utc() -> None:
    assert packet().window_local == "Fri 10 Jan 19:00–Sat 11 Jan 01:00 EST"
    assert packet().window_utc == "Sat 11 Jan 00:00–06:00 UTC"


def test_a_window_in_utc_is_told_once() -> None:
    assert packet("UTC").window_utc == ""


def test_the_print_time_carries_its_year() -> None:
    assert packet().printed_words == "Fri 10 Jan 2025 15:04 EST"


def test_a_time_after_midnight_names_its_day() -> None:
    assert packet().clock(datetime(2025, 1, 11, 0, 10, tzinfo=UTC)) == "19:10"
    assert packet().clock(datetime(2025, 1, 11, 5, 40, tzinfo=UTC)) == "Sat 00:40"


def test_a_time_weeks_away_names_its_date() -> None:
    assert packet().clock(datetime(2024, 12, 20, 15, 0, tzinfo=UTC)) == "Fri 20 Dec 10:00"


def test_a_decision_names_the_deputy_the_wait_and_what_then() -> None:
    row = DecisionRow(
        "Extend", Contact("Chief", "555 0110"), Contact("Ana", "555 0111"), 10, "stop"
    )
    assert row.who_words == "Chief 555\u00a00110 · deputy Ana 555\u00a00111"
    assert row.wait_words == "wait 10 min, then stop"


def test_no_line_of_paper_ends_within_a_phone_number() -> None:
    assert Contact("H. Brandt", "212 555 0113").words == "H. Brandt 212\u00a0555\u00a00113"


def test_a_decision_that_waits_for_nobody_says_a_dash() -> None:
    assert DecisionRow("Hold", Contact("coordinator")).wait_words == "–"


def test_a_step_says_what_it_follows_changes_and_is_undone_by() -> None:
    row = StepRow("8", "Flash", after=("6", "7"), changes=("SAN-02",), undone_by=("B8",))
    assert row.asides == "(after 6, 7) · changes SAN-02 · undo B8"


def test_paragraphs_are_apart_by_blank_lines_and_keep_their_lines() -> None:
    notice = NoticeText("Started", "s", "\r\nAll,\r\n\r\none\r\ntwo\n \n\nthree\n")
    assert notice.paragraphs == ("All,", "one\ntwo", "three")


def test_the_paper_is_that_of_the_country() -> None:
    assert {paper_of(each) for each in ("US", "CA", "MX", "ph")} == {Paper.LETTER}
    assert {paper_of(each) for each in ("DE", "GB", "JP", "")} == {Paper.A4}
