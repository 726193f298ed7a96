"""Other documents that a notice names, and what it does with them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from monitor.parsing.lifecycle.mentions import MARK, MarkedText, Mention, Sentence, index_of
from monitor.parsing.text import key
from monitor.types import Reference, Relation

_MARKS = re.compile(MARK)
_CLAUSE_END = re.compile(r"[，,：:（(]")

_MAKES = re.compile(
    r"(?:制定|制订|研制|编制|起草|草拟|拟定|拟订|拟|修订|修改|形成|印发|发布|公布|出台|提出|出具|填写|提交|填报|签订|颁发|核发)(?!的|并实施的)"
    r"|现将|将$|报送"
)
_BASIS = re.compile(r"根据|依据|按照|依照|遵照|遵循|贯彻|落实|执行|围绕|按$|按(?=国家|省|市|自治区)")
_JOINS = re.compile(r"^[^，,：:]{0,80}[、和及与或暨][^，,：:]{0,120}$|^[，,]?$")

_ENDS_FORCE = re.compile(r"废止|失效|作废|(?:停止|终止|不再|不予)(?:执行|施行|实施|适用|使用)(?!的)")
_NOT_ENDED = re.compile(
    r"(?:未|不得|擅自|可|应当?|是否|修改|修订|立改|改|或者?|、|已|被|经|届满|期满|到期|需要?|建议|期|拟)(?:自行|自动|即行|予以|明令|宣布)?$"
)
_ENDED_BEFORE = re.compile(r"^(?:的|后|之后|前|之前|时|情形|手续|日期|或|、|无效)")
_ADVERBS = re.compile(
    r"^(?:[自从于至][^，,]{0,40}|同时|即行|即日起|随即|予以|一并|现|现予以?|也|均|全部|宣布|自行|自动|相应|\d{4}年[^，,]{0,10})*$"
)
_CONFLICT = re.compile(r"不一致|不相符|不符|相抵触|冲突|有效期|执行完毕")
_TAKES_FORCE = re.compile(r"施行|实施|执行|生效|有效期|为准|制定|解释|规定的")
_LISTS = re.compile(
    r"(?:以下|下列|如下|附件)[^。]{0,60}(?:废止|失效|作废|停止执行|不再执行)|(?:废止|失效|停止执行)[^。]{0,20}[：:]"
)
_ITEM = re.compile(
    rf"^\s*(?:[（(]?[\d一二三四五六七八九十]{{1,4}}[）)、.．:：]?|[①-⑳-])?\s*(?:原[^，,。]{{0,30}})?{MARK}"
)

_AMENDS_AFTER = re.compile(
    r"^[^，,；：:]{0,60}?(?:(?:作|作出|进行|予以)(?:了|出)?(?:如下|以下|部分|相应|必要|局部)?的?(?:修改|修订|修正|调整|补充|更正|完善|勘误)"
    r"|修改为|修订为|更正为|调整为|改为|修改如下|更正如下|勘误|的补充(?:通知|规定|意见)|有?效?期?(?:延长|延续|顺延|延期)至?|继续(?:有效|执行|施行|实施))"
)
_AMENDS_BEFORE = re.compile(r"(?:修改|修正|更正|延长|延续|废止和修改|修改和废止)(?:[^，,。]{0,12}等)?$|修订$")
_REISSUES = re.compile(r"(?:转发|翻印)(?!的)")
_PASSED_ON = re.compile(r"^[^，,。]{0,30}(?:转发|翻印)")
_REISSUED_TITLE = re.compile(
    r"(?:转发|翻印)(?P<title>[^《》]{4,150}?(?:通知|意见|公告|通告|办法|规定|方案|决定|函|通报))(?:的通知|的函)?$"
)

_YEAR_OR_TRIAL = re.compile(r"(?:[（(][^（）()]{0,20}[）)])+$")
_GENERIC = re.compile(
    r"(?:指导|实施|工作|管理|暂行|若干|操作|具体)?(?:意见|办法|通知|规定|方案|细则|规范|标准|指南|目录|规划|条例|决定|公告|通告|计划|规程|措施|准则|要求|清单|制度|纲要|指引|手册|指标|评价指标)"
)
_DOCUMENT = re.compile(
    r"(?:法|法典|条例|办法|规定|细则|通知|意见|公告|通告|通报|决定|决议|方案|规范|标准|指南|指引|目录|规划|纲要|规程|准则|原则|导则|制度|措施"
    r"|计划|要点|清单|批复|复函|函|章程|要求|政策|规则|基准|预案|药典|建议|公约|守则|大纲|手册|共识|指标|行动|文件|总体框架|工作报告|令)$"
)
_STRENGTH = (Relation.REPEALS, Relation.AMENDS, Relation.REISSUE_OF, Relation.BASIS, Relation.CITES)


@dataclass(slots=True)
class Roles:
    """What a text does with each document that it names, by the index of the mention.

    `own` are the documents that the notice itself puts out.
    """

    relations: dict[int, Relation] = field(default_factory=dict)
    own: set[int] = field(default_factory=set)


def find_roles(text: MarkedText, title: str, doc_number: str | None) -> Roles:
    """Sort the mentions of a text into the notice's own documents and others, with their relations."""
    roles = Roles()
    listing = False
    for sentence in text.sentences:
        if _MARKS.search(sentence.text):
            listing = listing and bool(_ITEM.match(sentence.text))
            _sort(sentence, roles, listing)
        elif sentence.starts_line:
            listing = False
        listing = listing or bool(_LISTS.search(sentence.text))
    _recognise_own(text, roles, key(title), doc_number)
    return roles


