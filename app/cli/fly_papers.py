"""What `fly` leaves behind: every notice as files, report, log, pictures."""

from __future__ import annotations

import json

from sqlmodel import col

from app.cli.fly_flight import Flight, Stage
from app.models.notices.kinds import NoticeState
from app.models.outages.lifecycle import State
from app.models.tables.notices import Notice
from app.services.log import log_as_json
from app.services.notices.exporting import export_sent
from app.services.notices.files import content_of
from app.services.reports.after_action import write_after_action
from app.services.reports.building import after_action_data
from app.services.reports.files import leave_file
from app.services.uow import UnitOfWork


def _notices(flight: Flight) -> None:
    """Each notice that was sent, as it left: .eml (batches), .ics where one goes with it, .txt."""

    def sent(uow: UnitOfWork) -> list[str]:
        rows = uow.all(
            Notice,
            col(Notice.outage_id) == flight.outage_id,
            col(Notice.state) == NoticeState.SENT,
            order=(col(Notice.sent_at),),
        )
        return [row.id for row in rows]

    folder = flight.out / "notices"
    folder.mkdir(exist_ok=True)
    for number, notice_id in enumerate(flight.store.read(sent), start=1):
        left = flight.store.read(export_sent, notice_id)
        stem = f"{number:02d}-{left.kind.value.replace('_', '-')}"
        leave_file(folder / f"{stem}.txt", left.text_file)
        for batch, (_, content) in enumerate(left.eml, start=1):
            tail = f"-{batch}" if len(left.eml) > 1 else ""
            leave_file(folder / f"{stem}{tail}.eml", content_of(content))
        if left.ics is not None:
            leave_file(folder / f"{stem}.ics", left.ics[1])


def _report(flight: Flight) -> None:
    report = flight.store.read(after_action_data, flight.outage_id)
    write_after_action(report, flight.out / "report.html")


def _log(flight: Flight) -> None:
    entries = flight.store.read(log_as_json, flight.outage_id)
    text = json.dumps(entries, ensure_ascii=False, indent=2)
    leave_file(flight.out / "log.json", f"{text}\n".encode())


def _pictures(flight: Flight) -> None:
    """Every screen, dark and light, with the outage as it was filed."""
    for _ in flight.camera.take(about=flight.outage_id):
        pass


def _while(state: State, stem: str) -> Stage:
    """Live and the board, taken in flight; too late once it flew on."""
    screens = ("live", "outage-board")

    def take(flight: Flight) -> None:
        from app.views.theme import Look

        for _ in flight.camera.take((Look.DARK,), about=flight.outage_id, only=screens, stem=stem):
            pass

    return Stage(f"pictures_{state.value}", take, lambda flight: flight.outage().state is not state)


PAPERS = (
    Stage("notices", _notices),
    Stage("report", _report),
    Stage("log", _log),
)
PICTURES = (Stage("pictures", _pictures),)
PICTURES_AFTER = {
    "roll_call": _while(State.GO_NO_GO, "1-roll-call-"),
    "first_step": _while(State.IN_PROGRESS, "2-in-progress-"),
    "verifying": _while(State.VERIFYING, "3-verifying-"),
}
"""What is taken in flight, by the stage it follows."""
