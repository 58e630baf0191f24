"""What each flight of a series takes over from it, as plain values."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from app.models.errors import BadInput
from app.models.outages.decisions import card_from, card_to
from app.models.outages.lifecycle import ImpactClass
from app.models.times import Window
from app.services.outages.planning import Plan

_TUPLES = ("services", "cis", "audiences")
_OWN = ("window", "coordinator_id")
"""What each flight has of its own: its time, and who is on duty then."""


def plan_to_plain(plan: Plan) -> dict[str, Any]:
    plain = {each.name: getattr(plan, each.name) for each in fields(plan) if each.name not in _OWN}
    for name in _TUPLES:
        plain[name] = None if plain[name] is None else list(plain[name])
    return {**plain, "impact": plan.impact.value, "card": card_to(plan.card)}


def plan_from_plain(plain: dict[str, Any], window: Window, coordinator_id: str | None) -> Plan:
    """Raises BadInput for what a newer console wrote."""
    known = {each.name for each in fields(Plan)}
    if strange := plain.keys() - known:
        raise BadInput(f"The series holds {', '.join(sorted(strange))}, which is not known here.")
    values = {**plain, "impact": ImpactClass(plain["impact"]), "card": card_from(plain["card"])}
    for name in _TUPLES:
        values[name] = None if values[name] is None else tuple(values[name])
    return replace(Plan(**values, window=window), coordinator_id=coordinator_id)
