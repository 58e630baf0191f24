"""Switching the board on: at which address and with which certificate, and what follows."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox, QWidget

from app.models.crew.serving import LOOPBACK, Proof, Serving, require_servable
from app.models.errors import BadInput
from app.views.widgets.sheet import Answers, Ask, Kind, Sheet

_WORDS = (
    "The board is served by this computer while the console runs. Whoever is in the network of the "
    "address can reach it; without a link there is nothing to see."
)


class SwitchSheet(Sheet):
    """`serving()` is what was asked for, once it was answered."""

    def __init__(
        self, parent: QWidget, last: Serving, addresses: Sequence[tuple[str, str]], yes_words: str
    ) -> None:
        choices = list(addresses)
        known = {address for address, _ in choices}
        last_host = last.host if last.host in known else LOOPBACK  # the network is another one
        self._last = last
        super().__init__(
            parent,
            "Crew board",
            _WORDS,
            (
                Ask("host", "Address of this computer", Kind.CHOICE, last_host,
                    choices=tuple(choices)),
                Ask("port", "Port", value=str(last.port), hint=_PORT,
                    needed="Give the port, for instance 8443."),
                Ask("proof", "How phones know it", Kind.CHOICE, last.proof.value,
                    hint=last.proof.phone_says,
                    choices=tuple((each.value, each.words) for each in Proof)),
                Ask("name", "Host name in links", value=last.name,
                    hint="The name the certificate is for, such as crew.hospital.example.",
                    needed="Give the host name that the certificate is for.",
                    only_with=("proof", Proof.OWN.value)),
                Ask("certificate", "File of the certificate", value=last.certificate,
                    hint="PEM, with the certificates between it and the authority.",
                    needed="Say where the certificate lies.",
                    only_with=("proof", Proof.OWN.value)),
                Ask("key", "File of its key", value=last.key,
                    hint="PEM, without a password. It is read when the board starts, not copied.",
                    needed="Say where its key lies.", only_with=("proof", Proof.OWN.value)),
                Ask("public", "Address that phones open", value=last.public,
                    hint="The proxy’s, such as https://crew.hospital.example.",
                    needed="Say which address phones open.",
                    only_with=("proof", Proof.PROXY.value)),
            ),
            yes_words,
        )  # fmt: skip
        choice = self.editor("proof")
        assert isinstance(choice, QComboBox)
        choice.currentIndexChanged.connect(self._on_proof)

    def _on_proof(self) -> None:
        self.say("proof", Proof(self.answers()["proof"]).phone_says)
        self.adjustSize()


_PORT = "Any that is free; 443 needs no number in links, but seldom may be used."


def serving_of(answers: Answers) -> Serving:
    """Raises BadInput for a port that is none, and what `require_servable` refuses."""
    proof = Proof(answers["proof"])
    own = proof is Proof.OWN
    try:
        port = int(answers["port"])
    except ValueError:
        raise BadInput(f"A port is a number from 1 to 65535, not “{answers['port']}”.") from None
    if port < 1:
        raise BadInput(f"A port is a number from 1 to 65535, not {port}.")
    return require_servable(
        Serving(
            host=answers["host"],
            port=port,
            proof=proof,
            name=answers["name"] if own else "",
            certificate=answers["certificate"] if own else "",
            key=answers["key"] if own else "",
            public=answers["public"] if proof is Proof.PROXY else "",
        )
    )
