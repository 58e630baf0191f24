"""How evidence names its files."""

from __future__ import annotations

import pytest

from app.models.changes_evidence import Kept, files_in, kept_as, with_file

SHOT = kept_as("shot.png", b"picture")


def test_a_file_is_named_by_its_content_in_a_line_of_its_own() -> None:
    text = with_file("version read back: 5.0.3", SHOT)
    assert text.splitlines()[1] == SHOT.line
    assert files_in(text) == (SHOT,)


def test_the_same_file_is_named_once() -> None:
    assert with_file(with_file("", SHOT), SHOT) == SHOT.line


def test_another_content_of_that_name_is_another_file() -> None:
    other = kept_as("shot.png", b"another")
    assert files_in(with_file(with_file("", SHOT), other)) == (SHOT, other)


@pytest.mark.parametrize("words", ["file: shot.png", "file: x (sha256 zz)", "see file: y", ""])
def test_words_alone_are_no_file(words: str) -> None:
    assert files_in(words) == ()


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("../../etc/passwd", "etc-passwd"),
        ("a b\n(1).log", "a-b-1-.log"),
        ("...", "file"),
        ("Überblick.PNG", "Überblick.PNG"),
    ],
)
def test_a_name_is_one_that_every_file_system_has(name: str, plain: str) -> None:
    assert kept_as(name, b"x").name == plain


def test_an_endless_name_keeps_its_ending() -> None:
    kept = kept_as("x" * 500 + ".png", b"x")
    assert len(kept.name) <= 80
    assert kept.name.endswith(".png")
    assert files_in(kept.line) == (Kept(kept.name, kept.digest),)