def _sort(sentence: Sentence, roles: Roles, listing: bool) -> None:
    marks = list(_MARKS.finditer(sentence.text))
    indexes = [index_of(mark[0]) for mark in marks]
    gaps = _gaps(sentence.text, marks)
    for index, relation in zip(indexes, _governed(sentence, gaps), strict=True):
        if relation is None:
            roles.own.add(index)
        else:
            roles.relations[index] = relation
    repealed = [0] if listing else _ended(sentence.text, marks, gaps)
    for index in (indexes[place] for place in repealed):
        roles.relations[index] = Relation.REPEALS
        roles.own.discard(index)


def _gaps(text: str, marks: list[re.Match[str]]) -> list[str]:
    """The text before the first mark, between each two, and after the last."""
    edges = [0, *(mark.end() for mark in marks)]
    starts = [*(mark.start() for mark in marks), len(text)]
    return [text[a:b] for a, b in zip(edges, starts, strict=True)]


def _governed(sentence: Sentence, gaps: list[str]) -> Iterator[Relation | None]:
    """What the words before (and right after) each mark make of it; None is the notice's own document."""
    current: Relation | None = Relation.CITES
    for place, gap in enumerate(gaps[:-1]):
        clause = _CLAUSE_END.split(gap)[-1]
        if place == 0 or not (_JOINS.match(gap) and not _MAKES.search(gap)):
            current = _role_of(sentence, clause)
        after = gaps[place + 1]
        if _AMENDS_AFTER.match(after) or _amended_with_next(gaps, place):
            yield Relation.AMENDS
        elif current is not Relation.REISSUE_OF and _PASSED_ON.match(after) and "将" in clause:
            current = Relation.REISSUE_OF
            yield current
        else:
            yield current


def _amended_with_next(gaps: list[str], place: int) -> bool:
    """对①和②进行了修订: the first of a chain is amended when its last is."""
    chained = place
    while chained + 2 < len(gaps) and _JOINS.match(gaps[chained + 1]):
        chained += 1
    return chained > place and bool(_AMENDS_AFTER.match(gaps[chained + 1])) and "对" in gaps[place]


def _role_of(sentence: Sentence, clause: str) -> Relation | None:
    if _REISSUES.search(clause):
        return Relation.REISSUE_OF
    cue = max((match.end() for match in _BASIS.finditer(clause)), default=-1)
    makes = max((match.start() for match in _MAKES.finditer(clause)), default=-1)
    if _AMENDS_BEFORE.search(clause) and (sentence.in_title or not clause.endswith("修订")):
        return Relation.AMENDS
    if makes > cue:
        return None
    if cue >= 0:
        return Relation.BASIS if sentence.opening or sentence.in_title else Relation.CITES
    return Relation.CITES


def _ended(text: str, marks: list[re.Match[str]], gaps: list[str]) -> Iterator[int]:
    """The places (in `marks`) of the documents that a sentence puts out of force."""
    for verb in _ENDS_FORCE.finditer(text):
        if _NOT_ENDED.search(text, max(0, verb.start() - 8), verb.start()) or _ENDED_BEFORE.match(
            text[verb.end() : verb.end() + 4]
        ):
            continue
        before = [place for place, mark in enumerate(marks) if mark.end() <= verb.start()]
        chain = list(_chain_before(text, marks, gaps, before, verb.start()))
        yield from chain or _chain_after(text, marks, gaps, verb.end())


