"""`policy-monitor vocabulary`: what a term expands to, and why."""

from typing import Annotated

import typer

from monitor.cli import app, purpose
from monitor.cli.terminal import ConfigOption, optional_configuration, out, words
from monitor.opening import load_vocabulary
from rules import default_vocabulary

group = typer.Typer(no_args_is_help=True, help=purpose("vocabulary"))
app.add_typer(group, name="vocabulary")


@group.command(help=words("说明一个词会找到哪些写法，为什么", "say what a term finds, and why"))
def explain(term: Annotated[str, typer.Argument(metavar="TERM")], config: ConfigOption = None) -> None:
    """Needs no configuration; with one, its own vocabulary counts too."""
    settings = optional_configuration(config)
    vocabulary = load_vocabulary(settings) if settings else default_vocabulary()
    for sentence in vocabulary.explain(term, words.language):
        out.print(sentence, markup=False)
