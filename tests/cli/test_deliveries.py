"""What an operator does about a delivery that did not go out."""

from pathlib import Path

import pytest
import yaml
from sqlalchemy import text

from monitor.storage import Storage
from tests.cli.conftest import ROOT, Command
from tests.servers._common import Fault
from tests.servers.webhook import SECRET, WebhookServer

TWO_HOURS = 7200


def configure(folder: Path, url: str) -> None:
    """One subscriber, told by webhook."""
    config = {
        "sources": [
            {"id": "samples", "kind": "folder", "path": str(ROOT / "samples"), "first_check": "alert"}
        ],
        "channels": {"webhook": {"secrets": [SECRET], "allow_private": True}},
        "subscribers": [
            {
                "name": "demo",
                "destinations": [{"channel": "webhook", "address": url}],
                "subscriptions": [{"name": "集采", "rule": "第十二批 集中带量采购"}],
            }
        ],
    }
    (folder / "config.yaml").write_text(yaml.safe_dump(config, allow_unicode=True), "utf-8")


def pass_two_hours(folder: Path) -> None:
    """As if everything so far had happened two hours before it did."""
    storage = Storage(f"sqlite:///{folder / 'policy-monitor.db'}")
    with storage.begin() as tx:
        for column in ("created_at", "due_at"):
            tx.notices._connection.execute(
                text(f"UPDATE matches SET {column} = strftime('%Y-%m-%d %H:%M:%f', {column}, '-2 hours')")
            )
    storage.close()


def test_what_was_refused_is_sent_again_by_hand_and_says_how_late_it_is_and_why(
    command: Command, tmp_path: Path
) -> None:
    with WebhookServer() as receiver:
        configure(tmp_path, f"http://127.0.0.1:{receiver.port}/hook")
        receiver.faults.order(Fault("refuse", status=503))
        assert command("run", "--once").returncode == 0
        assert "503" in command("deliveries").stdout
        assert "没有送出" in command("deliveries", "show", "1").stdout
        pass_two_hours(tmp_path)
        again = command("--lang", "en", "deliveries", "retry", "1")
        assert (again.returncode, again.stdout.strip()) == (0, "1 is sent again at once")
        assert command("run", "--once").returncode == 0
        (arrived,) = receiver.log.records
    data = arrived["event"]["data"]
    assert data["late"]["cause"] == "not taken"
    assert data["late"]["seconds"] == pytest.approx(TWO_HOURS, abs=120)
    assert "迟到 2 小时：多次尝试后才送达" in data["text"]
    assert command("deliveries", "retry", "1").returncode == 2
    mistyped = command("deliveries", "--subscriber", "dmeo")
    assert (mistyped.returncode, "demo" in mistyped.stderr) == (2, True)
