"""Public holidays from the `holidays` library, of which one country at a time is loaded."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from datetime import date
from importlib.util import find_spec, module_from_spec

COUNTRIES = "holidays.countries"
LANGUAGE = "en_US"
"""Where the library has no English names for a country, it gives the country's own. Named, or the
names would follow the machine's environment."""


def holidays_of(country: str, subdivision: str, years: Iterable[int]) -> Mapping[date, str]:
    """What they are called, by day; none where no country is named, or one that the library does
    not know."""
    if not country:
        return {}
    _load_each_by_itself()
    from holidays import country_holidays

    subdiv = subdivision or None
    try:
        found = country_holidays(country, subdiv=subdiv, years=set(years), language=LANGUAGE)
    except NotImplementedError:
        return {}
    return {day: str(name) for day, name in found.items()}


def _load_each_by_itself() -> None:
    """The library asks for the module of a country by its name, and Python first runs the package
    around it, which loads all 250: 8 MB in every window. Each is whole without it."""
    if COUNTRIES not in sys.modules:
        spec = find_spec(COUNTRIES)
        assert spec is not None
        sys.modules[COUNTRIES] = module_from_spec(spec)
