"""What subscribers want: the vocabulary of the field, the rule language and the rule index.

    rule = parse_rule("省:山西,国家 机构:医保局 (集采 OR 带量采购) -口腔")
    str(rule)                    its canonical form, which parses to the same rule

    index = RuleIndex()
    index.add("a subscription", rule)
    for match in index.match(notice):
        match.rule_id, match.reasons

Knows nothing of `monitor`.
"""

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
