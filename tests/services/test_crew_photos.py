"""A photo as evidence of a step: looked at, made anew, kept once."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from sqlmodel import col

from app.models.changes_evidence import files_in
from app.models.crew.taps import TapAct, happened_at
from app.models.errors import BadInput, NotAllowed
from app.models.outages.lifecycle import State
from app.models.runbook import StepAct
from app.models.tables.crew import CrewTap
from app.services.changes import changes_of, draft_missing
from app.services.changes_evidence import evidence_file, keep_evidence
from app.services.crew.photos import photo_name, take_photo
from app.services.database import Store
from app.services.log import read_log
from app.services.uow import UnitOfWork
from app.wiring.crew_photos import recoded
from tests.flights import START, do, set_state, step_of
from tests.services.crew_flight import ITO, LINDQVIST, crew_store, flying, link_of, token_in

ID = "0123456789abcdef"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = crew_store(tmp_path)
    yield made
    made.close()


@pytest.fixture
def flight(store: Store) -> str:
    return flying(store)


def png(width: int = 40, height: int = 20, words: bytes = b"") -> bytes:
    """With a text chunk, as a camera writes where it was taken, and something behind its end."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        sealed = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + sealed

    rows = zlib.compress((b"\x00" + b"\x20\x80\xe0" * width) * min(height, 400))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    text = chunk(b"tEXt", b"Comment\x00" + words) if words else b""
    made = chunk(b"IHDR", head) + text + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + made + words


def send(store: Store, flight: str, name: str = ITO, content: bytes | None = None) -> bool:
    token, step = token_in(link_of(store, flight, name)), store.read(step_of, flight, "7").id
    named = store.read(photo_name, token, step, ID)
    if named is None:
        return False
    kept = keep_evidence(store.folder, named, recoded(content or png()))
    return store.run(take_photo, token, step, ID, kept)


def test_only_the_pixels_are_kept() -> None:
    made = recoded(png(words=b"40.7128 N, <script>"))
    image = QImage.fromData(made)
    assert made.startswith(b"\xff\xd8\xff") and b"40.7128" not in made
    assert (image.width(), image.height(), image.textKeys()) == (40, 20, [])
    assert image.pixelColor(20, 10).blue() > 200


def test_a_photo_is_at_most_so_many_pixels_a_side() -> None:
    image = QImage.fromData(recoded(png(3_000, 30)))
    assert (image.width(), image.height()) == (2_560, 26)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a" + b"\x00" * 40,
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7",
        png()[:24],
        png()[:-30],
        png(9_000, 8_000),
    ],
    ids=["nothing", "gif", "svg", "pdf", "head", "half", "huge"],
)
def test_what_is_no_photo_is_refused_by_what_it_holds(content: bytes) -> None:
    with pytest.raises(BadInput):
        recoded(content)


def test_a_photo_is_named_in_the_log_and_in_the_change_record(store: Store, flight: str) -> None:
    assert send(store, flight)
    (kept,) = files_in(
        "\n".join(e.what.partition(": ")[2] for e in store.read(read_log, flight) if e.who == ITO)
    )
    assert evidence_file(store.folder, kept).read_bytes().startswith(b"\xff\xd8\xff")
    do(store, flight, "7", StepAct.FINISH)
    store.run(draft_missing, flight)
    (record,) = store.read(changes_of, flight)
    assert kept in files_in(record.evidence)


def test_a_photo_that_could_not_be_sent_has_the_time_it_was_chosen_at(
    store: Store, flight: str
) -> None:
    token, step = token_in(link_of(store, flight, ITO)), store.read(step_of, flight, "7").id
    named = store.read(photo_name, token, step, ID)
    assert named is not None
    kept = keep_evidence(store.folder, named, recoded(png()))
    chosen = store.clock.now() - timedelta(minutes=5)

    store.run(take_photo, token, step, ID, kept, chosen)

    assert store.read(tap_times, flight) == [chosen]


def test_a_photo_that_waited_too_long_is_refused_as_a_photo() -> None:
    with pytest.raises(BadInput, match="photo was taken more than a day ago"):
        happened_at(START, START + timedelta(days=2), TapAct.PHOTO)


def tap_times(uow: UnitOfWork, flight: str) -> list[datetime]:
    return [row.at for row in uow.all(CrewTap, col(CrewTap.outage_id) == flight)]


def test_after_the_record_is_drafted_a_photo_still_joins_it(store: Store, flight: str) -> None:
    do(store, flight, "7", StepAct.FINISH)
    store.run(draft_missing, flight)
    send(store, flight)
    (record,) = store.read(changes_of, flight)
    assert len(files_in(record.evidence)) == 1


def test_sent_again_it_counts_once(store: Store, flight: str) -> None:
    assert [send(store, flight) for _ in range(2)] == [True, False]


def test_nobody_else_s_step_and_no_filed_flight_takes_one(store: Store, flight: str) -> None:
    with pytest.raises(NotAllowed):
        send(store, flight, LINDQVIST)
    token, step = token_in(link_of(store, flight, ITO)), store.read(step_of, flight, "7").id
    store.run(set_state, flight, State.FILED)
    with pytest.raises(NotAllowed):
        store.read(photo_name, token, step, ID)
