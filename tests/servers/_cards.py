"""What Slack, Discord and Teams document of the messages that their webhooks take.

https://docs.slack.dev/reference/block-kit/blocks,
https://discord.com/developers/docs/resources/message#embed-object-embed-limits,
https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using and
https://adaptivecards.io/explorer/
"""

import json
from typing import Any
from urllib.parse import urlsplit

Card = dict[str, Any]
_TEAMS_SIZE = 28 * 1024  # bytes
_RICH_TEXT = {"rich_text_section", "rich_text_quote"}


def takes(name: str, body: bytes) -> bool:
    """Whether the chat program of this name takes such a body; of others than these three nothing is said."""
    card = json.loads(body)
    match name:
        case "slack":
            return slack_takes(card)
        case "discord":
            return discord_takes(card)
        case "teams":
            return teams_takes(card, len(body))
    return True


def slack_takes(card: Card) -> bool:
    """At most 50 blocks of 3,000 characters, made of runs that say something, and a short `text`."""
    blocks = card["blocks"]
    sound = 0 < len(blocks) <= 50 and 0 < len(card["text"]) <= 4000
    return sound and all(block["type"] == "rich_text" and _slack_block(block["elements"]) for block in blocks)


def _slack_block(elements: list[Card]) -> bool:
    runs = [run for element in elements for run in element["elements"]]
    return (
        all(element["type"] in _RICH_TEXT and element["elements"] for element in elements)
        and all(run["text"] and (run["type"] == "text" or _is_link(run["url"])) for run in runs)
        and sum(len(run["text"]) for run in runs) <= 3000
    )


def discord_takes(card: Card) -> bool:
    """At most 2,000 characters and 10 embeds, of 6,000 characters together."""
    content, embeds = card.get("content", ""), card.get("embeds", [])
    return (
        len(content) <= 2000
        and len(embeds) <= 10
        and bool(content or embeds)
        and all(0 < len(embed["title"]) <= 256 and len(embed["description"]) <= 4096 for embed in embeds)
        and all(_is_link(embed.get("url", "https://e.cn/")) for embed in embeds)
        and sum(len(embed["title"]) + len(embed["description"]) for embed in embeds) <= 6000
        and card["allowed_mentions"] == {"parse": []}
    )


def teams_takes(card: Card, size: int) -> bool:
    """An envelope around one Adaptive Card, of at most 28 KB together."""
    (attachment,) = card["attachments"]
    inner = attachment["content"]
    return (
        size <= _TEAMS_SIZE
        and card["type"] == "message"
        and attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
        and (inner["type"], inner["version"]) == ("AdaptiveCard", "1.5")
        and bool(inner["body"])
        and all(map(_adaptive, inner["body"]))
    )


def _adaptive(element: Card) -> bool:
    match element["type"]:
        case "TextBlock":
            return isinstance(element["text"], str)
        case "FactSet":
            return all({"title", "value"} == fact.keys() for fact in element["facts"])
        case "Container":
            return bool(element["items"]) and all(map(_adaptive, element["items"]))
        case "RichTextBlock":
            return bool(element["inlines"]) and all(map(_text_run, element["inlines"]))
    return False


def _text_run(run: Card) -> bool:
    action = run.get("selectAction", {"type": "Action.OpenUrl", "url": "https://e.cn/"})
    return run["type"] == "TextRun" and action["type"] == "Action.OpenUrl" and _is_link(action["url"])


def _is_link(url: str) -> bool:
    return urlsplit(url).scheme in ("http", "https") and bool(urlsplit(url).netloc)
