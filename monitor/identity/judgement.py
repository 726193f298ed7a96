"""Are two printings of one document? A table of rules over the evidence."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from monitor.identity.evidence import Evidence, Tie
from monitor.identity.printing import printing
from monitor.types import Notice


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether two printings are of one document, and the reason in a few words. `sure` where the evidence
    would stand against anything that speaks otherwise."""

    same: bool
    reason: str
    sure: bool = False


def keys(notice: Notice) -> frozenset[str]:
    """Under these keys the notice is looked up: two printings of one document share at least one.

    They are stored. Whoever changes them writes a migration that computes them anew, or what was told before
    is told again.
    """
    folded = printing(notice)
    found = {f"title:{folded.title}", f"subject:{folded.subject}"}
    if folded.number is not None:
        found.add(f"number:{folded.number}")
    return frozenset(found)


def compare(one: Notice, other: Notice, *, same_address: bool = False) -> Verdict:
    """Are these two printings of one document?

    `same_address`: both were read at an address that carries one notice at a time.
    """
    evidence = Evidence(printing(one), printing(other))
    rules = (*_AT_ONE_ADDRESS, *_RULES) if same_address else _RULES
    return next(verdict for applies, verdict in rules if applies(evidence))


def belongs(notice: Notice, texts: Sequence[Notice], *, same_address: bool = False) -> Verdict:
    """Is this a printing of the document that these are printings of?

    One of them may fit only because it says so little (a line of a table of contents): then none of the
    others may speak against it.
    """
    verdicts = [compare(notice, text, same_address=same_address) for text in texts]
    against = next((verdict for verdict in verdicts if not verdict.same), verdicts[0])
    return next((verdict for verdict in verdicts if verdict.sure), against)


_AGREE = (Tie.EXACT, Tie.SAME, Tie.ALIKE)

_Rule = tuple[Callable[[Evidence], bool], Verdict]


def _same(reason: str) -> Verdict:
    return Verdict(True, reason)


def _surely(reason: str) -> Verdict:
    return Verdict(True, reason, sure=True)


def _other(reason: str) -> Verdict:
    return Verdict(False, reason)


# The first that applies decides; each asks only for what those before it left open.
_RULES: tuple[_Rule, ...] = (
    (lambda e: e.number is Tie.OTHER, _other("another number")),
    (lambda e: e.number is Tie.SAME and e.title in _AGREE, _surely("the same number and a fitting title")),
    (lambda e: e.number is Tie.SAME and e.text in _AGREE, _surely("the same number and a fitting text")),
    (lambda e: e.title is Tie.OTHER, _other("another title")),
    (lambda e: e.issuer is Tie.OTHER, _other("another issuer")),
    (lambda e: e.number is Tie.ALIKE and e.title is Tie.SAME, _surely("the same number and title")),
    (lambda e: e.text is Tie.OTHER, _other("a similar title over another text")),
    (
        lambda e: e.text is Tie.EXACT and (e.dated or e.dates is not Tie.OTHER),
        _surely("the same text word for word"),
    ),
    (lambda e: e.dates is Tie.OTHER, _other("other dates")),
    (lambda e: e.dates is Tie.UNKNOWN, _other("a fitting title and too little else to tell")),
    (lambda e: e.text is Tie.SAME, _surely("a fitting title and the same text")),
    (lambda e: e.number is Tie.ALIKE, _same("the same number and a fitting title")),
    (lambda e: not e.telling and e.issuer is not Tie.SAME, _other("a title that says little")),
    (lambda e: e.title is Tie.ALIKE, _other("a similar title and too little else to tell")),
    (lambda e: e.dates is Tie.SAME, _same("the same title and date")),
    (lambda e: e.text is Tie.UNKNOWN or e.issuer is Tie.SAME, _same("the same title and fitting dates")),
    (lambda e: True, _other("the same title and too little else to tell")),
)

_AT_ONE_ADDRESS: tuple[_Rule, ...] = (
    (lambda e: e.title in _AGREE, _surely("the same address and a fitting title")),
    (lambda e: e.text in _AGREE, _surely("the same address and a fitting text")),
)
