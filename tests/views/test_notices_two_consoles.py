"""Two consoles write the draft of one notice."""

from __future__ import annotations

from PySide6.QtTest import QTest

from app.models.notices.kinds import NoticeKind
from app.services.notices.composing import compose
from app.services.notices.facts import NoticeExtra
from app.services.notices.sending import save_draft
from app.services.notices.typed_values import Typed
from tests.views.notices_scene import Scene, scene, write

BRIEF = NoticeKind.SERVICE_DESK_BRIEF
__all__ = ["scene"]


def answer(scene: Scene) -> str:
    return scene.store.read(compose, scene.outage_id, BRIEF).extra.desk_answer


def theirs(scene: Scene, words: str) -> None:
    scene.store.run(save_draft, scene.outage_id, BRIEF, extra=NoticeExtra(desk_answer=words))


def keep(scene: Scene) -> None:
    scene.tab._keep()
    scene.settle()


def clash(scene: Scene) -> None:
    scene.show(BRIEF)
    QTest.keyClicks(scene.tab.composer.fields.editor(Typed.DESK_ANSWER), "Ours")
    theirs(scene, "Theirs")
    keep(scene)


def test_what_another_console_wrote_beside_it_stays(scene: Scene) -> None:
    scene.show(BRIEF)
    write(scene, "Bring cake.")
    theirs(scene, "Theirs")
    keep(scene)
    assert answer(scene) == "Theirs"
    assert "Bring cake." in scene.store.read(compose, scene.outage_id, BRIEF).text
    assert scene.told.errors == []


def test_of_the_same_words_the_later_is_told_and_keeps_what_was_typed(scene: Scene) -> None:
    clash(scene)
    assert "Another console changed the same words" in scene.told.errors[-1]
    assert answer(scene) == "Theirs"
    field = scene.tab.composer.fields.editor(Typed.DESK_ANSWER)
    assert field.text() == "Ours"
    QTest.keyClicks(field, "!")
    keep(scene)
    assert answer(scene) == "Ours!"
    assert scene.told.errors == []


def test_the_words_of_the_other_can_be_taken(scene: Scene) -> None:
    clash(scene)
    take = scene.told.action
    assert take is not None and take[0] == "Take theirs"
    take[1]()
    scene.settle()
    assert scene.tab.composer.fields.editor(Typed.DESK_ANSWER).text() == "Theirs"
    keep(scene)
    assert answer(scene) == "Theirs"


def test_going_on_typing_is_no_clash_with_oneself(scene: Scene) -> None:
    """The second is kept before the first is answered."""
    scene.show(BRIEF)
    field = scene.tab.composer.fields.editor(Typed.DESK_ANSWER)
    for word in ("One", " two", " three"):
        QTest.keyClicks(field, word)
        scene.tab._keep()
    scene.settle()
    assert answer(scene) == "One two three"
    assert scene.told.errors == []
