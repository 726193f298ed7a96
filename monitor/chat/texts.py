"""The words of the chat in a user's language, from gettext catalogues.

The English text is the message id; locale/LANGUAGE.po translates it. A text may hold the marks
`<b> <i> <code> <pre> <blockquote> <a>`; what is put into its {places} is escaped.
"""

import io
from collections.abc import Iterable
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from markupsafe import Markup

from monitor.words import Language, Words

_LOCALE = Path(__file__).with_name("locale")


class Texts:
    """Says things in one language."""

    def __init__(self, language: str) -> None:
        self.language: Language = "en" if language == "en" else "zh"
        self.words = Words(self.language)
        self._catalogue = _catalogue(self.language)

    def say(self, message: str, /, **values: object) -> Markup:
        """Text of a reply."""
        return Markup(self._catalogue.gettext(message)).format(**values)

    def counted(self, one: str, many: str, count: int, /, **values: object) -> Markup:
        """Text that depends on a number, which is {count} in it."""
        return Markup(self._catalogue.ngettext(one, many, count)).format(count=count, **values)

    def listed(self, names: Iterable[str]) -> str:
        """One after the other, as the language separates them."""
        return self.words("、", ", ").join(names)

    def label(self, message: str, /, **values: object) -> str:
        """Text without marks: of a button, or one that shows for a moment."""
        return self._catalogue.gettext(message).format(**values)


def code(text: object) -> Markup:
    """A rule or a command as it is written; a tap copies it."""
    return Markup("<code>{}</code>").format(text)


def bold(text: object) -> Markup:
    """What stands out."""
    return Markup("<b>{}</b>").format(text)


def N_(message: str) -> str:  # noqa: N802 - gettext's usual name
    """Marks a text that is translated where it is shown."""
    return message


@cache
def _catalogue(language: str) -> NullTranslations:
    """The catalogue as the program finds it at its source: nothing has to be compiled beforehand."""
    path = _LOCALE / f"{language}.po"
    if not path.exists():  # English is what stands in the code
        return NullTranslations()
    compiled = io.BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)
