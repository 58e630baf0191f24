from __future__ import annotations

from app.models.live.words import Say, SayFacts, words_to_say


def test_a_step_nobody_has_is_not_said_to_nobody_by_name() -> None:
    facts = SayFacts(title="Drain", next_step="step 7, Flash")
    assert words_to_say(Say.GO, facts).endswith("We begin with step 7, Flash: who takes it?")
    assert words_to_say(Say.STATUS, facts).endswith("Next is step 7, Flash: who takes it?")
