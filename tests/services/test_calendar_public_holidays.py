"""Public holidays, one country at a time."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest

from app.services.calendar.public_holidays import holidays_of

LOADED = """
import sys
from app.services.calendar.public_holidays import holidays_of
places = [("US", "NY"), ("DE", "BY"), ("IN", "MH"), ("HK", ""), ("GB", "SCT")]
ours = [dict(holidays_of(*place, (2026,))) for place in places]
print(sum(name.startswith("holidays.countries.") for name in sys.modules))
del sys.modules["holidays.countries"]
from holidays import countries
made = (countries.UnitedStates, countries.Germany, countries.India, countries.HongKong,
        countries.UnitedKingdom)
theirs = [dict(each(subdiv=part or None, years={2026}, language="en_US"))
          for each, (_, part) in zip(made, places)]
print(ours == theirs, min(map(len, ours)) > 5)
"""


def test_no_other_country_is_loaded_and_the_days_are_the_library_s_own() -> None:
    ran = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    loaded, same = ran.stdout.splitlines()
    assert int(loaded) <= 8
    assert same == "True True"


@pytest.mark.parametrize("country", ["", "XX"])
def test_a_country_that_nobody_knows_has_none(country: str) -> None:
    assert not holidays_of(country, "", (2026,))


def test_they_have_english_names_whatever_the_machine_speaks() -> None:
    assert holidays_of("DE", "BY", (2026,))[date(2026, 1, 6)] == "Epiphany"
