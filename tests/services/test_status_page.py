"""The status page shows what people were told, to whoever may open the folder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from app.models.errors import BadInput, NotAllowed
from app.models.notices.kinds import NoticeKind
from app.models.outages.lifecycle import State
from app.models.status import Standing, told_line
from app.models.tables.outages import Outage
from app.services.calendar.publishing import year_of
from app.services.clock import REHEARSAL
from app.services.database import Store
from app.services.notices.reach import list_on_status_page
from app.services.notices.sending import record_sent
from app.services.outages.brief import brief
from app.services.outages.leading import Going, advance
from app.services.outages.moving import move_window
from app.services.status.place import FILE_NAME, StatusPlace, choose_status_folder, place_of
from app.services.status.reading import status_page
from app.services.status.writing import StatusState, StatusWriter, files_of
from app.services.uow import UnitOfWork, undo
from tests.flights import CREW, PARTS, START, make_flight, set_state
from tests.makers import clock_of, make_window
from tests.services.notices_flights import desk_store

K = NoticeKind
EARLY = START - timedelta(days=20)
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = desk_store(tmp_path, EARLY)
    yield made
    made.close()


@pytest.fixture
def outage_id(store: Store) -> str:
    return store.run(make_flight, State.PLANNED)


@pytest.fixture
def folder(store: Store, tmp_path: Path) -> Path:
    made = tmp_path / "public"
    made.mkdir()
    choose_status_folder(store.folder, made)
    return made


def tell(store: Store, outage_id: str, kind: NoticeKind) -> None:
    store.run(record_sent, outage_id, kind, clock_of(store).now())


def shown(store: Store) -> list[tuple[Standing, str]]:
    return [(o.standing, o.state) for o in store.read(status_page).outages]


def text_of(store: Store) -> str:
    return b"\n".join(files_of(store.read(status_page)).values()).decode()


def test_what_is_kept_off_it_is_shown_nowhere_until_that_is_taken_back(
    store: Store, outage_id: str
) -> None:
    tell(store, outage_id, K.PLANNED)
    inverse = store.run(list_on_status_page, outage_id, False)
    assert shown(store) == []
    assert "File cluster" not in text_of(store)
    assert store.read(year_of, 2025).rows == (), "nor in the calendar for others"
    found = store.read(brief, outage_id)
    assert not found.is_listed and "Status page" in [fact.label for fact in found.facts]
    store.run(undo, inverse)
    assert len(shown(store)) == 1


def test_it_says_what_was_told_and_when_the_clock_goes_on(store: Store, outage_id: str) -> None:
    assert shown(store) == []
    tell(store, outage_id, K.PLANNED)
    assert shown(store) == [(Standing.UPCOMING, "Planned")]
    clock_of(store).set(START + timedelta(minutes=2))
    assert shown(store) == [(Standing.IN_PROGRESS, "Due to have begun")]
    store.run(set_state, outage_id, State.IN_PROGRESS)
    tell(store, outage_id, K.STARTED)
    assert shown(store) == [(Standing.IN_PROGRESS, "In progress")]
    clock_of(store).set(START + timedelta(hours=4))
    assert shown(store) == [(Standing.IN_PROGRESS, "Takes longer than announced")]

    def ends(uow: UnitOfWork) -> None:
        set_state(uow, outage_id, State.COMPLETE)
        uow.fetch(Outage, outage_id).data_loss = "none"

    store.run(ends)
    tell(store, outage_id, K.ALL_CLEAR)
    assert shown(store) == [(Standing.PAST, "Over, all clear")]
    assert "No data was lost." in text_of(store)
    clock_of(store).advance(days=91)
    assert shown(store) == []


def test_a_move_shows_when_it_was_told_and_keeps_the_ids_of_before(
    store: Store, outage_id: str
) -> None:
    def ids() -> list[str]:
        feed = ElementTree.fromstring(files_of(store.read(status_page))["atom.xml"])
        return [str(e.findtext(f"{ATOM}id")) for e in feed.iter(f"{ATOM}entry")]

    tell(store, outage_id, K.PLANNED)
    before = ids()
    version = store.read(lambda uow: uow.fetch(Outage, outage_id).version)
    window = make_window("2025-01-17 19:00", "2025-01-17 22:00")
    store.run(move_window, outage_id, window, "vendor", seen=version)
    assert "January 17th" not in text_of(store)
    tell(store, outage_id, K.RESCHEDULED)
    assert store.read(status_page).outages[0].window_words == (
        "7:00 pm Friday, January 17th, 2025 until 10:00 pm, New York time (EST)"
    )
    assert ids()[1:] == before
    rss = ElementTree.fromstring(files_of(store.read(status_page))["rss.xml"])
    assert [i.findtext("guid") for i in rss.iter("item")] == ids()
    assert len(json.loads(files_of(store.read(status_page))["status.json"])["upcoming"]) == 1


def test_what_the_crew_alone_was_told_is_not_on_it(store: Store, outage_id: str) -> None:
    tell(store, outage_id, K.KICK_OFF)
    tell(store, outage_id, K.CREW_BRIEF)
    version = store.read(lambda uow: uow.fetch(Outage, outage_id).version)
    window = make_window("2025-01-17 19:00", "2025-01-17 22:00")
    store.run(move_window, outage_id, window, "vendor", seen=version)
    tell(store, outage_id, K.RESCHEDULED)
    assert shown(store) == []


def test_a_cancelled_outage_is_off_once_people_heard(store: Store, outage_id: str) -> None:
    tell(store, outage_id, K.PLANNED)
    store.run(advance, outage_id, State.CANCELLED, Going(why="dropped: not needed any more"))
    assert shown(store) == [(Standing.UPCOMING, "Planned")]
    tell(store, outage_id, K.CANCELLED)
    assert shown(store) == [(Standing.PAST, "Cancelled")]


def test_nothing_internal_is_on_it(store: Store, outage_id: str) -> None:
    def plan_more(uow: UnitOfWork) -> None:
        outage = uow.fetch(Outage, outage_id)
        outage.title = "Operation Moonrise"
        outage.impact_text = "Scans cannot be opened."
        outage.workaround = f"Ask {CREW['coordinator']} at 555-0140."
        make_flight(uow, State.PLANNED, title="Never told")
        uow.log("more", outage)

    store.run(plan_more)
    tell(store, outage_id, K.PLANNED)
    said = text_of(store)
    assert "Scans cannot be opened." in said
    secrets = [
        "Moonrise",
        "OUT-2025",
        "Never told",
        "555-0",
        "hospital.example",
        *CREW.values(),
        *PARTS.values(),
    ]
    assert not [each for each in secrets if each in said]


@pytest.mark.parametrize(
    "line",
    [
        "Ask Ms. Ito.",
        "Log in to fs-node-3.",
        "Call 555-0140.",
        "See https://x.example",
        "Say hello.",
    ],
)
def test_a_line_that_names_somebody_or_was_not_told_stays_away(line: str) -> None:
    told = "Ask Ms. Ito. Log in to fs-node-3. Call 555-0140. See https://x.example"
    assert told_line(line, told, ("Ito",)) == ""
    assert (
        told_line("Save  it by 7:00 pm.", "save it\nby 7:00 pm.", ("Ito",)) == "Save it by 7:00 pm."
    )


def test_only_what_changed_is_written(store: Store, outage_id: str, folder: Path) -> None:
    writer = StatusWriter(store)
    assert len(writer.turn().written) == 4
    assert writer.turn().written == ()
    tell(store, outage_id, K.PLANNED)
    assert len(writer.turn().written) == 4
    (folder / "rss.xml").unlink()
    assert [p.name for p in writer.turn().written] == ["rss.xml"]
    assert not [p for p in folder.iterdir() if p.name.startswith(".")]


def test_a_folder_that_is_gone_is_said_and_tried_again(
    store: Store, outage_id: str, folder: Path
) -> None:
    writer = StatusWriter(store)
    away = folder.rename(folder.with_name("away"))
    report = writer.turn()
    assert report.state is StatusState.BEHIND
    assert "is not there" in report.why
    away.rename(folder)
    assert writer.turn().state is StatusState.CURRENT


def test_another_page_is_never_written_over(store: Store, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<h1>Our hospital</h1>")
    with pytest.raises(BadInput, match="another page"):
        choose_status_folder(store.folder, tmp_path)
    with pytest.raises(BadInput, match="within the data folder"):
        choose_status_folder(store.folder, store.folder)
    assert place_of(store.folder) == StatusPlace()
    with pytest.raises(BadInput, match="no web address"):
        choose_status_folder(store.folder, None, "status.example")
    (store.folder / REHEARSAL).touch()
    with pytest.raises(NotAllowed, match="rehearsal"):
        choose_status_folder(store.folder, tmp_path)
    assert not (store.folder / FILE_NAME).exists()
