"""`policy-monitor sources`, as a person sees it."""

from tests.cli.conftest import Command


def test_a_source_is_paused_shown_checked_and_resumed(command: Command) -> None:
    paused = command("sources", "pause", "nowhere", "--until", "2199-12-01")
    assert paused.returncode == 0
    assert "nowhere 暂停到 2199-12-01 00:00" in paused.stdout
    checked = command("check", "samples", "nowhere")
    assert checked.returncode == 1, "a paused source is checked by name"
    table = command("sources").stdout
    assert "暂停到 2199-12-01" in table
    assert "正常" in table
    shown = command("--lang", "en", "sources", "show", "nowhere").stdout
    assert "paused until 2199-12-01" in shown
    assert "connect 1 in 30 days" in shown
    assert "failed  connect" in shown
    assert "已恢复" in command("sources", "resume", "nowhere").stdout
    assert "暂停" not in command("sources").stdout


def test_a_source_that_there_is_not_and_a_time_that_is_past_are_refused(command: Command) -> None:
    mistyped = command("sources", "pause", "nowere")
    assert mistyped.returncode == 2
    assert "nowhere" in mistyped.stderr
    past = command("sources", "pause", "nowhere", "--until", "2020-01-01")
    assert past.returncode == 2
    assert "2020-01-01" in past.stderr
