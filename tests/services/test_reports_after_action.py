"""The after-action report: complete, self-contained, safe to open."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import TypedDict

import pytest

from app.models.errors import BadInput
from app.models.reports.after_action import (
    AfterAction,
    ChangeLine,
    DecisionLine,
    ExtensionLine,
    LogLine,
    NoticeLine,
    StepLine,
    WokenLine,
)
from app.models.times import Window, parse_wall
from app.services.reports.after_action import after_action_html, write_after_action

T0 = datetime(2025, 1, 11, 0, 0, tzinfo=UTC)  # Fri 10 Jan 19:00 in New York
NASTY = "<script>alert(1)</script><img src=http://x.example/a onerror=b>\"'&\x00\x1b"


def at(minutes: float) -> datetime:
    return T0 + timedelta(minutes=minutes)


def report() -> AfterAction:
    return AfterAction(
        code="OUT-2025-004",
        title="File cluster firmware",
        ending="Complete",
        window=Window.of(
            parse_wall("2025-01-10 19:00"), parse_wall("2025-01-10 22:30"), "America/New_York"
        ),
        drafted_at=at(300),
        facts=(
            ("Why", "Firmware 4.2.1 loses paths under load"),
            ("Services", "File cluster"),
            ("Coordinator", "M. Okafor, deputy J. Sato"),
            ("Change reference", ""),
        ),
        started=at(0),
        ended=at(205),
        user_check="Images open from the archive again.\nDr Ana Ruiz, radiology",
        data_loss="none",
        back_out_moment=at(140),
        steps=(
            StepLine(
                "5", "GO / NO-GO", "In the window", "Okafor", at(-15), None, at(-15), at(-8), "done"
            ),
            StepLine(
                "7",
                "Drain clients from node B",
                "In the window",
                "Ito",
                at(0),
                10,
                at(1),
                at(11),
                "done",
            ),
            StepLine(
                "8",
                "Flash controller B",
                "In the window",
                "Ito",
                at(10),
                25,
                at(12),
                at(60),
                "done",
                "Updater hung once",
            ),
            StepLine(
                "9",
                "Check paths on B",
                "In the window",
                "Lindqvist",
                at(35),
                10,
                at(60),
                at(66),
                "done",
            ),
            StepLine(
                "10",
                "Fail over to B",
                "In the window",
                "Lindqvist",
                at(45),
                15,
                at(66),
                at(75),
                "done",
            ),
            StepLine(
                "11",
                "Flash controller A",
                "In the window",
                "Ito",
                at(60),
                25,
                at(75),
                at(98),
                "done",
            ),
            StepLine(
                "13",
                "Mount test from three wards",
                "Verify",
                "Ramos",
                at(180),
                20,
                at(181),
                at(190),
                "done",
            ),
            StepLine("14", "Optional tuning", "Verify", "Ramos", at(190), 10, state="skipped"),
        ),
        decisions=(
            DecisionLine(
                1,
                "Extend by 30 min",
                "yes",
                "Petra Holm",
                at(100),
                "IT operations manager",
                4,
                "Vendor asked",
            ),
        ),
        notices=(
            NoticeLine("Planned", "File cluster users", at(-14400), at(-14400)),
            NoticeLine("Started", "File cluster users", at(0), at(18), latest=at(15)),
            NoticeLine("Progress", "File cluster users", at(60), None, "void"),
        ),
        woken=(WokenLine("Petra Holm", at(96), "Extend beyond 30 min", True),),
        changes=(
            ChangeLine(1, "SAN-02", "4.1.9", "4.2.1", "Ito", at(60), "console.txt", "CHG-77"),
        ),
        extensions=(ExtensionLine(at(100), at(180), at(210), "Petra Holm", "Updater hung"),),
        log=(
            LogLine(210, at(0), "M. Okafor", "Flight started"),
            LogLine(211, at(13), "Ito, via M. Okafor", "Step 9 started", struck=True, corrects=212),
            LogLine(212, at(14), "M. Okafor", "Step 8 started", corrects=211),
        ),
        log_number=214,
        log_hash="3f9a" * 16,
    )


class Seen(TypedDict):
    tags: list[str]
    links: list[str]
    ids: list[str]
    text: str


def read(page: str) -> Seen:
    seen: Seen = {"tags": [], "links": [], "ids": [], "text": ""}

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            seen["tags"].append(tag)
            for name, value in attrs:
                if name in ("src", "href", "xlink:href", "action", "data") or name[:2] == "on":
                    seen["links"].append(f"{name}={value}")
                if name == "id":
                    seen["ids"].append(str(value))

        def handle_data(self, data: str) -> None:
            seen["text"] += data

    Reader().feed(page)
    return seen


def test_the_report_tells_the_whole_flight() -> None:
    text = " ".join(read(after_action_html(report()))["text"].split())
    for said in (
        "File cluster firmware",
        "Complete",
        "Fri 10 Jan 2025 19:00–22:30 EST",
        "(+25 min against the promised 22:00)",
        "Images open from the archive again.",
        "+25 min",  # step 8 ended 20:00, planned 19:35
        "10 days before the start",
        "3 min too late",
        "not sent (void)",
        "Petra Holm",
        "4.1.9",
        "CHG-77",
        "Updater hung",
        "The back-out moment was last Fri 10 Jan 21:20 EST. The flight was not backed out.",
        "Chain head: entry 214 · " + "3f9a" * 16,
        "What went well",
    ):
        assert said in text, said


def test_the_report_needs_nothing_from_outside_and_runs_nothing() -> None:
    seen = read(after_action_html(report()))
    assert seen["links"] == []
    assert not {"script", "iframe", "link", "img", "object", "embed"} & set(seen["tags"])
    assert "@import" not in after_action_html(report()) and "url(" not in after_action_html(
        report()
    )


def test_words_with_markup_are_shown_as_words() -> None:
    nasty = replace(
        report(),
        title=NASTY,
        ending=NASTY,
        facts=((NASTY, NASTY),),
        user_check=NASTY,
        data_loss=NASTY,
        back_out_words=NASTY,
        steps=(StepLine(NASTY, NASTY, NASTY, NASTY, at(0), 5, at(0), at(9), NASTY, NASTY),),
        decisions=(DecisionLine(1, NASTY, NASTY, NASTY, at(0), NASTY, 1, NASTY),),
        notices=(NoticeLine(NASTY, NASTY, at(0), None, NASTY),),
        woken=(WokenLine(NASTY, at(0), NASTY),),
        changes=(ChangeLine(1, NASTY, NASTY, NASTY, NASTY, at(0), NASTY, NASTY),),
        extensions=(ExtensionLine(at(0), at(1), at(2), NASTY, NASTY),),
        log=(LogLine(1, at(0), NASTY, NASTY),),
        log_hash=NASTY,
    )
    page = after_action_html(nasty)
    seen = read(page)
    assert seen["links"] == [] and not {"script", "img"} & set(seen["tags"])
    assert "\x00" not in page and "\x1b" not in page
    assert seen["text"].count("<script>alert(1)</script>") > 20


def test_an_entry_that_was_corrected_is_struck_through_and_names_the_correction() -> None:
    page = after_action_html(report())
    assert "<s>Step 9 started</s>" in page and "see 212" in page and "corrects 211" in page


def test_a_quiet_night_is_said() -> None:
    assert "the leaders were left in peace" in after_action_html(replace(report(), woken=()))


def test_the_headings_of_all_sections_have_their_own_names() -> None:
    ids = read(after_action_html(report()))["ids"]
    assert len(ids) == len(set(ids)) >= 10


def test_a_cancelled_flight_without_steps_still_gets_a_report() -> None:
    bare = AfterAction("OUT-2025-009", "Core switch", "Cancelled", report().window, at(0))
    text = read(after_action_html(bare))["text"]
    assert "never started" in text and "The flight had no steps." in text


def test_the_same_flight_gives_the_same_page() -> None:
    assert after_action_html(report()) == after_action_html(report())


def test_the_report_is_written_whole_or_refused(tmp_path: Path) -> None:
    write_after_action(report(), tmp_path / "report.html")
    assert (tmp_path / "report.html").read_text("utf-8") == after_action_html(report())
    with pytest.raises(BadInput):
        write_after_action(report(), tmp_path / "none" / "report.html")
    assert [p.name for p in tmp_path.iterdir()] == ["report.html"]
