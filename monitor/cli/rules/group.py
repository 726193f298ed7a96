"""What the commands about rules share."""

from typing import Annotated, NoReturn

import typer

from monitor.cli import app, purpose
from monitor.cli.terminal import err, words
from monitor.storage import Subscriber, Transaction

group = typer.Typer(no_args_is_help=True, help=purpose("rules"))
app.add_typer(group, name="rules")

RuleArgument = Annotated[str, typer.Argument(metavar="RULE")]
SubscriberOption = Annotated[
    str | None,
    typer.Option(
        metavar="WHO",
        help=words(
            "谁保存的规则；只有一位订阅人时可不写", "whose saved rules; the only subscriber's if absent"
        ),
    ),
]


def chosen_subscriber(tx: Transaction, name: str | None) -> Subscriber:
    """The subscriber of that name, or the only one there is. Ends the command where that is nobody."""
    everybody = [person for person in tx.destinations.subscribers() if not person.operator]
    found = [person for person in everybody if name in (None, person.name)]
    known = "、".join(person.name for person in everybody[:20]) or "-"
    if name is None and len(found) != 1:
        end(words(f"请用 --subscriber 指定订阅人：{known}", f"name one with --subscriber: {known}"), 2)
    if not found:
        end(
            words(f"没有订阅人 {name}，已有的是：{known}", f"there is no subscriber {name}; known: {known}"),
            2,
        )
    return found[0]


def end(sentence: str, status: int = 1) -> NoReturn:
    """Say why and end the command."""
    err.print(sentence, style="red", markup=False)
    raise typer.Exit(status)
