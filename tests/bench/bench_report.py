"""The after-action report of a flight of 150 steps, from its log: drafted, as the window does at
the all-clear, and in its three forms."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from PySide6.QtWidgets import QApplication

from app.models.outages.lifecycle import State
from app.models.reports.after_action import AfterAction
from app.models.reports.after_document import after_document, edits_offered
from app.models.reports.document import markdown
from app.services.live.paper import enter_paper
from app.services.reports.after_action import after_action_html
from app.services.reports.building import after_action_data
from app.views.reports.document_view import write_document
from tests.bench.bench_paper import STEPS, make_flight, paper
from tests.bench.measure import promise, quiet, seconds
from tests.flights import START, set_state
from tests.makers import clock_of, make_store

LIMIT_S = 1.0
ROUNDS = 6


def main() -> int:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication.instance() or QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        store = make_store(Path(folder))
        outage_id = store.run(make_flight)
        clock_of(store).set(START + timedelta(hours=5))
        store.run(enter_paper, outage_id, paper(STEPS, minutes=1))
        store.run(set_state, outage_id, State.COMPLETE)
        report = store.read(after_action_data, outage_id)
        assert sum(step.finished is not None for step in report.steps) == STEPS

        forms: dict[str, Callable[[AfterAction], object]] = {
            "drafted": edits_offered,
            "html": after_action_html,
            "markdown": lambda data: markdown(after_document(data)),
            "pdf": lambda data: write_document(after_document(data), Path(folder) / "report.pdf"),
        }

        def took(form: Callable[[AfterAction], object]) -> float:
            """From the log on, each time."""
            form(report)  # warms fonts and template
            draft = [
                seconds(lambda: form(store.read(after_action_data, outage_id)))
                for _ in range(ROUNDS)
            ]
            return quiet(draft)

        taken = {name: took(form) for name, form in forms.items()}
        store.close()
    del app
    kept = [promise(f"report.150-steps-{name}.s", t, LIMIT_S) for name, t in taken.items()]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
