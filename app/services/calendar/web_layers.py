"""Layers that are read from the web: looked at first as a file is, then asked again once a day.

A bad answer leaves the events as they are.
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from app.models.calendar.web import SOURCE, WebAddress, parse_address
from app.models.errors import BadInput, ConsoleError, NotAllowed
from app.models.tables.calendar import CalendarLayer
from app.services.calendar.importing import Imported, LayerRule, import_looked
from app.services.calendar.previewing import CalendarLook, look_into_calendar
from app.services.calendar.vendor_reading import is_vendor_notice
from app.services.calendar.web_known import (
    Known,
    WebLayer,
    keep_known,
    known_of,
    web_layer,
    web_layers,
)
from app.services.clock import REHEARSAL
from app.services.database import Store
from app.services.events import CalendarChanged
from app.services.uow import UnitOfWork
from app.services.working import UNWATCHED, Stopped, Work

EVERY = timedelta(hours=24)
AGAIN = timedelta(hours=1)
"""After a bad answer."""


def look_at_address(store: Store, text: str, work: Work = UNWATCHED) -> CalendarLook:
    """What somebody typed, read as a file is. Blocks; call it from a worker thread or a command.
    Raises BadInput, NotFetched, NotAllowed (a rehearsal), and what `look_into_calendar` raises."""
    address = parse_address(text)
    _require_real(store)
    look, _ = _look(store, address, None, work)
    assert look is not None
    return look


def take_looked(
    store: Store, look: CalendarLook, layer: str, rule: LayerRule, work: Work = UNWATCHED
) -> Imported:
    """Store what was looked at; a layer from the web is asked for again from now on."""
    done = import_looked(store, look, layer, rule, work)
    if look.known is not None:
        store.run(_keep, done.layer_id, look.known)
    return done


def refresh_layer(store: Store, layer_id: str, work: Work = UNWATCHED) -> Imported | None:
    """Ask for it again; None when nothing is new. What goes wrong is kept on the layer, then
    raised; its events stay as they were. Raises NotFound, NotAllowed (a rehearsal, or no layer
    from the web)."""
    _require_real(store)
    layer = store.read(_layer, layer_id)
    try:
        look, known = _look(store, layer.address, layer.known, work)
        if look is None:
            store.run(_keep, layer_id, known)
            return None
        done = import_looked(store, look, layer.name, LayerRule(), work)
    except Stopped:
        raise
    except ConsoleError as trouble:
        store.run(_note_trouble, layer_id, trouble.sentence)
        raise
    store.run(_keep, layer_id, known)
    return done


def refresh_due(store: Store, work: Work = UNWATCHED) -> int:
    """Every layer that was not asked for within a day; how many were tried. What goes wrong is
    said on the layer alone. In a rehearsal nothing is asked."""
    if _is_rehearsal(store):
        return 0
    tried = 0
    for layer in store.read(web_layers):
        if _is_due(layer.known, store.clock.now()):
            tried += 1
            try:
                refresh_layer(store, layer.id, work)
            except Stopped:
                raise
            except ConsoleError:
                continue  # kept on the layer
    return tried


def _layer(uow: UnitOfWork, layer_id: str) -> WebLayer:
    row = uow.fetch(CalendarLayer, layer_id)
    if not row.source.startswith(SOURCE):
        raise NotAllowed(f"“{row.name}” came from a file; import that file again.")
    return web_layer(uow, row)


def _look(
    store: Store, address: WebAddress, known: Known | None, work: Work
) -> tuple[CalendarLook | None, Known]:
    """What is there, and what is known of it then; None for as before."""
    from app.services.calendar.fetching import Tags, fetch

    before = known or Known(private=True)
    fetched = fetch(
        address,
        tags=Tags(before.etag, before.modified),
        private=before.private,
        work=work.part(0, 0.4),
    )
    now = store.clock.now().isoformat()
    after = Known(fetched.tags.etag, fetched.tags.modified, fetched.was_private, now, now)
    if fetched.data is None:
        return None, replace(after, private=before.private, read_at=before.read_at)
    name = address.spoken.rpartition("/")[2]
    with tempfile.TemporaryDirectory(prefix="flight-console-") as folder:
        path = Path(folder) / (name.replace(":", "-") or "calendar")
        path.write_bytes(fetched.data)
        if is_vendor_notice(path):
            raise BadInput(
                f"{address.spoken} holds a vendor’s maintenance notices. Save it as a file and "
                "import that; nothing was changed."
            )
        later = work.part(0.4, 1)

        def told(done: int, total: int) -> None:
            later.told(done, total)

        look = look_into_calendar(store, path, progress=told, cancelled=work.stop)
    return replace(look, source=SOURCE + address.url, spoken=address.spoken, known=after), after


def _is_due(known: Known, now: datetime) -> bool:
    if not known.tried_at:
        return True
    since = now - datetime.fromisoformat(known.tried_at)
    return since >= (AGAIN if known.trouble else EVERY) or since < timedelta()


def _keep(uow: UnitOfWork, layer_id: str, known: Known) -> None:
    healed = bool(known_of(uow, layer_id).trouble)
    keep_known(uow, layer_id, known)
    if healed:
        uow.emit(CalendarChanged())


def _note_trouble(uow: UnitOfWork, layer_id: str, sentence: str) -> None:
    before = known_of(uow, layer_id)
    keep_known(uow, layer_id, replace(before, tried_at=uow.now.isoformat(), trouble=sentence))
    uow.emit(CalendarChanged())


def _is_rehearsal(store: Store) -> bool:
    return (store.folder / REHEARSAL).exists()


def _require_real(store: Store) -> None:
    if _is_rehearsal(store):
        raise NotAllowed(
            "This is a rehearsal: nothing is fetched from the web. The layers stay as they are."
        )
