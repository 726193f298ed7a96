"""Errors of sources, for people: what happened in the reader's language, then the detail as it was found."""

from monitor.errors import FetchCause, FetchError, SourceError
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


def explain(error: SourceError, words: Words) -> str:
    """`找不到主机（https://… …）`: what it is in one phrase, and the technical sentence."""
    phrase = (
        words(*_CAUSES[error.cause]) if isinstance(error, FetchError) else words("无法解析", "not understood")
    )
    return words(f"{phrase}（{error}）", f"{phrase} ({error})")
