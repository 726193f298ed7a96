"""Whether a notice asks the public for its opinion."""

import re

from monitor.types import Notice

_ASKS = re.compile(r"(?:征求|征集|征询|听取).{0,160}意见|征求意见稿|征求意见|意见征集|意见征询", re.DOTALL)
_TELLS = re.compile(r"(?:采纳|反馈|汇总|处理|答复|落实|吸收|研究).{0,6}情况|征求意见结果|征集结果")
_INVITES = re.compile(r"(?:^|[，。；\n])现[^。；：\n]{0,80}(?:征求|征集)[^。；：\n]{0,30}意见")
_OPENING = 1200  # characters of the text in which an invitation stands


def is_consultation(notice: Notice) -> bool:
    """The title says so, or the text opens with an invitation; a report on what came of one is none."""
    if _TELLS.search(notice.title):
        return False
    return bool(_ASKS.search(notice.title) or _INVITES.search(notice.body[:_OPENING]))
