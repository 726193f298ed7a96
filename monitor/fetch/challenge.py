"""Does a page hold a script challenge instead of what was asked for?"""

import re

FEW_CHARACTERS = 60

_MARKERS = {
    "瑞数 (RiverSecurity)": (b"$_ts", b"FSSBBIl1UgzbN7N80", b" r='m'", b' r="m"'),
    "加速乐 (jsl)": (b"__jsluid", b"__jsl_clearance"),
    "阿里云 (acw)": (b"acw_sc__v", b"arg1='"),
    "网宿 (Wangsu)": (b"/_guard/", b"wzws_sessionid", b"/waf_text_verify", b"WZWS"),
    "Cloudflare": (b"_cf_chl_opt", b"cf-browser-verification", b"/cdn-cgi/challenge-platform"),
}
_REFUSAL = re.compile(
    r"访问被(?:拦截|阻断|拒绝)|拦截提示|安全防护|防火墙|请求存在(?:异常|威胁)|Request blocked|\bWAF\b"
)
# every alternative eats what it began, closed or not: the time stays linear on hostile pages
_UNSEEN = re.compile(
    r"<!--.*?(?:-->|$)|<(script|style|noscript|title)\b.*?(?:</\1\s*>|$)|<[^<>]*>?", re.S | re.I
)
_CHINESE = re.compile(r"[㐀-鿿]")


def challenge(markup: str | bytes, status: int = 200) -> str | None:
    """The name of the wall that answered instead of the site, or None for an honest page.

    A challenge has fewer than 60 visible Chinese characters and either the marker of a known wall, or a
    script that sets a cookie and goes on to an address; with status 202, 403, 412 or 521 any script or a
    firewall's refusal is enough. A marker on a page with text is no challenge: real notices carry it too.
    """
    body = markup.encode("utf-8", "replace") if isinstance(markup, str) else markup
    name = _wall(body, status)
    return name if name is not None and not _has_text(_text(body)) else None


def _wall(body: bytes, status: int) -> str | None:
    for name, markers in _MARKERS.items():
        if any(marker in body for marker in markers):
            return name
    if b"document.cookie" in body and b"location" in body:
        return "a script that sets a cookie"
    if status in {412, 521}:  # no honest server gives these to a plain GET
        return "an unnamed wall"
    if status in {202, 403} and (b"<script" in body.lower() or _REFUSAL.search(_text(body))):
        return "an unnamed wall"
    return None


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("gb18030", "replace")


def _has_text(markup: str) -> bool:
    """Whether a reader would see at least `FEW_CHARACTERS` Chinese characters."""
    return len(_CHINESE.findall(_UNSEEN.sub(" ", markup))) >= FEW_CHARACTERS
