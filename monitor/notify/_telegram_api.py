"""Requests to the Bot API for python-telegram-bot, over the client of all channels.

Its own client is httpx's, which costs ten times as much: docs/decisions/0030-the-bot-writes-together.md.
"""

import datetime as dt
import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import httpx
from telegram.error import NetworkError
from telegram.request import BaseRequest, RequestData

from monitor.notify._http import FAILURES, Answer, HttpClient

_GATEWAY = (502, 504)
_HEADERS = {"content-type": "application/json"}
_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]{30,}")


class GatewayError(NetworkError):
    """Not the Bot API answered but something before it."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(f"{answer.status} {answer.text}")
        self.answer = answer


@dataclass(frozen=True, slots=True)
class _Parameters:
    """What `BotRequest.do_request` needs of the library's own class."""

    values: Mapping[str, Any]

    @property
    def json_payload(self) -> bytes:
        """As the library writes them: what is no text is JSON within the JSON."""
        given = {name: value for name, value in self.values.items() if value is not None}
        return json.dumps(
            {name: value if isinstance(value, str) else json.dumps(value) for name, value in given.items()}
        ).encode()


class BotRequest(BaseRequest):
    """POSTs through this client. A gateway's answers are told from the Bot API's; the cause of a
    `NetworkError` is what the client met."""

    def __init__(self, client: HttpClient, timeout: dt.timedelta) -> None:
        self._client = client
        self._timeout = timeout.total_seconds()

    @property
    def read_timeout(self) -> float:
        return self._timeout

    async def initialize(self) -> None:
        """The client opens itself."""

    async def shutdown(self) -> None:
        await self._client.aclose()

    async def call(self, url: str, parameters: Mapping[str, Any]) -> Any:
        """One method's result as it came. The library's errors without its objects, which cost six times the
        rest of the call. None is left out. Raises `TelegramError`."""
        return await self.post(url, cast(RequestData, _Parameters(parameters)))

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        if method == "GET":  # the content of a file
            return await self._exchange(httpx.Request("GET", url))
        if isinstance(request_data, RequestData) and request_data.contains_files:
            request = httpx.Request(
                "POST", url, data=request_data.json_parameters, files=request_data.multipart_data
            )
        else:
            content = request_data.json_payload if request_data else b"{}"
            request = httpx.Request("POST", url, content=content, headers=_HEADERS)
        status, payload = await self._exchange(request)
        if status in _GATEWAY or not _is_object(payload):
            raise GatewayError(Answer(status, payload[:200].decode("utf-8", "replace")))
        return status, payload

    async def _exchange(self, request: httpx.Request) -> tuple[int, bytes]:
        try:
            response = await self._client.exchange(request)
        except FAILURES as error:
            raise NetworkError(without_tokens(f"{type(error).__name__}: {error}")) from error
        return response.status_code, response.content


def _is_object(payload: bytes) -> bool:
    """Whether this is an answer of the Bot API at all."""
    try:
        return isinstance(json.loads(payload), dict)
    except ValueError:
        return False


def without_tokens(text: str) -> str:
    """The text with bots' tokens blotted out."""
    return _TOKEN.sub("***", text)


class _NoTokens(logging.Filter):
    """The library's lines name the addresses that it calls, and its settings."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = without_tokens(record.getMessage()), None
        return True


logging.getLogger("telegram.Bot").addFilter(_NoTokens())
