"""Strict local robots of six team chats: real HTTP, and each refuses as its chat program does.

Their paths are `/feishu`, `/dingtalk`, `/wecom`, `/slack`, `/discord` and `/teams`, each followed by `/KEY`.
The Chinese ones answer 200 whatever happened and put what counts into a code.
"""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.servers._cards import discord_takes, slack_takes, teams_takes
from tests.servers._common import Call, Faults, HttpServer, Reply, json_reply

KEY, SECRET = "k3y-of-the-robot", "SEC-of-the-robot"


class RobotsServer(HttpServer):
    """All six. `signing` makes those that can sign insist on it."""

    def __init__(
        self, log: Path | None = None, port: int = 0, faults: Faults | None = None, *, signing: bool = True
    ) -> None:
        super().__init__(log, port, faults)
        self.signing = signing

    def address(self, name: str, key: str = KEY) -> str:
        """The secret URL of a robot."""
        return f"{self.url}/{name}/{key}"

    def cards(self, name: str) -> list[dict[str, Any]]:
        """What a chat program took."""
        return [record["card"] for record in self.log.records if record["robot"] == name]

    def answer(self, call: Call) -> Reply:
        parts = urlsplit(call.path)
        _, name, key = parts.path.split("/")
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        card = json.loads(call.body)
        refusal = _CHATS[name](self, key, query, card, len(call.body))
        return refusal or self.misbehaving(lambda: self._take(name, card))

    def _take(self, name: str, card: dict[str, Any]) -> Reply:
        self.log.append({"robot": name, "card": card})
        return _TAKEN[name]

    def feishu(self, key: str, query: dict[str, str], card: dict[str, Any], size: int) -> Reply | None:
        if key != KEY:
            return _code("code", 19001, "param invalid: incoming webhook access token invalid")
        if size > 20 * 1024:
            return _code("code", 9499, "Bad Request")
        time_given = int(card.get("timestamp", 0))
        key_bytes = f"{time_given}\n{SECRET}".encode()
        expected = base64.b64encode(hmac.new(key_bytes, digestmod=hashlib.sha256).digest()).decode()
        if self.signing and (card.get("sign") != expected or abs(time.time() - time_given) > 3600):
            return _code("code", 19021, "sign match fail or timestamp is not within one hour")
        return None if card["card"]["elements"] else _code("code", 9499, "Bad Request")

    def dingtalk(self, key: str, query: dict[str, str], card: dict[str, Any], size: int) -> Reply | None:
        if key != KEY:
            return _code("errcode", 300001, "token is not exist")
        time_given = query.get("timestamp", "0")
        digest = hmac.new(SECRET.encode(), f"{time_given}\n{SECRET}".encode(), hashlib.sha256).digest()
        fresh = abs(time.time() * 1000 - int(time_given)) < 3_600_000
        if self.signing and not (fresh and query.get("sign") == base64.b64encode(digest).decode()):
            return _code("errcode", 310000, "sign not match")
        return (
            None
            if card["markdown"]["text"] and card["markdown"]["title"] and size < 20_000
            else _code("errcode", 40035, "invalid parameter")
        )

    def wecom(self, key: str, query: dict[str, str], card: dict[str, Any], size: int) -> Reply | None:
        if key != KEY:
            return _code("errcode", 93000, "invalid webhook url")
        if len(card["markdown"]["content"].encode()) > 4096:
            return _code("errcode", 40058, "markdown.content exceed max length 4096")
        return None

    def slack(self, key: str, query: dict[str, str], card: dict[str, Any], size: int) -> Reply | None:
        if key != KEY:
            return Reply(404, b"no_service")
        return None if slack_takes(card) else Reply(400, b"invalid_blocks")

    def discord(self, key: str, query: dict[str, str], card: dict[str, Any], size: int) -> Reply | None:
        if key != KEY:
            return json_reply({"message": "Unknown Webhook", "code": 10015}, 404)
        invalid = json_reply({"message": "Invalid Form Body", "code": 50035}, 400)
        return None if discord_takes(card) else invalid

    def teams(self, key: str, query: dict[str, str], card: dict[str, Any], size: int) -> Reply | None:
        if key != KEY:
            return json_reply({"error": {"code": "WorkflowNotFound"}}, 404)
        return None if teams_takes(card, size) else Reply(413)


def _code(name: str, code: int, words: str) -> Reply:
    """A refusal as the Chinese programs word it, with status 200."""
    return json_reply({name: code, "msg" if name == "code" else "errmsg": words})


Check = Callable[[RobotsServer, str, dict[str, str], dict[str, Any], int], Reply | None]
_CHATS: dict[str, Check] = {
    "feishu": RobotsServer.feishu,
    "dingtalk": RobotsServer.dingtalk,
    "wecom": RobotsServer.wecom,
    "slack": RobotsServer.slack,
    "discord": RobotsServer.discord,
    "teams": RobotsServer.teams,
}
_TAKEN = {
    "feishu": json_reply({"code": 0, "msg": "success", "data": {}}),
    "dingtalk": json_reply({"errcode": 0, "errmsg": "ok"}),
    "wecom": json_reply({"errcode": 0, "errmsg": "ok"}),
    "slack": Reply(200, b"ok"),
    "discord": json_reply({"id": "1178", "content": ""}),
    "teams": Reply(202),
}
