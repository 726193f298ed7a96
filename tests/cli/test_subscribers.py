from tests.cli.conftest import Command


def test_what_a_subscriber_wants_is_set_in_either_language_and_shown(command: Command) -> None:
    command("run", "--once")
    result = command("subscribers", "set", "demo", "--frequency", "每天 9点", "--quiet-hours", "10pm to 8")
    assert result.returncode == 0
    assert "每天 09:00 · 22:00-08:00" in result.stdout
    assert "22:00-08:00" in command("subscribers").stdout
    assert command("subscriptions", "set", "1", "--urgent").returncode == 0
    assert "紧急" in command("subscriptions").stdout


def test_a_wish_that_is_not_understood_says_what_may_be_written(command: Command) -> None:
    result = command("subscribers", "set", "demo", "--frequency", "dayly")
    assert (result.returncode, "每天 09:00" in result.stderr) == (2, True)
    assert command("subscribers", "set", "nobody", "--daily-cap", "3").returncode == 2
