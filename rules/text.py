"""Text as it is compared: what a page break, a width, a layout space or a traditional form must never hide.

Only for keys and matching; what people see is always the text as printed. Every character is folded by
itself (a term found in the printed text is found in the folded text too, whatever stands around it), then
the spaces that carry no meaning are taken out.
"""

import re
import sys
import unicodedata
from collections.abc import Callable
from functools import cache
from itertools import chain

# Radicals that PDF fonts yield in place of whole characters (⻓期, ⺠政部), where NFKC has no answer.
# Source: Unicode Character Database, EquivalentUnifiedIdeograph.txt.
_RADICALS = dict(
    zip(
        "⺁⺂⺃⺄⺅⺆⺈⺉⺊⺋⺌⺍⺎⺏⺐⺒⺓⺔⺕⺖⺗⺘⺙⺛⺜⺝⺞⺟⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺫⺬⺭⺯⺰⺱⺲⺳⺴⺶⺹⺺⺻"
        "⺼⺾⺿⻀⻁⻂⻃⻄⻅⻆⻈⻉⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻖⻗⻘⻙⻚⻛⻜⻝⻟⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳",
        "厂乛乚乙亻冂刀刂卜㔾小小兀尣尢巳幺彑彐忄心扌攵旡日月歺母民氵氺灬爫爫丬牛犭王目示礻糹纟罓罒㓁冗羊耂肀聿"
        "肉艹艹艹虎衤覀西见角讠贝车辶辶辶邑钅長镸长门阝雨青韦页风飞食飠饣马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟",
        strict=True,
    )
)
_DASHES = "‐‑‒–—―⸺⸻−﹘﹣－"
_TILDES = "~∼〜～"
_DOTS = "·•‧∙⋅・･"
_OPENING, _CLOSING = "[〔【〖﹝［", "]〕】〗﹞］"
_QUOTES = '"“”„‟″〝〞〟＂「」『』﹁﹂﹃﹄｢｣«»'
_VARIANTS = {
    **_RADICALS,
    **dict.fromkeys(_DASHES, "-"),
    **dict.fromkeys(_TILDES, "~"),
    **dict.fromkeys(_DOTS, "·"),
    **dict.fromkeys(_OPENING, "("),
    **dict.fromkeys(_CLOSING, ")"),
    **dict.fromkeys("‘’‚‛′＇`´", "'"),
    **dict.fromkeys("○◯", "〇"),  # the year in 二○二二年
    **dict.fromkeys(_QUOTES, ""),  # “双通道”药品 and 双通道药品 are one phrase
}
# Zero-width and direction marks, accents, variation selectors, halves of surrogate pairs.
_DROPPED = {"Cf", "Mn", "Me", "Cs"}
_SPACES = {"Zs", "Zl", "Zp", "Cc"}
_UNMET = "\0"  # a control character, to which nothing is folded

# A space says something only between two words of a script that separates words by spaces.
_WORD = r"[^\W_⺀-鿿ꥠ-꥿가-퟿豈-﫿\U00020000-\U0003ffff]"
_MEANINGLESS_SPACE = re.compile(rf" (?: *+(?!{_WORD})|(?<!{_WORD} ) *)")


def normalise(text: str) -> str:
    """The text folded for comparison; folding twice changes nothing.

    Widths, letter case, accents, traditional forms, radicals, dashes and brackets are folded (every bracket
    that a document number is printed in is a parenthesis); quotation marks and invisible characters go;
    white space stays, as one space, only between two words of a spaced script.
    """
    return _MEANINGLESS_SPACE.sub("", _folding().fold(text))


def normalise_with_offsets(text: str) -> tuple[str, list[int]]:
    """`normalise(text)` and, for each of its characters, the index in `text` of the one it came from."""
    pieces = _folding().fold_each(text)
    folded = "".join(pieces)
    origins = [index for index, piece in enumerate(pieces) for _ in piece]
    offsets: list[int] = []
    kept_from = 0
    for space in _MEANINGLESS_SPACE.finditer(folded):
        offsets += origins[kept_from : space.start()]
        kept_from = space.end()
    return _MEANINGLESS_SPACE.sub("", folded), offsets + origins[kept_from:]


class _Folding:
    """What each character is folded to, worked out when it is first met.

    A list, since looking characters up is a quarter of what a notice costs against a thousand rules: one of
    all Unicode takes 9 MB and half the time of a `dict` with `__missing__`.
    """

    def __init__(self, simplify: Callable[[str], str]) -> None:
        self._simplify = simplify
        self._by_code_point = [_UNMET] * (sys.maxunicode + 1)

    def fold(self, text: str) -> str:
        folded = text.translate(self._by_code_point)
        if _UNMET in folded:
            self._meet(text)
            folded = text.translate(self._by_code_point)
        return folded

    def fold_each(self, text: str) -> list[str]:
        """Character by character."""
        self._meet(text)
        return [self._by_code_point[ord(character)] for character in text]

    def _meet(self, text: str) -> None:
        for character in set(text):
            if self._by_code_point[ord(character)] == _UNMET:
                self._by_code_point[ord(character)] = self._fixpoint(character)

    def _fixpoint(self, text: str) -> str:
        folded = "".join(chain.from_iterable(map(self._step, text)))
        return folded if folded == text else self._fixpoint(folded)

    def _step(self, character: str) -> str:
        if character in _VARIANTS:
            return _VARIANTS[character]
        category = unicodedata.category(character)
        if category in _DROPPED:
            return ""
        if category in _SPACES:
            return " "
        return self._simplify(unicodedata.normalize("NFKD", character).lower())


@cache
def _folding() -> _Folding:
    # Character by character: opencc's phrase tables would fold one character differently in a term than in
    # the text around the same term.
    from opencc import OpenCC  # noqa: PLC0415 - only who matches pays for loading it

    convert: Callable[[str], str] = OpenCC("t2s").convert
    return _Folding(convert)
