"""A run of joint issuers as printed → their names."""

import re
from collections.abc import Callable
from functools import cache

_SEPARATORS = re.compile(r"[、，,;；/]+")
_AND_OTHERS = re.compile(
    r"\s*等(?:\s*[\d一二三四五六七八九十]*\s*个?\s*(?:有关)?(?:部门|单位|部委|局委|委局|机构))?\s*$"
)
_COMPLETE = re.compile(
    r"(?:局|委|会|厅|部|办|院|署|组|司|处|中心|公室|政府|机制|总社|联盟|平台|银行|分行|国务院|中央|关)$"
)
_LONGEST_NAME, _LONGEST_RUN = 40, 200  # characters
_JOINING = re.compile(r"会同|联合|和|与|及")

IsName = Callable[[str], bool]


def split_agencies(text: str, is_name: IsName) -> tuple[list[str], bool]:
    """Names as printed, and whether the run ended in 等; `is_name` knows names when it sees them.

    White space is between two names or, where a line was broken, within one: of all ways to read a run the
    one with the fewest unknown names counts.
    """
    run = _AND_OTHERS.sub("", text)
    names: list[str] = []
    for part in _SEPARATORS.split(run):
        for name in _join_tokens(part.split(), is_name):
            names.extend([name] if is_name(name) else _part_glued(name, is_name))
    return names, run != text


def _join_tokens(tokens: list[str], is_name: IsName) -> list[str]:
    """The cheapest way to group neighbouring tokens into names."""
    best: list[tuple[int, list[str]]] = [(0, [])]
    for end in range(1, len(tokens) + 1):
        ways = (
            (
                best[start][0] + _cost(tokens[start:end], is_name),
                [*best[start][1], "".join(tokens[start:end])],
            )
            for start in range(max(0, end - 5), end)
        )
        best.append(min(ways, key=lambda way: way[0]))
    return best[-1][1]


def _cost(group: list[str], is_name: IsName) -> int:
    name = "".join(group)
    if is_name(name):
        return 1
    joins_complete_names = 4 * sum(1 for token in group[:-1] if _COMPLETE.search(token))
    return (3 if _COMPLETE.search(name) else 6) + joins_complete_names


def _part_glued(text: str, is_name: IsName) -> list[str]:
    """国家卫生健康委办公厅民政部办公厅 → its names; text that is not made of names stays whole."""

    @cache
    def parts_from(start: int) -> list[str] | None:
        if start == len(text):
            return []
        for end in range(min(len(text), start + _LONGEST_NAME), start + 1, -1):
            if is_name(text[start:end]):
                joining = _JOINING.match(text, end)
                rest = parts_from(joining.end() if joining else end)
                if rest is not None:
                    return [text[start:end], *rest]
        return None

    return (len(text) <= _LONGEST_RUN and parts_from(0)) or [text]
