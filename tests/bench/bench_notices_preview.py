"""The preview of a notice to 25,000 people after a key: lint, words, and the picture of what
leaves, against 50 ms; from the store's answer to the painted page."""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from app.models.notices.kinds import NoticeKind
from app.models.outages.lifecycle import State
from app.services.notices.composing import compose, preview
from app.views.notices.preview_card import PreviewCard
from app.views.theme import Theme
from tests.bench.bench_notices_export import crowd
from tests.bench.measure import promise, quiet
from tests.flights import START, make_flight
from tests.services.notices_flights import desk_store

ALLOWED = 0.050
LIMIT = 1.0
ROUNDS = 40


def main() -> int:
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    Theme(app)
    with tempfile.TemporaryDirectory() as name:
        store = desk_store(Path(name), START - timedelta(days=20))
        outage_id = store.run(make_flight, State.PLANNED)
        store.run(crowd)
        shown = store.read(compose, outage_id, NoticeKind.PLANNED)
        source, ready = shown.messages[0].source, shown.prepared
        card = PreviewCard()
        card.resize(420, 800)
        card.show()
        taken = []
        for number in range(ROUNDS):
            begun = time.perf_counter()
            body = f"{source}\n\nKey {number}."
            made = store.read(
                preview, outage_id, NoticeKind.PLANNED, shown.subject, body, ready=ready
            )
            card.show_composed(made)
            card.repaint()
            taken.append(time.perf_counter() - begun)
        assert f"Key {ROUNDS - 1}." in card.leaving
        card.close()
        store.close()
    middle = statistics.median(taken)
    print(f"  {quiet(taken) * 1e3:.1f} ms undisturbed, {middle * 1e3:.1f} ms in the middle")
    return 0 if promise("notices-preview", quiet(taken) / ALLOWED, LIMIT) else 1


if __name__ == "__main__":
    sys.exit(main())
