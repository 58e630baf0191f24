"""Vendors' maintenance notices: one window a maintenance, the newest word counts, its circuit ties
it to an item."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlmodel import col, select

from app.models.calendar.conflicts import Conflict
from app.models.calendar.facts import Reason
from app.models.errors import BadInput, NotAllowed
from app.models.severity import Severity
from app.models.tables.calendar import BusinessEvent, Occurrence
from app.services.calendar.conflicts import check
from app.services.calendar.importing import import_calendar
from app.services.calendar.occurrences import refresh
from app.services.calendar.vendor_importing import (
    LAYER,
    VendorLine,
    VendorTaken,
    look_into_notices,
    take_notices,
)
from app.services.calendar.vendor_reading import is_vendor_notice, read_vendor_notices
from app.services.database import Store
from app.services.directory.ci_page import ci_page
from app.services.uow import UnitOfWork, undo
from tests.makers import clock_of, make_ci, make_store, make_window

DATA = Path(__file__).parents[1] / "data" / "maintnote"
FRIDAY = make_window("2025-01-17 19:00", "2025-01-17 22:00")  # New York: 00:00–03:00 UTC
CIRCUIT = "GRX-100"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Monday 6 January 2025."""
    made = make_store(tmp_path / "store")
    yield made
    made.close()


def notice(sequence: int = 1, start: str = "20250118T010000Z", **more: str) -> str:
    end = f"{start[:9]}050000Z"
    lines = {
        "SUMMARY": "Fibre works",
        "DTSTART": start,
        "DTEND": end,
        "DTSTAMP": f"202501{sequence:02}T000000Z",
        "UID": "7",
        "SEQUENCE": str(sequence),
        "X-MAINTNOTE-PROVIDER": "fibre.example",
        "X-MAINTNOTE-MAINTENANCE-ID": "W-1",
        "X-MAINTNOTE-OBJECT-ID": CIRCUIT,
        "X-MAINTNOTE-IMPACT": "OUTAGE",
        "X-MAINTNOTE-STATUS": "CONFIRMED",
        **{name.replace("_", "-"): value for name, value in more.items()},
    }
    said = "".join(f"{name}:{value}\r\n" for name, value in lines.items() if value)
    return f"BEGIN:VEVENT\r\n{said}END:VEVENT\r\n"


def write(folder: Path, *events: str) -> Path:
    path = folder / "notice.ics"
    text = f"BEGIN:VCALENDAR\r\n{''.join(events)}END:VCALENDAR\r\n"
    path.write_text(text, encoding="utf-8", newline="")
    return path


def take(store: Store, path: Path) -> VendorTaken:
    return store.run(take_notices, look_into_notices(store, path).read)


def changes(store: Store, path: Path) -> list[str]:
    return [line.change for line in take(store, path).lines]


def windows(uow: UnitOfWork) -> list[tuple[str, str]]:
    """Those that are seen: an event that was taken back is not."""
    there = [event.id for event in uow.all(BusinessEvent)]
    query = select(Occurrence).where(col(Occurrence.event_id).in_(there))
    rows = uow.session.exec(query.order_by(col(Occurrence.start_utc)))
    return [(row.title, row.start_utc.isoformat()[:16]) for row in rows]


def conflicts_on(store: Store, ci: str) -> tuple[Conflict, ...]:
    return store.read(lambda uow: check(uow, window=FRIDAY, service_ids=(), ci_ids=(ci,)))


def first_line(store: Store, path: Path) -> VendorLine:
    return look_into_notices(store, path).lines[0]


def test_a_notice_becomes_a_window_that_says_who_and_how_bad(store: Store, tmp_path: Path) -> None:
    taken = take(store, write(tmp_path, notice()))
    assert taken.sentence == "Vendor maintenance: 1 new."
    assert store.read(windows) == [
        ("fibre.example: Fibre works (an outage, confirmed)", "2025-01-18T01:00")
    ]


