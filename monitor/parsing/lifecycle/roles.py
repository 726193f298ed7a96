"""What a text does with each document that it names, told by the words that govern its mark.

根据①和②，制定③: a cue governs every mark of a chain that only conjunctions join, until a comma with new words
or a verb of making ends it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from monitor.parsing.lifecycle.mentions import MARK, MarkedText, Sentence, index_of
from monitor.parsing.text import key
from monitor.types import Relation

_MARKS = re.compile(MARK)
_CLAUSE_END = re.compile(r"[，,：:（(]")
_COMMA = re.compile(r"[，,：:]")
_JOINS = re.compile(r"[^，,：:]{0,80}[、和及与或暨][^，,：:]{0,120}|[，,]?")

_MAKES = re.compile(
    r"(?:制定|制订|研制|编制|起草|草拟|拟定|拟订|修订|修改|形成|出台|提出|出具|填写|提交|填报|签订|颁发|核发)(?!的)"
    r"|现将|将$|报送|现[^，,]{0,6}(?:印发|发布|公布)"
)
_BASIS = re.compile(r"根据|依据|按照|依照|遵照|遵循|贯彻|落实|执行|围绕|按$|按(?=国家|省|市|自治区)")

_REPEALS = re.compile(r"废止|失效|作废|(?:停止|终止|不再|不予)(?:执行|施行|实施|适用|使用)(?!的)")
_NOT_REPEALED = re.compile(
    r"(?:未|不得|擅自|可|应当?|是否|修改|修订|立改|改|或者?|、|已|被|经|届满|期满|到期|需要?|建议|期|拟)"
    r"(?:自行|自动|即行|予以|明令|宣布)?$"
)
_REPEALED_BEFORE = re.compile(r"的|之?后|之?前|时|情形|手续|日期|或|、|无效")
_ADVERBS = re.compile(
    r"(?:同时|同步|即行|即日起|随即|予以|一并|现|也|均|全部|宣布|自行|自动|相应)*(?:(?:[自从于至]|\d{4}年)[^，,]{0,40})?"
)
_CONFLICT = re.compile(r"不一致|不相符|不符|相抵触|冲突|有效期|执行完毕")
_TAKES_FORCE = re.compile(r"(?:施行|实施|执行|生效)(?!之日|后)|有效期|为准|制定|解释|规定的")
_FARTHEST = 40  # characters from 废止 to what it repeals
_LIST_OPENS = re.compile(
    r"(?:以下|下列|如下|附件)[^。]{0,60}(?:废止|失效|作废|停止执行|不再执行)|(?:废止|失效|停止执行)[^。]{0,20}[：:]"
)
_ITEM = re.compile(
    rf"\s*(?:[（(]?[\d一二三四五六七八九十]{{1,4}}[）)、.．:：]?|[①-⑳•·-])?\s*(?:原[^，,。]{{0,30}})?{MARK}"
)

_AMENDED = re.compile(
    r"[^，,；：:]{0,60}?(?:(?:作|作出|进行|予以)(?:了|出)?(?:如下|以下|部分|相应|必要|局部)?的?"
    r"(?:修改|修订|修正|调整|补充|更正|完善|勘误)"
    r"|修改为|修订为|更正为|调整为|改为|修改如下|更正如下|勘误|的补充(?:通知|规定|意见)|(?:延长|延续|顺延|延期)[至到])"
    r"|(?:的?有效期限?)?(?:延长|延续|顺延|延期)|[^，,的]{0,10}继续(?:有效|执行|施行|实施)"
)
_AMENDS = re.compile(r"(?:修改|修正|更正|延长|延续)(?:[^，,。]{0,12}等)?$|继续(?:执行|实施|施行)$|修订$")
_REISSUES = re.compile(r"(?:转发|翻印)(?!的)")
_PASSED_ON = re.compile(r"[^，,。]{0,30}(?:转发|翻印)")
_EXPLAINS = re.compile(r"解读|答记者问|问答|图解|一图|起草说明")
_SHORTEST_OWN = 4  # characters of a title that is looked for in another


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
        listing = listing or bool(_LIST_OPENS.search(sentence.text))
    _recognise_own(text, roles, key(title), doc_number)
    return roles


@dataclass(frozen=True, slots=True)
class _Row:
    """The marks of a sentence: `gaps` has the text before each and after the last, `joined` whether a mark
    goes on with the chain of the one before."""

    text: str
    marks: Sequence[re.Match[str]]
    gaps: Sequence[str]
    joined: Sequence[bool]

    def chain_to(self, place: int) -> Iterator[int]:
        """The marks of a chain from `place` back to its first."""
        yield place
        while self.joined[place]:
            place -= 1
            yield place

    def chain_from(self, place: int) -> Iterator[int]:
        """The marks of a chain from `place` on to its last."""
        yield place
        while place + 1 < len(self.marks) and self.joined[place + 1]:
            place += 1
            yield place


def _row(text: str) -> _Row:
    marks = list(_MARKS.finditer(text))
    edges = [0, *(mark.end() for mark in marks)]
    starts = [*(mark.start() for mark in marks), len(text)]
    gaps = [text[a:b] for a, b in zip(edges, starts, strict=True)]
    joined = [place > 0 and _joins(gap) for place, gap in enumerate(gaps[:-1])]
    return _Row(text, marks, gaps, joined)


def _joins(gap: str) -> bool:
    return bool(_JOINS.fullmatch(gap)) and not (_MAKES.search(gap) or _TAKES_FORCE.search(gap))


def _sort(sentence: Sentence, roles: Roles, listing: bool) -> None:
    row = _row(sentence.text)
    indexes = [index_of(mark[0]) for mark in row.marks]
    for index, relation in zip(indexes, _governed(sentence, row), strict=True):
        if relation is None:
            roles.own.add(index)
        else:
            roles.relations[index] = relation
    changed = dict.fromkeys(_amended(row), Relation.AMENDS)
    changed |= dict.fromkeys([0] if listing else _repealed(row), Relation.REPEALS)
    for place, relation in changed.items():
        roles.relations[indexes[place]] = relation
        roles.own.discard(indexes[place])


def _governed(sentence: Sentence, row: _Row) -> Iterator[Relation | None]:
    """What the words before each mark (and 转发 right after it) make of it; None: the notice's own."""
    current: Relation | None = Relation.CITES
    for gap, after, joined in zip(row.gaps, row.gaps[1:], row.joined, strict=False):
        clause = _CLAUSE_END.split(gap)[-1]
        if not joined:
            current = _role_of(clause, sentence)
        if "将" in clause and _PASSED_ON.match(after):
            current = Relation.REISSUE_OF
        yield current


