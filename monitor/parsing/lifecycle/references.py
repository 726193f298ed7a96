"""Other documents that a notice names, each once, with what the notice does to it."""

import re
from collections.abc import Iterable

from monitor.parsing.lifecycle.mentions import MarkedText, Mention
from monitor.parsing.lifecycle.roles import Roles
from monitor.parsing.text import key
from monitor.types import Reference, Relation

_STRENGTH = (Relation.REPEALS, Relation.AMENDS, Relation.REISSUE_OF, Relation.BASIS, Relation.CITES)

_NOTES_OF_TITLE = re.compile(r"(?:[（(][^（）()]{0,20}[）)])+$")
_KINDS = (
    "意见|办法|通知|规定|方案|细则|规范|标准|指南|目录|规划|条例|决定|公告|通告|计划|规程|措施|准则"
    "|要求|清单|制度|纲要|指引|手册|指标"
)
_SHORT_NAME = re.compile(rf"(?:指导|实施|工作|管理|暂行|若干|操作|具体|评价)?(?:{_KINDS})")
_DOCUMENT = re.compile(
    rf"(?:法|法典|通报|决议|原则|导则|要点|批复|复函|函|章程|政策|规则|基准|预案|药典|建议|公约|守则|大纲|共识|行动|文件|总体框架"
    rf"|工作报告|令|{_KINDS})$"
)
_FORM = re.compile(r"(?:证|书|表|(?<!清)单|卡|回执|票据)$")
_FORWARDED = re.compile(
    r"(?:转发|翻印)(?:关于)?(?P<title>[^《》]{4,150}?(?:通知|意见|公告|通告|办法|规定|方案|决定|函|通报))(?:的通知|的函)?$"
)


def references(text: MarkedText, roles: Roles, title: str, *, in_force: bool) -> tuple[Reference, ...]:
    """Every other document once, with its strongest relation; what a draft would repeal it only cites."""
    short_names = frozenset(key(mention.short_name) for mention in text.mentions if mention.short_name)
    found = _Found()
    for index, mention in enumerate(text.mentions):
        relation = roles.relations.get(index)
        if relation is None or not _is_document(mention, relation, short_names):
            continue
        if relation is Relation.REPEALS and not in_force:
            relation = Relation.CITES
        found.add(Reference(mention.title, mention.number, relation))
    if forwarded := _forwarded_title(title, found.references.values()):
        found.add(Reference(forwarded, None, Relation.REISSUE_OF))
    return tuple(found.references.values())


class _Found:
    """References in order, each once: two of the same title or the same number are one."""

    def __init__(self) -> None:
        self.references: dict[str, Reference] = {}
        self._by_number: dict[str, str] = {}

    def add(self, new: Reference) -> None:
        name = key(new.title or new.doc_number or "")
        name = name if name in self.references else self._by_number.get(new.doc_number or "", name)
        old = self.references.get(name, new)
        relation = min(old.relation, new.relation, key=_STRENGTH.index)
        number = old.doc_number or new.doc_number
        self.references[name] = Reference(old.title or new.title, number, relation)
        if number:
            self._by_number[number] = name


def _is_document(mention: Mention, relation: Relation, short_names: frozenset[str]) -> bool:
    """A title that is no form or licence, no annex, and no short name of a document named before."""
    if mention.number:
        return True
    title = mention.title or ""
    bare = _NOTES_OF_TITLE.sub("", title).rstrip("”〉")
    if mention.is_annex or key(title) in short_names or _SHORT_NAME.fullmatch(title) or _FORM.search(bare):
        return False
    return relation is not Relation.CITES or bool(_DOCUMENT.search(bare))


def _forwarded_title(title: str, known: Iterable[Reference]) -> str | None:
    """The title that a forwarding notice repeats without quotation marks (某局转发上级关于…的通知)."""
    match = _FORWARDED.search(title)
    if not match or any(reference.relation is Relation.REISSUE_OF for reference in known):
        return None
    return match["title"]