def _chain_before(
    text: str, marks: list[re.Match[str]], gaps: list[str], before: list[int], verb: int
) -> Iterator[int]:
    if not before:
        return
    clauses = re.split(r"[，,：:]", text[marks[before[-1]].end() : verb])
    if _CONFLICT.search("，".join(clauses)) or _TAKES_FORCE.search(clauses[0]):
        return
    if not all(map(_ADVERBS.match, clauses[1:])):
        return
    for place in reversed(before):
        yield place
        gap = gaps[place]
        if place == 0 or not _JOINS.match(gap) or _TAKES_FORCE.search(gap):
            return


def _chain_after(text: str, marks: list[re.Match[str]], gaps: list[str], verb: int) -> Iterator[int]:
    after = [place for place, mark in enumerate(marks) if mark.start() >= verb]
    if (
        not after
        or re.search(r"[，,]", text[verb : marks[after[0]].start()])
        or marks[after[0]].start() - verb > 40
    ):
        return
    for place in after:
        yield place
        if not _JOINS.match(gaps[place + 1]):
            return


def _recognise_own(text: MarkedText, roles: Roles, title: str, doc_number: str | None) -> None:
    """A document in the notice's title that nothing is done to is its own; so is its number."""
    for index, mention in enumerate(text.mentions):
        only_cited = roles.relations.get(index) is Relation.CITES and not mention.number
        named = key(mention.title) if mention.title else ""
        is_number = doc_number and mention.number and key(mention.number) == key(doc_number)
        if is_number or (only_cited and len(named) > 3 and named in title):
            roles.own.add(index)
    for index in roles.own:
        roles.relations.pop(index, None)
    _follow_names(text, roles)


def _follow_names(text: MarkedText, roles: Roles) -> None:
    """Further mentions of an own document, by its title or the short name that it was given, are own too."""
    names = {
        key(name)
        for index in roles.own
        for name in (text.mentions[index].title, text.mentions[index].short_name)
        if name
    }
    for index, mention in enumerate(text.mentions):
        weak = roles.relations.get(index) in (Relation.CITES, None)
        if weak and mention.title and not mention.number and key(mention.title) in names:
            roles.own.add(index)
            roles.relations.pop(index, None)


def references(text: MarkedText, roles: Roles, title: str, *, in_force: bool) -> tuple[Reference, ...]:
    """Every other document once, with its strongest relation; what a draft would repeal it only cites."""
    found: dict[str, Reference] = {}
    short_names = {key(m.short_name): m for m in text.mentions if m.short_name}
    for index, mention in enumerate(text.mentions):
        relation = roles.relations.get(index)
        if relation is None or not _is_document(mention, relation, short_names):
            continue
        if relation is Relation.REPEALS and not in_force:
            relation = Relation.CITES
        _merge(found, Reference(mention.title, mention.number, relation))
    if reissued := _reissued_title(title, found.values()):
        _merge(found, Reference(reissued, None, Relation.REISSUE_OF))
    return tuple(found.values())


def _is_document(mention: Mention, relation: Relation, short_names: dict[str, Mention]) -> bool:
    if mention.number:
        return True
    title = mention.title or ""
    if mention.is_annex or key(title) in short_names or _GENERIC.fullmatch(title):
        return False
    return relation is not Relation.CITES or bool(
        _DOCUMENT.search(_YEAR_OR_TRIAL.sub("", title).rstrip("”〉"))
    )


def _merge(found: dict[str, Reference], new: Reference) -> None:
    name = key(new.title) if new.title else key(new.doc_number or "")
    old = found.get(name) or next(
        (r for r in found.values() if new.doc_number and r.doc_number == new.doc_number), None
    )
    if old is None:
        found[name] = new
        return
    relation = min(old.relation, new.relation, key=_STRENGTH.index)
    place = key(old.title) if old.title else key(old.doc_number or "")
    found[place] = Reference(old.title or new.title, old.doc_number or new.doc_number, relation)


def _reissued_title(title: str, known: Iterable[Reference]) -> str | None:
    """The title that a forwarding notice repeats without quotation marks (某局转发上级关于…的通知)."""
    match = _REISSUED_TITLE.search(title)
    if not match or any(reference.relation is Relation.REISSUE_OF for reference in known):
        return None
    return match["title"].removeprefix("关于") if match["title"].startswith("关于转发") else match["title"]