def _role_of(clause: str, sentence: Sentence) -> Relation | None:
    if _REISSUES.search(clause):
        return Relation.REISSUE_OF
    if _AMENDS.search(clause) and (sentence.in_title or not clause.endswith("修订")):
        return Relation.AMENDS
    cue = max((match.end() for match in _BASIS.finditer(clause)), default=-1)
    makes = max((match.start() for match in _MAKES.finditer(clause)), default=-1)
    if makes > cue:
        return None
    founding = sentence.opening or sentence.in_title
    return Relation.BASIS if cue >= 0 and founding else Relation.CITES


def _amended(row: _Row) -> Iterator[int]:
    """对①和②进行了修订, ①第五条修改为: the places of what the words after a chain change."""
    for place, after in enumerate(row.gaps[1:]):
        if _AMENDED.match(after):
            chain = list(row.chain_to(place))
            yield from chain if "对" in row.gaps[chain[-1]] else [place]


def _repealed(row: _Row) -> Iterator[int]:
    """The places of the documents that a sentence puts out of force."""
    before = 0
    for verb in _REPEALS.finditer(row.text):
        while before < len(row.marks) and row.marks[before].end() <= verb.start():
            before += 1
        if _is_said_of_no_one(row.text, verb):
            continue
        if before and _reaches(row.text[row.marks[before - 1].end() : verb.start()]):
            yield from row.chain_to(before - 1)
        elif before < len(row.marks) and _takes(row.text[verb.end() : row.marks[before].start()]):
            yield from row.chain_from(before)


def _is_said_of_no_one(text: str, verb: re.Match[str]) -> bool:
    """不得废止, 废止前, 修改或者废止."""
    start, end = verb.span()
    return bool(_NOT_REPEALED.search(text, max(0, start - 8), start) or _REPEALED_BEFORE.match(text, end))


def _reaches(between: str) -> bool:
    """The words between a mark and 废止 let it stand for the mark: ①（中的…）自…起同时废止."""
    first, *rest = _COMMA.split(between)
    told_otherwise = _CONFLICT.search(between) or _TAKES_FORCE.search(first)
    return not told_otherwise and all(map(_ADVERBS.fullmatch, rest))


def _takes(between: str) -> bool:
    """废止 and its object: 决定废止原省卫生厅①."""
    return len(between) <= _FARTHEST and not _COMMA.search(between)


def _recognise_own(text: MarkedText, roles: Roles, title: str, doc_number: str | None) -> None:
    """A document in the notice's title that nothing is done to is its own; so is its number.

    An explanation of a document has it in the title too, and is not that document.
    """
    titled = "" if explains(title) else title
    for index, mention in enumerate(text.mentions):
        only_cited = roles.relations.get(index) is Relation.CITES and not mention.number
        named = key(mention.title) if mention.title else ""
        is_number = mention.number and doc_number and _is_same_number(mention.number, doc_number)
        if is_number or (only_cited and len(named) >= _SHORTEST_OWN and named in titled):
            roles.own.add(index)
    for index in roles.own:
        roles.relations.pop(index, None)
    _follow_names(text, roles)


def _is_same_number(named: str, own: str) -> bool:
    """2022年第1号 in a text is the 公告（2022年第1号） of a field."""
    return key(named) == key(own) or (named[:1].isdecimal() and key(named) in key(own))


def explains(title: str) -> bool:
    """The notice is an explanation of another document."""
    return bool(_EXPLAINS.search(title))


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
