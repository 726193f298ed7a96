"""Errors of sources and of sends, for people: what happened in the reader's language, then the detail."""

from monitor.errors import DeliveryError, FetchCause, FetchError, SendOutcome, SourceError
from monitor.words import Words

_CAUSES = {
    FetchCause.DNS: ("找不到主机", "the host has no address"),
    FetchCause.CONNECT: ("连接不上", "no connection"),
    FetchCause.TLS: ("加密连接或证书有问题", "encryption or certificate not accepted"),
    FetchCause.TIMEOUT: ("超时", "took too long"),
    FetchCause.STATUS: ("服务器答复出错", "the server answered with an error"),
    FetchCause.BLOCKED: ("被网站的脚本验证拦截", "blocked by the site's script challenge"),
    FetchCause.TOO_LARGE: ("内容太大", "too large"),
    FetchCause.WRONG_TYPE: ("内容类型不对", "of the wrong type"),
    FetchCause.ROBOTS: ("网站的 robots.txt 不允许", "not allowed by the site's robots.txt"),
    FetchCause.REDIRECT: ("重定向有误", "redirected wrongly"),
    FetchCause.FORBIDDEN_ADDRESS: ("不允许访问的地址", "an address that is not allowed"),
    FetchCause.FILE: ("文件无法读取", "the file cannot be read"),
}

_OUTCOMES = {
    SendOutcome.SENT: ("已送达", "sent"),
    SendOutcome.RETRY: ("没有送出", "not sent"),
    SendOutcome.TOO_FAST: ("超过对方的频率限制", "over the provider's limit"),
    SendOutcome.AMBIGUOUS: ("不知是否送达", "it may have arrived"),
    SendOutcome.PERMANENT: ("对方不再接收", "refused for good"),
}


def explain(error: SourceError, words: Words) -> str:
    """`找不到主机（https://… …）`: what it is in one phrase, and the technical sentence."""
    phrase = (
        words(*_CAUSES[error.cause]) if isinstance(error, FetchError) else words("无法解析", "not understood")
    )
    return words(f"{phrase}（{error}）", f"{phrase} ({error})")


def explain_send(error: DeliveryError, words: Words) -> str:
    """`没有送出（oapi.dingtalk.com …）`: likewise, for a send."""
    phrase = outcome_said(SendOutcome.TOO_FAST if error.too_fast else error.outcome, words)
    return words(f"{phrase}（{error}）", f"{phrase} ({error})")


def outcome_said(outcome: str | None, words: Words) -> str:
    """What became of one try to send, in one phrase. None: it is under way; `lost`: nobody reported."""
    if outcome is None:
        return words("进行中", "under way")
    if outcome not in set(SendOutcome):
        return words("没有及时报告", "not reported in time")
    return words(*_OUTCOMES[SendOutcome(outcome)])
