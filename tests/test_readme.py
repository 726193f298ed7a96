"""The README's picture of an alert is what the program says of the sample digest."""

import datetime as dt
import re
import sys
from pathlib import Path

import pytest

from monitor.compose import compose
from monitor.config.load import load_config
from monitor.notify._text import render_text
from monitor.reading import read_notices
from monitor.types import Hit, Message, Page
from rules import RuleIndex, parse_rule

ROOT = Path(__file__).parents[1]
ALERT = re.compile(r"(?<=<!-- alert -->\n)```text\n.*?```\n(?=<!-- /alert -->)", re.S)
DAY = dt.date(2026, 10, 31)


def alert() -> str:
    """The alert of the sample digest's consultation, on the day the digest came out."""
    sample = ROOT / "samples" / "monthly-2026-10.txt"
    notices = read_notices(Page(url=sample.name, body=sample.read_bytes())).notices
    [notice] = [notice for notice in notices if notice.is_consultation]
    config = load_config(ROOT / "config.example.yaml", {})
    hits, index = [], RuleIndex()
    for wanted in config.subscribers[0].subscriptions:
        index.add(wanted.name or wanted.rule, parse_rule(wanted.rule))
    for match in index.match(notice):
        rule = next(s.rule for s in config.subscribers[0].subscriptions if s.name == match.rule_id)
        hits.append(Hit(str(match.rule_id), str(parse_rule(rule)), match.reasons))
    message = Message(delivery_id="sample", notice=notice, hits=tuple(hits))
    return f"```text\n{render_text(compose(message, DAY))}\n```\n"


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_alert_in_the_readme_is_a_real_one(name: str) -> None:
    found = ALERT.search((ROOT / name).read_text("utf-8"))
    assert found is not None
    assert found[0] == alert(), "run: python -m tests.test_readme"


if __name__ == "__main__":
    for readme in sys.argv[1:] or ["README.md", "README.zh-CN.md"]:
        path = ROOT / readme
        path.write_text(ALERT.sub(lambda _: alert(), path.read_text("utf-8")), "utf-8")
