"""`forecast`: when the flight ends, and until when it can turn back."""

from __future__ import annotations

import argparse
from datetime import datetime, timedelta
from typing import Any

from app.cli.printing import one_line, show, there
from app.models.times import speak_moment, speak_span
from app.services.outages.planning import find_outage
from app.services.runbook.forecasting import ForecastRows, forecast_rows
from app.wiring import Console


def forecast(console: Console, asked: argparse.Namespace) -> int:
    rows = console.store.read(lambda uow: forecast_rows(uow, find_outage(uow, asked.outage).id))
    if asked.json:
        show(_as_json(rows))
        return 0

    def spoken(at: datetime) -> str:
        return speak_moment(at, rows.zone)

    print(f"{rows.code} {one_line(rows.title)}: {rows.state.words}")
    print(f"Ends        {spoken(rows.end_likely)}, promised {spoken(rows.promised_end)}")
    print(f"            80 %: {spoken(rows.end_high)}; at best {spoken(rows.end_low)}")
    print(f"Turn back   by {spoken(rows.backout_moment)}")
    for lost in rows.past_return:
        print(f"            no way back any more: {one_line(lost)}")
    print(f"Critical    {' '.join(rows.critical) or 'nothing'}")
    for code, minutes in rows.eaten:
        print(f"Over plan   {code} by {minutes} min")
    for step in rows.steps:
        if step.slack is not None:
            slack = speak_span(step.slack) if step.slack else "none"
            late = "  too late for its lock" if step.late else ""
            what = one_line(f"{step.code} {step.title}")
            print(f"  {spoken(step.start)}  slack {slack:<12}  {what}{late}")
    return 0


def _as_json(rows: ForecastRows) -> dict[str, Any]:
    def at(moment: datetime) -> str:
        return there(moment, rows.zone)

    return {
        "outage": rows.code,
        "state": rows.state.value,
        "promised_end": at(rows.promised_end),
        "end_low": at(rows.end_low),
        "end_likely": at(rows.end_likely),
        "end_high": at(rows.end_high),
        "backout_moment": at(rows.backout_moment),
        "critical": list(rows.critical),
        "over_plan": [{"step": code, "minutes": minutes} for code, minutes in rows.eaten],
        "steps": [
            {
                "code": step.code,
                "title": step.title,
                "state": step.state.value,
                "start": at(step.start),
                "end": at(step.end),
                "slack_minutes": None
                if step.slack is None
                else int(step.slack / timedelta(minutes=1)),
                "late": step.late,
            }
            for step in rows.steps
        ],
    }
