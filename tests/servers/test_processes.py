"""The servers as processes of their own: for tests that kill and restart the program."""

import signal
import smtplib
import subprocess
import sys
import time
from pathlib import Path

import httpx

from tests.servers._common import DurableLog, Fault, Faults, read_log
from tests.servers.telegram import TOKEN

ROOT = Path(__file__).parents[2]


def start(name: str, log: Path, *options: str) -> tuple[subprocess.Popen[str], int]:
    """The process and its port."""
    command = [sys.executable, "-m", f"tests.servers.{name}", "--log", str(log), *options]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, int(process.stdout.readline())


def end(process: subprocess.Popen[str]) -> None:
    """Kill it as a crash would."""
    process.kill()
    process.communicate()


def test_telegram_keeps_its_log_over_a_crash_and_takes_orders(tmp_path: Path) -> None:
    process, port = start("telegram", tmp_path / "log")
    url = f"http://127.0.0.1:{port}"
    form = {"chat_id": 7, "text": "x"}
    assert httpx.post(f"{url}/bot{TOKEN}/sendMessage", data=form).json()["ok"]
    assert httpx.post(f"{url}/control", json={"chats": [8], "block": 8}).json() == {"ok": True}
    assert httpx.post(f"{url}/bot{TOKEN}/sendMessage", data=form | {"chat_id": 8}).status_code == 403
    end(process)
    (record,) = read_log(tmp_path / "log")
    assert (record["chat_id"], record["text"]) == (7, "x")


def test_mail_is_logged_by_its_own_process(tmp_path: Path) -> None:
    process, port = start("smtp", tmp_path / "log")
    with smtplib.SMTP("127.0.0.1", port) as client:
        client.sendmail("a@e.cn", ["b@e.cn"], "Message-ID: <1@e.cn>\r\n\r\nx")
    end(process)
    assert [record["id"] for record in read_log(tmp_path / "log")] == ["<1@e.cn>"]


def test_a_webhook_receiver_refuses_what_is_not_signed(tmp_path: Path) -> None:
    process, port = start("webhook", tmp_path / "log")
    assert httpx.post(f"http://127.0.0.1:{port}/", json={}).status_code == 401
    end(process)
    assert read_log(tmp_path / "log") == []


def test_a_server_ends_with_its_parent(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.servers.webhook", "--log", str(tmp_path / "log")]
    script = f"import subprocess, time; print(subprocess.Popen({command}).pid, flush=True); time.sleep(60)"
    parent = subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert alive(child)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 10
    while alive(child) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not alive(child)


def alive(process_id: int) -> bool:
    """Whether it runs; one that ended and was not waited for does not."""
    try:
        return Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_line_cut_short_by_a_crash_is_no_record(tmp_path: Path) -> None:
    log = DurableLog(tmp_path / "log")
    log.append({"id": "1"})
    log.close()
    with (tmp_path / "log").open("ab") as file:
        file.write(b'{"id": "2')
    assert [record["id"] for record in read_log(tmp_path / "log")] == ["1"]
    assert read_log(tmp_path / "absent") == []


def test_faults_by_chance_are_the_same_for_the_same_seed() -> None:
    def drawn(seed: int) -> list[Fault | None]:
        faults = Faults(0.3, seed)
        return [faults.next() for _ in range(200)]

    assert drawn(1) == drawn(1) != drawn(2)
    assert 30 < sum(fault is not None for fault in drawn(1)) < 90
    assert {fault.kind for fault in drawn(1) if fault} == {"refuse", "drop", "accept_and_drop", "slow"}


def test_ordered_faults_come_first() -> None:
    faults = Faults(1.0)
    faults.order(Fault("drop"))
    assert faults.next() == Fault("drop")
