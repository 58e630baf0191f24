"""Where the crew board is served: what is refused, and what links begin with."""

import pytest

from app.models.crew.serving import Proof, Serving, require_servable, serving_from
from app.models.errors import BadInput


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        (Serving(host="crew.example"), "by number"),
        (Serving(host="0.0.0.0"), "Every address"),
        (Serving(port=70_000), "from 1 to 65535"),
        (Serving(proof=Proof.OWN), "certificate and the file of its key"),
        (Serving(proof=Proof.OWN, certificate="a.pem", key="b.pem"), "host name"),
        (Serving(proof=Proof.PROXY, host="192.168.1.20"), "127.0.0.1 only"),
        (Serving(proof=Proof.PROXY, public="http://crew.example"), "https://crew.example"),
        (Serving(proof=Proof.PROXY, public="https://crew.example/?a=1"), "https://crew.example"),
    ],
)
def test_what_cannot_be_served_says_what_to_change(wanted: Serving, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        require_servable(wanted)


@pytest.mark.parametrize(
    ("serving", "base"),
    [
        (Serving("192.168.1.20", 8443), "https://192.168.1.20:8443"),
        (Serving("192.168.1.20", 443, name="crew.example"), "https://crew.example"),
        (Serving("fd00::20", 8443), "https://[fd00::20]:8443"),
        (Serving(proof=Proof.PROXY, public="https://crew.example/"), "https://crew.example"),
    ],
)
def test_links_begin_with_what_a_phone_reaches(serving: Serving, base: str) -> None:
    assert serving.base == base


def test_it_reaches_nobody_else_until_somebody_chooses_an_address() -> None:
    assert not Serving().is_reached
    assert Serving("192.168.1.20").is_reached
    assert Serving(proof=Proof.PROXY, public="https://crew.example").is_reached


def test_what_was_kept_comes_back_and_nonsense_is_the_default() -> None:
    kept = Serving("192.168.1.20", 9443, Proof.SELF_MADE, name="crew.example")

    assert serving_from(kept.as_json()) == kept
    oddities: tuple[object, ...] = (None, [], {"port": "x"}, {"proof": "x"}, {"host": "crew"})
    for odd in oddities:
        assert serving_from(odd) == Serving()
