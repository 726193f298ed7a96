from monitor.chat.allowance import Allowance


def test_a_user_gets_so_many_a_minute_and_is_told_once_to_wait() -> None:
    allowance = Allowance(60)
    assert [allowance.take("a", 0.0) for _ in range(60)] == [0.0] * 60
    assert allowance.take("a", 0.0) == 1.0
    assert allowance.take("a", 0.5) is None
    assert allowance.take("a", 1.0) == 0.0
    assert allowance.take("a", 1.0) == 1.0


def test_one_users_haste_is_not_anothers() -> None:
    allowance = Allowance(1)
    assert allowance.take("a", 0.0) == 0.0
    assert allowance.take("a", 0.0) == 60.0
    assert allowance.take("b", 0.0) == 0.0
