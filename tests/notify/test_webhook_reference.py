"""docs/reference/webhook.md says what is so."""

import json
import re
import subprocess
import sys
from pathlib import Path

import jsonschema

from monitor.notify.webhook import WebhookSettings, render, signed
from tests.notify.samples import ALERT, real_clock
from tests.servers.webhook import SECRET

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


def example(language: str) -> str:
    """The page's first block of code in this language."""
    block, *_ = re.findall(rf"```{language}\n(.*?)```", (REFERENCE / "webhook.md").read_text(), re.DOTALL)
    return str(block)


def test_the_example_event_is_what_the_schema_promises() -> None:
    event = json.loads(example("json"))
    schema = json.loads((REFERENCE / "webhook.schema.json").read_text())
    jsonschema.validate(event, schema, cls=jsonschema.Draft202012Validator)
    reason = event["data"]["hits"][0]["reasons"][0]
    assert reason["snippet"][reason["start"] : reason["end"]] == reason["term"]


def test_the_example_code_believes_our_events_and_no_others() -> None:
    code: dict[str, object] = {}
    exec(example("python"), code)
    is_genuine = code["is_genuine"]
    assert callable(is_genuine)
    body = render(ALERT, real_clock())
    headers = signed("d-1", body, WebhookSettings(secrets=[SECRET]).secrets, real_clock())
    assert is_genuine(SECRET, headers, body)
    assert not is_genuine(SECRET, headers, body + b" ")
    assert not is_genuine(SECRET, headers | {"webhook-timestamp": "1700000000"}, body)
    assert not is_genuine("whsec_" + "A" * 32, headers, body)


def test_the_command_for_a_key_makes_one_that_is_taken() -> None:
    (command,) = re.findall(r'python -c "(.*?)"', (REFERENCE / "webhook.md").read_text())
    key = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True).stdout
    assert WebhookSettings(secrets=[key.strip()]).secrets
