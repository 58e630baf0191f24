"""The numbers of a period as tiles and as what charts are drawn from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from app.models.reports.kpi import Estimate, Kpi, Load, Numbers, Rate, percent
from app.views.widgets.charts import Datum
from app.views.widgets.tone import Tone

MOST = 8
"""So many bars are read at a glance; the paper and the CSV have them all."""
_RATES: dict[str, Callable[[Numbers], Rate]] = {
    "On time": lambda n: n.on_time,
    "Change success": lambda n: n.success,
    "Notices in time": lambda n: n.notices_in_time,
}


def tiles(kpi: Kpi) -> Iterator[tuple[str, str, str]]:
    """(number, what it is, what it is of); always seven."""
    total = kpi.total
    for name, of in _RATES.items():
        rate = of(total)
        yield _share(rate), name, f"{rate.good} of {rate.of}" if rate.of else "none to count"
    yield str(total.flown), "Flown", f"{kpi.cancelled} cancelled"
    back = f"{total.backed_out} backed out"
    yield str(total.extensions), "Extensions", back
    rest = total.rest
    stood = f"of {speak_hours(rest.of)}" if rest.of else "none to count"
    yield speak_hours(rest.minutes) if rest.of else "–", "Standing by saved", stood
    if kpi.since_woken is None:
        yield "–", "Since a leader was woken", "nobody ever was"
    else:
        days = "1 day" if kpi.since_woken == 1 else f"{kpi.since_woken} days"
        yield days, "Since a leader was woken", f"{kpi.woken} in this period"


def month_data(kpi: Kpi, name: str) -> list[Datum]:
    """`name` is that of a rate; the year stands with its first month that is shown."""
    data = []
    year = ""
    for month, numbers in kpi.months:
        short, _, its_year = month.partition(" ")
        label = short if its_year == year else f"{short} {its_year[-2:]}"
        year = its_year
        rate = _RATES[name](numbers)
        data.append(Datum(label, rate.share, rate.short))
    return data


def estimate_data(estimates: Sequence[Estimate]) -> list[Datum]:
    """100 % stands in the middle, twice the plan and more at the end."""
    return [
        Datum(
            each.runbook,
            min(each.factor, 2.0) / 2,
            f"{percent(each.factor)}, {each.verdict}",
            Tone.INFO if each.holds else Tone.WARN,
        )
        for each in estimates[:MOST]
    ]


def load_data(loads: Sequence[Load]) -> list[Datum]:
    """Against whoever bears most."""
    most = max((load.minutes for load in loads), default=0) or 1
    return [
        Datum(
            load.who,
            load.minutes / most,
            f"{load.flights} {'flight' if load.flights == 1 else 'flights'}, "
            + speak_hours(load.minutes),
        )
        for load in loads[:MOST]
    ]


def speak_hours(minutes: int) -> str:
    """`40 min`, `71 h`: a load is compared in hours, however many."""
    return f"{minutes} min" if minutes < 60 else f"{round(minutes / 60)} h"


def _share(rate: Rate) -> str:
    return "–" if rate.share is None else percent(rate.share)
