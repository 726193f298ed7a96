"""What is wrong with a rule: where, what was found, what to write instead, in Chinese and in English."""

import unicodedata
from collections.abc import Iterable, Mapping
from enum import Enum
from types import MappingProxyType

_AROUND = 40
"""How many characters of a long line are shown before and after the place."""


class Problem(Enum):
    """Each problem as a sentence in both languages; the names in braces are details of the error."""

    EMPTY = ("规则是空的；可以这样写：省:山西 集采", "The rule is empty; write for example: 省:山西 集采")
    TOO_LONG = (
        "规则太长：{found} 个字，最多 {limit} 个",
        "The rule is too long: {found} characters, at most {limit}",
    )
    TOO_DEEP = ("括号套得太深，最多 {limit} 层", "Too many brackets inside each other, at most {limit}")
    TOO_MANY = ("条件太多，最多 {limit} 个", "There are too many conditions, at most {limit}")
    UNEXPECTED = ("这里不应出现“{found}”", "“{found}” cannot stand here")
    UNFINISHED = (
        "规则没有写完：“{found}”后面还缺内容",
        "The rule is unfinished: something must follow “{found}”",
    )
    UNCLOSED_BRACKET = ("这个括号没有闭合", "This bracket is never closed")
    UNOPENED_BRACKET = ("这个右括号没有对应的左括号", "This closing bracket was never opened")
    UNCLOSED_QUOTE = ("这个引号没有闭合", "This quotation mark is never closed")
    NO_CONTENT = ("“{found}”里没有可以查找的文字", "“{found}” has no text to look for")
    UNKNOWN_FACET = (
        "没有叫“{found}”的条件；要查找这几个字，请加引号",
        "There is no facet “{found}”; to look for these characters, put them in quotation marks",
    )
    UNKNOWN_REGION = (
        "“{found}”不是已知的省市；如果是要查找的词，请用空格与前面隔开",
        "“{found}” is no known province or city; if it is a word to look for, put a space before it",
    )
    SHARED_REGION = ("好几个地方都叫“{found}”", "Several places are called “{found}”")
    UNKNOWN_AGENCY = (
        "“{found}”不是已知的机构；如果是要查找的词，请用空格与前面隔开",
        "“{found}” is no known agency; if it is a word to look for, put a space before it",
    )
    UNKNOWN_CHOICE = ("“{facet}”不能是“{found}”", "“{facet}” cannot be “{found}”")
    NOT_ORDERED = ("“{found}”不能比较大小，请用冒号", "“{found}” has no order; write a colon")
    NEEDS_COMPARISON = ("“{found}”要与日期比较", "“{found}” is compared with a date")
    BAD_LIMIT = ("“{found}”不能与“{facet}”比较", "“{facet}” cannot be compared with “{found}”")
    SCOPE_OF_FACET = (
        "“{found}”后面的括号里只能是它的取值；多个值用逗号隔开",
        "“{found}” takes values, not conditions in brackets; separate values by commas",
    )
    NESTED_PREFIX = ("这个括号里只能写词", "Only words can stand in these brackets")
    NEAR_NEEDS_WORDS = (
        "“近”的两边只能是词，或用 | 连接的词",
        "Both sides of 近 must be words, or words joined by |",
    )
    DISTANCE = ("距离须在 {low} 到 {high} 之间", "The distance must be from {low} to {high}")
    WILDCARD = (
        "“{found}”的通配符太宽：* 两边各要至少两个字，一个词里最多 {limit} 个 *",
        "The wildcards of “{found}” are too wide: two characters on each side of a *, at most {limit} *",
    )
    SAVED_NAME = (
        "“{found}”不能作规则的名称：要一个词，不含空格、逗号、括号和引号，最多 {limit} 个字",
        "“{found}” cannot name a rule: one word without spaces, commas, brackets and quotation marks, "
        "at most {limit} characters",
    )
    UNKNOWN_SAVED = ("没有保存过叫“{found}”的规则", "No rule was saved as “{found}”")
    SAVED_CYCLE = ("保存的规则“{found}”引用了它自己", "The saved rule “{found}” refers to itself")
    SAVED_TOO_DEEP = (
        "保存的规则一个引用一个，最多 {limit} 层",
        "Saved rules refer to each other too deep, at most {limit} levels",
    )
    SAVED_BROKEN = (
        "保存的规则“{found}”有错：{inner_zh}",
        "The saved rule “{found}” has an error: {inner_en}",
    )
    MATCHES_EVERYTHING = (
        "这条规则几乎会匹配所有通知；请加上要查找的内容，或写明 *",
        "This rule would match nearly every notice; add what you look for, or say so with *",
    )


class RuleError(ValueError):
    """A rule that cannot be understood: `text[start:end]` is the place, `suggestions` what would be right.

    `str(error)` is the English text; `render("zh")` the Chinese one.
    """

    def __init__(
        self,
        problem: Problem,
        text: str,
        start: int = 0,
        end: int | None = None,
        *,
        suggestions: Iterable[str] = (),
        details: Mapping[str, object] = MappingProxyType({}),
    ) -> None:
        super().__init__(problem, text, start, end)
        self.problem = problem
        self.text = text
        self.start = start
        self.end = len(text) if end is None else end
        self.suggestions = tuple(suggestions)
        self.details = {"found": self.found, **details}

    @property
    def found(self) -> str:
        """The characters at the place."""
        return self.text[self.start : self.end].strip()

    def message(self, language: str = "zh") -> str:
        """What is wrong and what would be right, in a line."""
        chinese, english = self.problem.value
        if language == "zh":
            hint = f"；是不是“{'”“'.join(self.suggestions)}”？" if self.suggestions else ""
            return chinese.format_map(self.details) + hint
        hint = f"; did you mean {' or '.join(self.suggestions)}?" if self.suggestions else ""
        return english.format_map(self.details) + hint

    def render(self, language: str = "zh") -> str:
        """The message, the line of the rule, and a caret under the place."""
        before = self.text[: self.start].rpartition("\n")[2]
        place = self.text[self.start : self.end].partition("\n")[0][:_AROUND]
        after = self.text[self.start + len(place) :].partition("\n")[0]
        before = before if len(before) <= _AROUND else "…" + before[-_AROUND:]
        after = after if len(after) <= _AROUND else after[:_AROUND] + "…"
        caret = " " * _columns(before) + "^" * max(1, _columns(place))
        line = f"{before}{place}{after}".replace("\t", " ")
        return f"{self.message(language)}\n  {line}\n  {caret}"

    def __str__(self) -> str:
        return self.render("en")


def _columns(text: str) -> int:
    """How many columns of a terminal the text fills."""
    return sum(map(_width, text))


def _width(character: str) -> int:
    """Two for a wide character, none for a mark that stands on another character or is not seen."""
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
