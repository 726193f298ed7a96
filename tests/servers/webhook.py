"""A webhook receiver that believes only what is signed, checked with the Standard Webhooks library.

As a process: `python -m tests.servers.webhook --log FILE` prints its port.
"""

import json
from pathlib import Path

from standardwebhooks import Webhook, WebhookVerificationError

from tests.servers._common import Call, Faults, HttpServer, Reply, run

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


class WebhookServer(HttpServer):
    """Takes events at any path; `secret` is the key it knows. It `echoes` challenges, unless told not to."""

    echoes = True

    def __init__(
        self, log: Path | None = None, port: int = 0, faults: Faults | None = None, *, secret: str = SECRET
    ) -> None:
        super().__init__(log, port, faults)
        self._webhook = Webhook(secret)

    def answer(self, call: Call) -> Reply:
        try:
            self._webhook.verify(call.body, dict(call.headers))
        except WebhookVerificationError as error:
            return Reply(401, str(error).encode())
        return self.misbehaving(lambda: self._take(call))

    def _take(self, call: Call) -> Reply:
        event = json.loads(call.body)
        record = {"id": call.headers["webhook-id"], "path": call.path, "event": event}
        self.log.append(record | {"headers": dict(call.headers)})
        if event["type"] == "destination.challenge" and self.echoes:
            return Reply(200, json.dumps(event["data"]).encode())
        return Reply(204)


if __name__ == "__main__":
    run(WebhookServer)
