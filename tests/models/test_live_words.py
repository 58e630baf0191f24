from __future__ import annotations

from app.models.live.words import Say, SayFacts, words_to_say


def test_a_step_nobody_has_is_not_said_to_nobody_by_name() -> None:
    facts = SayFacts(title="Drain", next_step="step 7, Flash")
    assert words_to_say(Say.GO, facts).endswith("We begin with step 7, Flash: who takes it?")
    assert words_to_say(Say.STATUS, facts).endswith("Next is step 7, Flash: who takes it?")


def test_what_is_blocked_is_said_and_not_that_nothing_runs() -> None:
    facts = SayFacts(blocked_step="step 9, Swap", blocked_owner="S. Kowalski")
    said = words_to_say(Say.STATUS, facts)
    assert said.startswith("S. Kowalski is blocked on step 9, Swap.")


def test_what_is_being_verified_is_not_said_to_be_still_to_come() -> None:
    facts = SayFacts(now_step="step 41, Check", now_owner="K. Ito", verifying=True)
    assert words_to_say(Say.STATUS, facts).endswith("After that everything is verified.")


def test_a_way_back_that_has_passed_is_not_said_to_be_open() -> None:
    facts = SayFacts(title="Drain", end="23:00", old_end="22:00", way_back="21:10", way_closed=True)
    assert "our way back closed at 21:10" in words_to_say(Say.GO, facts)
    assert "Our way back stays closed. People" in words_to_say(Say.EXTEND, facts)
