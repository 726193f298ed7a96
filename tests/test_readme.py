"""The README's alert is what the program says of the sample digest, its talk what the bot really said."""

import datetime as dt
import re
from pathlib import Path

import pytest

from monitor.compose import compose
from monitor.config.load import load_config
from monitor.notify._text import render_text
from monitor.reading import read_notices
from monitor.types import Hit, Message, Page
from rules import RuleIndex, parse_rule
from tests.chat.transcript import talks

ROOT = Path(__file__).parents[1]
LANGUAGES = {"README.md": "en", "README.zh-CN.md": "zh"}
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
    return render_text(compose(message, DAY))


def block(name: str) -> re.Pattern[str]:
    """What stands in the block between the comments of that name."""
    return re.compile(rf"(?<=<!-- {name} -->\n)(```\w+\n)(.*?)(?=\n```\n<!-- /{name} -->)", re.DOTALL)


def shown(readme: str, name: str) -> str:
    found = block(name).search((ROOT / readme).read_text("utf-8"))
    assert found is not None
    return found[2]


@pytest.mark.parametrize("readme", LANGUAGES)
def test_the_alert_in_the_readme_is_a_real_one(readme: str) -> None:
    assert shown(readme, "alert") == alert(), "run: python -m tests.test_readme"


def test_the_talk_in_the_readme_is_what_the_bot_says() -> None:
    said = talks()
    for readme, language in LANGUAGES.items():
        assert shown(readme, "talk") == said[language], "run: python -m tests.test_readme"


if __name__ == "__main__":
    made = talks()
    for readme, language in LANGUAGES.items():
        text = (ROOT / readme).read_text("utf-8")
        for name, told in {"alert": alert(), "talk": made[language]}.items():
            text = block(name).sub(lambda found, told=told: found[1] + told, text)
        (ROOT / readme).write_text(text, "utf-8")
