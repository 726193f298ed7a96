"""The documents that a text names, and the text with each of them replaced by one mark.

With titles and numbers out of the way a sentence shows how it is built: 根据《甲》（号）和《乙》，制定《丙》
becomes 根据①和②，制定③, and no word or date inside a title can be taken for the sentence's own.
"""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from monitor.parsing.numbers import PrintedNumber, find_number, find_numbers
from monitor.parsing.signature import only_date
from monitor.parsing.text import squeeze, tidy_title

_FIRST_MARK, _LAST_MARK = 0xF0000, 0xFFFFD
MARK = f"[{chr(_FIRST_MARK)}-{chr(_LAST_MARK)}]"
"""Pattern of a mark: one character of a private plane that no text uses."""

_FOREIGN_MARKS = re.compile(MARK)
_SPACE_BY_MARK = re.compile(rf"(?<={MARK}) | (?={MARK})")
_LONGEST_TITLE = 250  # characters
_LONGEST_BARE = 160
_QUOTES = re.compile(r"[《》]")
_INNER = r"[^（）()\n]{0,60}"
_BRACKET = re.compile(rf" ?[（(]({_INNER}(?:[（(]{_INNER}[）)]{_INNER}){{0,2}})[）)]")
_SHORT_NAME = re.compile(r"(?:简称|下称|统称)(?:为|作)?[“\"《]{0,2}(?P<name>[^”\"》，,；;）)]{2,30})")
_ANNEX = re.compile(r"^(?:详?见)?附[件表录]|^(?:略|另发|附后)$")
_TITLE_NOUNS = tuple("通知 意见 公告 通告 办法 规定 方案 决定 批复 复函 函 细则 规范 目录 标准".split())  # noqa: SIM905
_CLAUSE_END = re.compile(r"[，,。；;：:《》]")
_BEFORE_ISSUER = re.compile(
    r"^.*(?:根据|依据|按照|依照|遵照|贯彻|落实|执行|转发|翻印|参照|废止|同时|现将|\d[.．、]|[、和及将原])"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A document named in a text, by its title, its number or both."""

    title: str | None
    number: str | None
    short_name: str | None = None
    is_annex: bool = False


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the marked text.

    `opening`: it stands where a document says what it rests on, before its first numbered section or in its
    first article. `starts_line`: it is the first of its paragraph.
    """

    text: str
    opening: bool = False
    starts_line: bool = False
    in_title: bool = False


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A notice's title and body as sentences in which marks stand for `mentions`."""

    sentences: tuple[Sentence, ...]
    mentions: tuple[Mention, ...]


def index_of(mark: str) -> int:
    """The index in `MarkedText.mentions` that a mark stands for."""
    return ord(mark) - _FIRST_MARK


def mark_text(title: str, body: str) -> MarkedText:
    """The sentences of a title and a body, with the documents that they name replaced by marks."""
    mentions: list[Mention] = []
    sentences = [Sentence(_marked(title, mentions), in_title=True, starts_line=True)]
    opening = True
    for line in body.split("\n"):
        section = _SECTION.match(line)
        if section or only_date(line):
            opening = not section
        founding = opening or bool(_FIRST_ARTICLE.match(line))
        for number, text in enumerate(_SENTENCE.findall(_marked(line, mentions))):
            sentences.append(Sentence(text, founding or bool(_FOUNDS.search(text)), number == 0))
    return MarkedText(tuple(sentences), tuple(mentions))


_SENTENCE = re.compile(r"[^。；;！!？?]{1,2000}[。；;！!？?]?")  # longer ones are no prose
_SECTION = re.compile(
    r"\s*(?:[（(]?[一二三四五六七八九十]{1,3}[）)、.．]|\d{1,2}[、.．]|第[一二三四五六七八九十百\d]{1,5}[章节条])"
)
_FIRST_ARTICLE = re.compile(r"\s*第(?:一|1)条")
_FOUNDS = re.compile(r"(?:制定|制订|编制|拟定|提出)(?:了)?(?:本|以下|如下)")


def _marked(line: str, mentions: list[Mention]) -> str:
    """The line with marks; what they stand for is added to `mentions`."""
    text = " ".join(_FOREIGN_MARKS.sub("", line).split())
    if "《" not in text and "号" not in text:
        return squeeze(text)
    parts: list[str] = []
    done = 0
    for start, end, mention in _mentions(text):
        if mentions and start == done and parts and mention.title and not mentions[-1].title:
            mentions[-1] = replace(mention, number=mention.number or mentions[-1].number)
        elif _FIRST_MARK + len(mentions) <= _LAST_MARK:
            parts += text[done:start], chr(_FIRST_MARK + len(mentions))
            mentions.append(mention)
        done = end
    return _SPACE_BY_MARK.sub("", squeeze("".join((*parts, text[done:]))))


def _mentions(text: str) -> Iterator[tuple[int, int, Mention]]:
    """Where a line names a document, in order and without overlaps."""
    numbers = deque(find_numbers(text) if "号" in text else ())
    quotes = [match.start() for match in _QUOTES.finditer(text)]
    done = 0
    for index, start in enumerate(quotes):
        if start < done or text[start] == "》" or (found := _titled(text, quotes, index)) is None:
            continue
        for bare in _bare_numbers(text, numbers, done, start):
            yield bare
            done = bare[1]
        yield start, *found
        done = found[0]
    yield from _bare_numbers(text, numbers, done, len(text))


def _bare_numbers(
    text: str, numbers: deque[PrintedNumber], start: int, end: int
) -> Iterator[tuple[int, int, Mention]]:
    """The numbers between `start` and `end` that stand without a title in quotation marks."""
    while numbers and numbers[0].start < end:
        number = numbers.popleft()
        if number.start >= start:
            found = _bare(text, start, number)
            yield found
            start = found[1]


def _titled(text: str, quotes: Sequence[int], index: int) -> tuple[int, Mention] | None:
    """The document whose title opens at `quotes[index]`, and where its naming ends."""
    start = quotes[index]
    close = _closing(text, quotes, index)
    if close is None:
        return _unclosed(text, quotes, index)
    end, notes = _brackets(text, close + 1)
    return end, _mention(text[start + 1 : close], notes)


def _closing(text: str, quotes: Sequence[int], index: int) -> int | None:
    """Where the title that opens at `quotes[index]` closes; titles nest."""
    depth = 0
    for position in quotes[index : index + 12]:
        if position - quotes[index] > _LONGEST_TITLE:
            return None
        depth += 1 if text[position] == "《" else -1
        if depth == 0:
            return position
    return None


def _unclosed(text: str, quotes: Sequence[int], index: int) -> tuple[int, Mention] | None:
    """A title whose 》 is missing ends where its number is given in brackets, or at the first 》."""
    start = quotes[index] + 1
    following = next((quote for quote in quotes[index + 1 : index + 3] if text[quote] == "《"), len(text))
    stretch = text[start : min(following, start + _LONGEST_TITLE)]
    for bracket in _BRACKET.finditer(stretch):
        if find_number(bracket[1]):
            title = stretch[: bracket.start()].removesuffix("》")
            return start + bracket.end(), _mention(title, [bracket[1]])
    title, closed, _ = stretch.partition("》")
    return (start + len(title) + 1, _mention(title, [])) if closed else None


def _brackets(text: str, position: int) -> tuple[int, list[str]]:
    """The notes in brackets right after a title, and where they end."""
    notes: list[str] = []
    while len(notes) < 3 and (bracket := _BRACKET.match(text, position)):
        notes.append(bracket[1])
        position = bracket.end()
    return position, notes


def _mention(title: str, notes: Sequence[str]) -> Mention:
    number = next((value for note in notes if (value := find_number(note))), None)
    short = next((match["name"] for note in notes if (match := _SHORT_NAME.search(note))), None)
    return Mention(tidy_title(title), number, short, any(_ANNEX.match(note) for note in notes))


def _bare(text: str, done: int, number: PrintedNumber) -> tuple[int, int, Mention]:
    """A number without quotation marks; 某局关于…的通知（号） gives the title too."""
    start, end = number.start, number.end
    if text[start - 1 : start] in ("（", "(") and text[end : end + 1] in ("）", ")"):
        clause = _CLAUSE_END.split(text[max(done, start - _LONGEST_BARE) : start - 1])[-1]
        issuer, about, rest = clause.partition("关于")
        if about and rest.endswith(_TITLE_NOUNS):
            title = _BEFORE_ISSUER.sub("", issuer) + about + rest
            return start - 1 - len(title), end + 1, Mention(title, number.value)
    return start, end, Mention(None, number.value)
