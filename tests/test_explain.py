"""Errors in the reader's language, with the technical sentence beside."""

import pytest

from monitor.errors import DeliveryError, FetchCause, FetchError, ParseError, SendOutcome, SourceError
from monitor.explain import explain, explain_send, outcome_said
from monitor.settling import lost_said
from monitor.words import Words

ZH, EN = Words("zh"), Words("en")


@pytest.mark.parametrize(
    ("error", "chinese", "english"),
    [
        (FetchError("a.gov.cn", cause=FetchCause.DNS, url=""), "找不到主机（", "the host has no address ("),
        (FetchError("a.gov.cn", cause=FetchCause.TIMEOUT, url=""), "超时（", "took too long ("),
        (ParseError("a.gov.cn"), "无法解析（", "not understood ("),
    ],
)
def test_what_went_wrong_with_a_source_is_said_in_a_phrase_before_the_sentence(
    error: SourceError, chinese: str, english: str
) -> None:
    assert explain(error, ZH) == f"{chinese}a.gov.cn）"
    assert explain(error, EN) == f"{english}a.gov.cn)"


def test_every_cause_has_its_own_phrase_in_both_languages() -> None:
    for words in (ZH, EN):
        said = [explain(FetchError("", cause=cause, url=""), words) for cause in FetchCause]
        assert len(set(said)) == len(FetchCause)


@pytest.mark.parametrize(
    ("outcome", "chinese", "english"),
    [
        (SendOutcome.RETRY, "没有送出（", "not sent ("),
        (SendOutcome.AMBIGUOUS, "不知是否送达（", "it may have arrived ("),
        (SendOutcome.PERMANENT, "对方不再接收（", "refused for good ("),
    ],
)
def test_what_became_of_a_send_is_said_in_a_phrase_before_the_sentence(
    outcome: SendOutcome, chinese: str, english: str
) -> None:
    error = DeliveryError("oapi.example.com: 503", outcome=outcome)
    assert explain_send(error, ZH) == f"{chinese}oapi.example.com: 503）"
    assert explain_send(error, EN) == f"{english}oapi.example.com: 503)"


def test_a_send_that_was_too_fast_is_told_from_others_that_are_tried_again() -> None:
    error = DeliveryError("429", outcome=SendOutcome.RETRY, too_fast=True)
    assert explain_send(error, ZH) == "超过对方的频率限制（429）"
    assert explain_send(error, EN) == "over the provider's limit (429)"


def test_a_try_without_a_report_is_said_as_such() -> None:
    assert [outcome_said(None, words) for words in (ZH, EN)] == ["进行中", "under way"]
    assert [outcome_said("lost", words) for words in (ZH, EN)] == ["没有及时报告", "not reported in time"]
    assert outcome_said("sent", ZH) == "已送达"
    assert "不知是否送达" in lost_said(ZH)
    assert "it may have arrived" in lost_said(EN)
