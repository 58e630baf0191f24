"""The crew board answers as its own description says, whatever it is asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import positive_data_acceptance

from app.models.crew.taps import TapAct
from app.services.crew.web import CrewApp, build_crew_app
from app.services.crew.web.limits import Buckets
from app.services.crew.web.openapi import openapi
from app.services.database import Store
from app.wiring.crew_photos import recoded
from tests.conftest import Count
from tests.services.crew_flight import ITO, crew_store, flying, link_of

BOTH = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)
FEW, MANY = 5, 400


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = crew_store(tmp_path)
    yield made
    made.close()


@pytest.fixture
def path(store: Store) -> str:
    return link_of(store, flying(store), ITO).path


@pytest.fixture
def app(store: Store, path: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[CrewApp]:
    """Patient: a machine asks quicker than any person."""
    monkeypatch.setattr(Buckets, "take", lambda buckets, key: True)
    made = build_crew_app(store, recoded=recoded)
    yield made
    made.close()


def test_every_answer_is_one_that_is_described(app: CrewApp, path: str, count: Count) -> None:
    """Also to what it does not allow; nothing that breaks its rules is taken, nothing fails. What
    keeps them may be refused all the same: a clock that is ahead, a step that is not there."""
    described = schemathesis.openapi.from_dict(
        {**openapi(), "servers": [{"url": f"http://crew{path}"}]}
    )
    described.app = app
    seen: set[tuple[str, int]] = set()
    sparing = settings(
        max_examples=count(FEW, MANY),
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    for found in described.get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()
        for mode in BOTH:
            if operation.label == "GET /calls" and mode is not BOTH[0]:
                continue  # it takes nothing that could be wrong

            @sparing
            @given(case=operation.as_strategy(generation_mode=mode))
            def ask(case: Any) -> None:
                answer = case.call_and_validate(excluded_checks=[positive_data_acceptance])
                seen.add((case.operation.label, answer.status_code))

            ask()
    assert {("GET /board", 200), ("GET /calls", 200), ("POST /tap", 400)} <= seen


def test_it_describes_every_tap_a_phone_can_make() -> None:
    acts = openapi()["paths"]["/tap"]["post"]["requestBody"]["content"]["application/json"]
    assert set(acts["schema"]["properties"]["act"]["enum"]) == set(TapAct) - {TapAct.PHOTO}