def test_it_stands_against_a_window_on_the_item_with_its_circuit(
    store: Store, tmp_path: Path
) -> None:
    line = store.run(make_ci, "WAN line", circuit="grx-100 ")
    take(store, write(tmp_path, notice()))
    (found,) = conflicts_on(store, line.id)
    assert (found.reason, found.severity) == (Reason.SAME_CI, Severity.BLOCK)
    assert found.sentence == (
        "WAN line is also worked on by fibre.example: W-1 “Fibre works” (an outage, confirmed; "
        "Fri 17 Jan 20:00–Sat 18 Jan 00:00 EST)."
    )


def test_what_rests_on_the_circuit_is_warned(store: Store, tmp_path: Path) -> None:
    line = store.run(make_ci, "WAN line", circuit=CIRCUIT)
    site = store.run(make_ci, "Branch router", line)
    take(store, write(tmp_path, notice()))
    (found,) = conflicts_on(store, site.id)
    assert found.reason is Reason.CI_BELOW
    assert found.sentence.startswith("Branch router rests on WAN line, which is worked on by fibre")
    (coming,) = store.read(ci_page, site.id).coming
    assert (coming.section, coming.about, coming.through, coming.code, coming.window) == (
        *("calendar", "2025-01-17", "WAN line"),
        *("fibre.example W-1: an outage, confirmed", "Fri 17 Jan 20:00–Sat 18 Jan 00:00 EST"),
    )


@pytest.mark.parametrize(
    ("impact", "severity"),
    [("NO-IMPACT", Severity.NOTE), ("REDUCED-REDUNDANCY", Severity.WARN)],
)
def test_the_vendors_impact_says_how_much_it_stands_against(
    store: Store, tmp_path: Path, impact: str, severity: Severity
) -> None:
    line = store.run(make_ci, "WAN line", circuit=CIRCUIT)
    take(store, write(tmp_path, notice(X_MAINTNOTE_IMPACT=impact)))
    assert [found.severity for found in conflicts_on(store, line.id)] == [severity]


def test_an_item_that_gets_the_circuit_later_is_met(store: Store, tmp_path: Path) -> None:
    line = store.run(make_ci, "WAN line")
    path = write(tmp_path, notice())
    assert first_line(store, path).unknown == (CIRCUIT,)
    take(store, path)
    assert conflicts_on(store, line.id) == ()

    def name_circuit(uow: UnitOfWork) -> None:
        row = uow.fetch(type(line), line.id)
        row.circuit = CIRCUIT
        uow.log("the circuit of WAN line is named", row)

    store.run(name_circuit)
    assert len(conflicts_on(store, line.id)) == 1
    assert first_line(store, path).items == ("WAN line",)


def test_a_later_notice_moves_the_window_and_an_older_one_is_left(
    store: Store, tmp_path: Path
) -> None:
    take(store, write(tmp_path, notice(2)))
    assert changes(store, write(tmp_path, notice(3, "20250119T010000Z"))) == ["changed"]
    assert changes(store, write(tmp_path, notice(2))) == ["older than ours and left"]
    assert [when for _, when in store.read(windows)] == ["2025-01-19T01:00"]


def test_a_cancelled_window_goes_and_an_older_notice_does_not_bring_it_back(
    store: Store, tmp_path: Path
) -> None:
    take(store, write(tmp_path, notice(1)))
    gone = write(tmp_path, notice(3, X_MAINTNOTE_STATUS="CANCELLED"))
    assert changes(store, gone) == ["cancelled"]
    assert store.read(windows) == []
    assert changes(store, write(tmp_path, notice(2))) == ["older than ours and left"]
    assert changes(store, write(tmp_path, notice(4))) == ["planned again"]
    assert len(store.read(windows)) == 1


def test_the_same_notice_again_changes_nothing(store: Store, tmp_path: Path) -> None:
    path = write(tmp_path, notice())
    take(store, path)
    again = take(store, path)
    assert again.sentence == "Vendor maintenance: 1 as before."
    assert again.undo is None


