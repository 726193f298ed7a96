"""The commands without a chat program: what they answer to what is said, in one transaction."""

from pathlib import Path

import monitor.chat.commands  # noqa: F401 - makes them known
from monitor.chat.dispatch import respond
from monitor.chat.model import Caller, Incoming
from monitor.chat.services import Services
from monitor.config.load import load_config
from monitor.storage import Storage
from rules import default_vocabulary
from tests.making import NOW

PERSON = Caller(channel="telegram", address="42", user="42")


def services_of(storage: Storage, folder: Path) -> Services:
    """The services of a program that watches nothing."""
    path = folder / "config.yaml"
    path.write_text("sources: []\n", "utf-8")
    return Services(
        storage=storage,
        vocabulary=default_vocabulary(),
        config=load_config(path, {}),
        channels={},
        sources={},
        watch=lambda _: None,
        clock=lambda: NOW,
    )


def answer(services: Services, text: str, reply_to: str | None = None) -> str:
    """What a person is told who says this, as it is marked up."""
    with services.storage.begin() as tx:
        made = respond(services, tx, Incoming(caller=PERSON, text=text, reply_to=reply_to))
    return "\n".join(one.screen.text for one in made if one.screen)
