"""What subscribers want: the vocabulary of the field, the rule language and the rule index.

    rule = parse_rule("省:山西,国家 机构:医保局 (集采 OR 带量采购) -口腔")
    str(rule)                      # its canonical form, which parses to the same rule

    index = RuleIndex()
    index.add("a subscription", rule)
    for match in index.match(notice):
        print(match.rule_id, match.reasons)

`rules.explain` tells why a rule did not match. Knows nothing of `monitor`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rules.errors import RuleError
    from rules.index import RuleIndex
    from rules.language import parse_rule
    from rules.model import Match, NoticeLike, Reason, Rule, RuleId
    from rules.vocabulary import Vocabulary, default_vocabulary

__all__ = [
    "Match",
    "NoticeLike",
    "Reason",
    "Rule",
    "RuleError",
    "RuleId",
    "RuleIndex",
    "Vocabulary",
    "default_vocabulary",
    "parse_rule",
]

_HOMES = {
    "RuleError": "rules.errors",
    "RuleIndex": "rules.index",
    "Vocabulary": "rules.vocabulary",
    "default_vocabulary": "rules.vocabulary",
    "parse_rule": "rules.language",
    **dict.fromkeys(("Match", "NoticeLike", "Reason", "Rule", "RuleId"), "rules.model"),
}


def __getattr__(name: str) -> Any:
    """Import on first use: who only needs the nouns does not wait for numpy and lark."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