def test_of_two_notices_in_one_file_the_newer_counts(store: Store, tmp_path: Path) -> None:
    path = write(tmp_path, notice(3, "20250119T010000Z"), notice(2))
    assert changes(store, path) == ["new", "changed"]
    assert [when for _, when in store.read(windows)] == ["2025-01-19T01:00"]


def test_one_maintenance_may_have_several_windows(store: Store, tmp_path: Path) -> None:
    path = write(tmp_path, notice(), notice(start="20250119T010000Z", UID="8"))
    take(store, path)
    assert len(store.read(windows)) == 2
    assert changes(store, path) == ["as before", "as before"]


def test_taking_it_back_puts_the_calendar_as_it_was(store: Store, tmp_path: Path) -> None:
    taken = take(store, write(tmp_path, notice()))
    assert taken.undo is not None
    store.run(undo, taken.undo)
    refresh(store)
    assert store.read(windows) == []


def test_the_horizon_moves_on_for_vendors_too(store: Store, tmp_path: Path) -> None:
    later = notice(start="20270601T010000Z")
    take(store, write(tmp_path, later))
    clock_of(store).advance(days=400)
    assert refresh(store) == 1
    assert [when for _, when in store.read(windows)] == ["2027-06-01T01:00"]


def test_a_mail_with_the_calendar_attached_is_read(store: Store, tmp_path: Path) -> None:
    mail = EmailMessage()
    mail["Subject"] = "Planned works"
    mail.set_content("Please see the attached notice.")
    data = f"BEGIN:VCALENDAR\r\n{notice()}END:VCALENDAR\r\n".encode()
    mail.add_attachment(data, maintype="application", subtype="ics", filename="works.ics")
    path = tmp_path / "works.eml"
    path.write_bytes(mail.as_bytes())
    assert is_vendor_notice(path)
    assert changes(store, path) == ["new"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("hello.eml", "Subject: hello\r\n\r\nno calendar here\r\n"),
        ("plain.ics", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nEND:VEVENT\r\nEND:VCALENDAR"),
        ("upside.ics", f"BEGIN:VCALENDAR\r\n{notice(DTEND='20250101T000000Z')}END:VCALENDAR"),
        ("nobody.ics", f"BEGIN:VCALENDAR\r\n{notice(X_MAINTNOTE_PROVIDER='')}END:VCALENDAR"),
    ],
)
def test_what_is_no_notice_is_refused_in_words(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8", newline="")
    with pytest.raises(BadInput, match=r"Nothing was imported"):
        read_vendor_notices(path, zone="UTC")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("ical_no_end.ics", "It does not say when it ends; 24 hours are counted."),
        (
            "ical_no_maintenance_id.ics",
            "It has no maintenance id; its UID “42” stands in for it.",
        ),
        ("ical_no_account.ics", ""),
        ("ical_no_organizer.ics", ""),
    ],
)
def test_an_incomplete_notice_is_taken_and_says_what_is_assumed(name: str, said: str) -> None:
    (read,) = read_vendor_notices(DATA / name, zone="UTC").notices
    assert "".join(read.notes) == said


def test_the_standards_samples_are_one_maintenance_that_ends_completed(store: Store) -> None:
    told = [changes(store, DATA / f"ical{number}.ics")[0] for number in (1, 2, 3, 4)]
    assert told == ["new", "changed", "cancelled", "planned again"]
    assert changes(store, DATA / "ical_no_organizer.ics") == ["changed"]
    (row,) = store.read(lambda uow: uow.all(BusinessEvent))
    assert row.title.endswith("(no impact expected, completed)")


def test_no_other_file_replaces_what_the_vendors_said(store: Store, tmp_path: Path) -> None:
    take(store, write(tmp_path, notice()))
    other = tmp_path / "other.ics"
    other.write_text(
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20250110T190000Z\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n",
        encoding="utf-8",
        newline="",
    )
    with pytest.raises(NotAllowed, match="maintenance notices"):
        import_calendar(store, other, LAYER)
