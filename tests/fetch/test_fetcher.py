"""Fetching from a real server: what arrives, what is asked, and every way it can go wrong."""

import asyncio
import datetime as dt
import gzip
import socket
import ssl
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import brotli
import pytest
import trustme
from pydantic import SecretStr

from monitor.errors import FetchCause, FetchError
from monitor.fetch import Fetcher, FetchOptions, FetchSettings, Request
from monitor.types import Redirect, Validators
from tests.fetch.conftest import QUICK
from tests.servers.proxy import tunnels
from tests.servers.web import SELF_SIGNED, Asked, Reply, WebServer

PAGE = "<html><body><p>关于开展药品集中带量采购工作的通知</p></body></html>"


async def failure(fetcher: Fetcher, url: str, options: FetchOptions | None = None) -> FetchError:
    with pytest.raises(FetchError) as caught:
        await fetcher.get(url, options=options or FetchOptions())
    return caught.value


def settings(**changes: object) -> FetchSettings:
    return QUICK.model_copy(update=changes)


async def test_a_page_arrives_with_all_that_was_declared(web: WebServer, fetcher: Fetcher) -> None:
    headers = {"Content-Type": "text/HTML; Charset=GB2312", "ETag": 'W/"7"', "Last-Modified": "yesterday, 8h"}
    url = web.put("/a", Reply(PAGE, headers=headers))
    page = await fetcher.get(url)
    assert page is not None
    assert (page.url, page.final_url, page.status) == (url, url, 200)
    assert (page.media_type, page.charset) == ("text/html", "GB2312")
    assert page.body.decode() == PAGE
    assert page.validators == Validators('W/"7"', "yesterday, 8h")
    assert page.fetched_at is not None
    assert page.fetched_at.tzinfo is not None


async def test_validators_are_sent_back_word_for_word_and_304_means_unchanged(
    web: WebServer, fetcher: Fetcher
) -> None:
    url = web.put("/a", Reply(PAGE, headers={"ETag": 'W/"7"', "Last-Modified": "yesterday, 8h"}))
    assert await fetcher.get(url, validators=Validators('W/"7"', "yesterday, 8h")) is None
    assert web.asked[-1].headers["if-none-match"] == 'W/"7"'
    assert web.asked[-1].headers["if-modified-since"] == "yesterday, 8h"
    assert await fetcher.get(url, validators=Validators('"6"')) is not None


async def test_a_304_that_nobody_asked_for_is_an_error(web: WebServer, fetcher: Fetcher) -> None:
    error = await failure(fetcher, web.put("/a", Reply(status=304)))
    assert (error.cause, error.status) == (FetchCause.STATUS, 304)


async def test_the_user_agent_is_truthful_and_names_a_contact(web: WebServer) -> None:
    async with Fetcher(settings(contact="ops@example.org")) as fetcher:
        await fetcher.get(web.put("/a", PAGE))
    assert web.asked[-1].headers["user-agent"].startswith("policy-monitor/")
    assert web.asked[-1].headers["user-agent"].endswith("(+ops@example.org)")


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda body: zlib.compress(body)[2:-4]),
        ("br", brotli.compress),
        ("gzip, br", lambda body: brotli.compress(gzip.compress(body))),
        ("", gzip.compress),
        ("gzip", lambda body: gzip.compress(body[:9]) + gzip.compress(body[9:])),
    ],
    ids=[
        "gzip",
        "zlib",
        "raw deflate",
        "brotli",
        "gzip then brotli",
        "gzip without saying so",
        "two members",
    ],
)
async def test_packed_pages_are_unpacked(web: WebServer, fetcher: Fetcher, encoding: str, pack) -> None:
    headers = {"Content-Encoding": encoding} if encoding else {}
    page = await fetcher.get(web.put("/a", Reply(pack(PAGE.encode()), headers=headers)))
    assert page is not None
    assert page.body.decode() == PAGE


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate"])
async def test_damaged_packing_is_reported(web: WebServer, fetcher: Fetcher, encoding: str) -> None:
    error = await failure(
        fetcher, web.put("/a", Reply(b"\x01\x02\x03", headers={"Content-Encoding": encoding}))
    )
    assert error.cause is FetchCause.CONNECT
    assert "damaged" in str(error)


@pytest.mark.parametrize(("encoding", "pack"), [("gzip", gzip.compress), ("br", brotli.compress)])
async def test_a_page_cut_short_inside_its_packing_is_an_error(
    web: WebServer, fetcher: Fetcher, encoding: str, pack
) -> None:
    packed = pack((PAGE * 50).encode())
    url = web.put("/a", Reply(packed[: len(packed) // 2], headers={"Content-Encoding": encoding}))
    assert (await failure(fetcher, url)).cause is FetchCause.CONNECT


@pytest.mark.parametrize(("encoding", "pack"), [("gzip", gzip.compress), ("br", brotli.compress)])
async def test_a_decompression_bomb_is_cut_at_the_limit(
    web: WebServer, fetcher: Fetcher, encoding: str, pack
) -> None:
    bomb = pack(b"0" * (50 << 20))
    assert len(bomb) < 1 << 20
    error = await failure(fetcher, web.put("/a", Reply(bomb, headers={"Content-Encoding": encoding})))
    assert error.cause is FetchCause.TOO_LARGE
    assert "unpacks to more than 1048576 bytes" in str(error)


async def test_a_huge_page_is_refused_by_its_announced_length(web: WebServer, fetcher: Fetcher) -> None:
    error = await failure(fetcher, web.put("/a", Reply(b"x" * (1 << 20), times=200)))
    assert error.cause is FetchCause.TOO_LARGE
    assert "announces" in str(error)


async def test_a_huge_page_of_unknown_length_is_cut_early(web: WebServer, fetcher: Fetcher) -> None:
    endless = Reply(b"x" * (1 << 20), times=200, announced=False)
    error = await failure(fetcher, web.put("/a", endless))
    assert error.cause is FetchCause.TOO_LARGE


async def test_redirects_are_followed_and_the_last_address_is_kept(web: WebServer, fetcher: Fetcher) -> None:
    end = web.put("/b/c", PAGE, host="127.0.1.2")
    start = web.put("/a", Reply(status=301, headers={"Location": "/middle?x=1"}))
    web.put("/middle", Reply(status=302, headers={"Location": end}))
    page = await fetcher.get(start)
    assert page is not None
    assert (page.url, page.final_url, page.base_url) == (start, end, end)
    assert page.redirects == (Redirect(301, web.url("/middle?x=1")), Redirect(302, end))
    assert page.moved_to == web.url("/middle?x=1")  # the second may lead elsewhere tomorrow


async def test_a_redirect_with_raw_chinese_in_it_is_followed(web: WebServer, fetcher: Fetcher) -> None:
    web.put("/%E9%80%9A%E7%9F%A5.html", PAGE)
    assert await fetcher.get(web.put("/a", Reply(status=302, headers={"Location": "/通知.html"}))) is not None


async def test_a_cookie_given_with_a_redirect_is_sent_back(web: WebServer, fetcher: Fetcher) -> None:
    def guarded(asked: Asked) -> Reply:
        if "seen=1" in asked.headers.get("cookie", ""):
            return Reply(PAGE)
        return Reply(status=302, headers={"Location": "/a", "Set-Cookie": "seen=1; Path=/"})

    assert await fetcher.get(web.put("/a", guarded)) is not None


async def test_a_redirect_loop_ends(web: WebServer, fetcher: Fetcher) -> None:
    web.put("/b", Reply(status=302, headers={"Location": "/a"}))
    error = await failure(fetcher, web.put("/a", Reply(status=302, headers={"Location": "/b"})))
    assert error.cause is FetchCause.REDIRECT
    assert "more than 4 redirects" in str(error)


@pytest.mark.parametrize(
    "target", ["javascript:alert(1)", "file:///etc/passwd", "http://[bad", "ftp://a.example/"]
)
async def test_a_redirect_to_what_is_no_web_address_is_refused(
    web: WebServer, fetcher: Fetcher, target: str
) -> None:
    error = await failure(fetcher, web.put("/a", Reply(status=302, headers={"Location": target})))
    assert error.cause is FetchCause.REDIRECT


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "javascript:alert(1)",
        "ftp://a.example/",
        "no address",
        "",
        "http://",
        "http://[::1",
    ],
)
async def test_only_web_addresses_are_fetched(fetcher: Fetcher, url: str) -> None:
    assert (await failure(fetcher, url)).cause is FetchCause.FORBIDDEN_ADDRESS


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "[::1]", "10.1.2.3", "169.254.169.254", "0.0.0.0", "[::ffff:7f00:1]"],
)
async def test_private_addresses_are_refused(web: WebServer, host: str) -> None:
    async with Fetcher(settings(allow_private=False)) as fetcher:
        error = await failure(fetcher, f"http://{host}:{web.port}/", FetchOptions(ignore_robots=True))
    assert error.cause is FetchCause.FORBIDDEN_ADDRESS
    assert web.asked == []


async def test_a_name_that_leads_to_loopback_is_refused_when_it_is_connected_to(
    web: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *rest: real("127.0.0.1", *rest))
    async with Fetcher(settings(allow_private=False)) as fetcher:
        error = await failure(fetcher, f"http://innocent.example:{web.port}/")
    assert error.cause is FetchCause.FORBIDDEN_ADDRESS
    assert web.asked == []


async def test_one_source_may_be_allowed_to_reach_private_addresses(web: WebServer) -> None:
    async with Fetcher(settings(allow_private=False)) as fetcher:
        url = web.put("/a", PAGE)
        assert await fetcher.get(url, options=FetchOptions(allow_private=True)) is not None
        assert (await failure(fetcher, url)).cause is FetchCause.FORBIDDEN_ADDRESS


async def test_a_slow_answer_times_out(web: WebServer, fetcher: Fetcher) -> None:
    error = await failure(fetcher, web.put("/a", Reply(PAGE, delay=30)))
    assert error.cause is FetchCause.TIMEOUT


async def test_a_dripping_answer_times_out_as_a_whole(web: WebServer, fetcher: Fetcher) -> None:
    start = asyncio.get_running_loop().time()
    error = await failure(fetcher, web.put("/a", Reply(PAGE, drip=0.05)))
    assert error.cause is FetchCause.TIMEOUT
    assert asyncio.get_running_loop().time() - start < 3


async def test_an_answer_that_breaks_off_is_an_error(web: WebServer, fetcher: Fetcher) -> None:
    error = await failure(fetcher, web.put("/a", Reply(PAGE, cut=20)))
    assert error.cause is FetchCause.CONNECT


async def test_a_refused_connection(fetcher: Fetcher) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        error = await failure(fetcher, f"http://127.0.0.1:{taken.getsockname()[1]}/")
    assert error.cause is FetchCause.CONNECT


async def test_a_host_without_address(fetcher: Fetcher) -> None:
    error = await failure(fetcher, "http://no-such-host.invalid/")
    assert error.cause is FetchCause.DNS


async def test_a_server_that_speaks_no_http(fetcher: Fetcher) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"220 mail.example ESMTP\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        error = await failure(fetcher, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
    assert error.cause is FetchCause.CONNECT


async def test_a_certificate_that_is_not_valid(fetcher: Fetcher) -> None:
    with WebServer(tls=True) as secure:
        error = await failure(fetcher, secure.put("/a", PAGE))
    assert error.cause is FetchCause.TLS
    assert "certificate" in str(error)


@contextmanager
def old_server() -> Iterator[str]:
    """The address of a server of TLS 1.1 and nothing newer; it shows its certificate and no pages."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(SELF_SIGNED)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.maximum_version = ssl.TLSVersion.TLSv1_1

    def serve() -> None:
        with suppress(OSError):
            while True:
                visitor, _ = listener.accept()
                with suppress(OSError), context.wrap_socket(visitor, server_side=True):
                    pass

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        yield f"https://127.0.0.1:{listener.getsockname()[1]}/"
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1:DeprecationWarning")
async def test_the_tls_of_old_servers_is_allowed_for_one_source_at_a_time(fetcher: Fetcher) -> None:
    with old_server() as url:
        refused = await failure(fetcher, url)
        allowed = await failure(fetcher, url, FetchOptions(old_tls=True))
        again = await failure(fetcher, url)
    assert (refused.cause, allowed.cause, again.cause) == (FetchCause.TLS,) * 3
    assert "fetch.old_tls" in str(refused)
    assert "certificate" in str(allowed)  # the connection stands, and the certificate is still looked at
    assert "fetch.old_tls" in str(again)


@pytest.mark.parametrize("status", [204, 404, 410, 500, 502])
async def test_a_bad_status_is_an_error(web: WebServer, fetcher: Fetcher, status: int) -> None:
    body = "没有找到您要访问的页面" if status >= 400 else ""
    error = await failure(fetcher, web.put("/a", Reply(body, status=status)))
    assert (error.cause, error.status) == (FetchCause.STATUS, status)


CHALLENGE = """<!DOCTYPE html><html><head><meta id="q" content="abc" r='m'>
<script r='m'>$_ts=window['$_ts'];if(!$_ts)$_ts={};$_ts.nsd=1;</script></head><body></body></html>"""


@pytest.mark.parametrize("status", [200, 202, 403, 412, 521])
async def test_a_script_challenge_is_blocked_and_never_an_empty_page(
    web: WebServer, fetcher: Fetcher, status: int
) -> None:
    error = await failure(fetcher, web.put("/a", Reply(CHALLENGE, status=status)))
    assert (error.cause, error.status) == (FetchCause.BLOCKED, status)


async def test_pictures_are_not_read(web: WebServer, fetcher: Fetcher) -> None:
    error = await failure(fetcher, web.put("/a", Reply(b"\x89PNG", headers={"Content-Type": "image/png"})))
    assert error.cause is FetchCause.WRONG_TYPE


@pytest.mark.parametrize("status", [429, 503])
async def test_retry_after_is_reported_and_kept_to(web: WebServer, fetcher: Fetcher, status: int) -> None:
    url = web.put("/a", Reply(status=status, headers={"Retry-After": "60"}))
    error = await failure(fetcher, url)
    assert (error.cause, error.status, error.retry_after) == (FetchCause.STATUS, status, 60)
    again = await failure(fetcher, web.url("/b"))
    assert again.cause is FetchCause.STATUS
    assert again.retry_after == pytest.approx(60, abs=5)
    assert web.paths() == ["/a"]
    assert await fetcher.get(web.put("/b", PAGE, host="127.0.1.9")) is not None


async def test_retry_after_may_be_a_date(web: WebServer, fetcher: Fetcher) -> None:
    moment = dt.datetime.now(dt.UTC) + timedelta(seconds=90)
    error = await failure(
        fetcher,
        web.put("/a", Reply(status=429, headers={"Retry-After": format_datetime(moment, usegmt=True)})),
    )
    assert error.retry_after == pytest.approx(90, abs=5)


async def test_a_short_retry_after_is_waited_for(web: WebServer, fetcher: Fetcher) -> None:
    await failure(fetcher, web.put("/a", Reply(status=429, headers={"Retry-After": "1"})))
    start = asyncio.get_running_loop().time()
    assert await fetcher.get(web.put("/b", PAGE)) is not None
    assert asyncio.get_running_loop().time() - start > 0.8


async def test_one_host_is_asked_one_thing_at_a_time_with_a_gap(web: WebServer) -> None:
    web.put("/a", Reply(PAGE, delay=0.02))
    async with Fetcher(settings(gap=timedelta(seconds=0.1), jitter=0.5)) as fetcher:
        start = asyncio.get_running_loop().time()
        await asyncio.gather(*(fetcher.get(web.url("/a")) for _ in range(4)))
        taken = asyncio.get_running_loop().time() - start
    assert web.busiest == 1
    assert taken > 0.4  # robots.txt and four pages: four gaps


async def test_a_dead_host_does_not_slow_the_others(web: WebServer, fetcher: Fetcher) -> None:
    web.put("/dead", Reply(delay=30), host="127.0.1.1")
    web.put("/a", PAGE)
    dead = asyncio.create_task(failure(fetcher, web.url("/dead", "127.0.1.1")))
    start = asyncio.get_running_loop().time()
    await asyncio.gather(*(fetcher.get(web.url("/a", f"127.0.2.{n}")) for n in range(1, 20)))
    assert asyncio.get_running_loop().time() - start < 0.9
    assert (await dead).cause is FetchCause.TIMEOUT


async def test_secrets_of_an_address_are_in_no_error(web: WebServer, fetcher: Fetcher) -> None:
    web.put("/a", Reply(status=404))
    url = web.url("/a?id=7&access_token=s3cr3t").replace("//", "//user:pa55@")
    error = await failure(fetcher, url)
    assert "s3cr3t" not in str(error) + error.url
    assert "pa55" not in str(error) + error.url
    assert "id=7" in str(error)


async def test_headers_of_a_source_stay_with_its_host(web: WebServer, fetcher: Fetcher) -> None:
    end = web.put("/b", PAGE, host="127.0.1.2")
    options = FetchOptions(headers={"X-Key": "k", "Referer": "https://a.example/"})
    await fetcher.get(web.put("/a", Reply(status=302, headers={"Location": end})), options=options)
    by_path = {asked.path: asked.headers for asked in web.asked}
    assert by_path["/a"]["x-key"] == "k"
    assert "x-key" not in by_path["/b"]
    assert "x-key" not in by_path["/robots.txt"]


async def test_a_form_is_posted(web: WebServer, fetcher: Fetcher) -> None:
    url = web.put("/search", lambda asked: Reply(asked.body, headers={"Content-Type": "application/json"}))
    page = await fetcher.send(Request(url=url, method="POST", body=b"page=2"))
    assert page is not None
    assert page.body == b"page=2"
    assert web.asked[-1].method == "POST"


async def test_a_proxy_is_used_for_its_source_only(web: WebServer) -> None:
    async with Fetcher(settings(allow_private=False)) as fetcher:
        web.put("/a", lambda asked: Reply(f"{asked.target} {asked.headers.get('proxy-authorization', '')}"))
        proxy = SecretStr(web.url("").replace("//", "//me:word@"))
        page = await fetcher.get("http://far.example/a", options=FetchOptions(proxy=proxy))
    assert page is not None
    target, scheme, _ = page.body.decode().split()
    assert (target, scheme) == ("http://far.example/a", "Basic")


@pytest.fixture
def certified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WebServer]:
    """A server whose certificate, for far.example, is good."""
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("far.example").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    with WebServer(tls=context) as server:
        server.put("/a", "here")
        yield server


async def test_https_goes_through_a_tunnel_of_the_proxy(certified: WebServer) -> None:
    async with tunnels(certified.port) as proxy, Fetcher(settings(allow_private=False)) as fetcher:
        options = FetchOptions(proxy=SecretStr(proxy.url))
        page = await fetcher.get("https://far.example/a", options=options)
    assert page is not None
    assert page.body == b"here"
    assert set(proxy.wanted) == {"far.example:443"}


async def test_a_wrong_certificate_is_noticed_through_a_tunnel_too(certified: WebServer) -> None:
    async with tunnels(certified.port) as proxy, Fetcher(settings(allow_private=False)) as fetcher:
        options = FetchOptions(proxy=SecretStr(proxy.url), ignore_robots=True)
        error = await failure(fetcher, "https://other.example/a", options)
    assert error.cause is FetchCause.TLS
    assert certified.asked == []


async def test_behind_a_proxy_a_written_out_private_address_is_refused(web: WebServer) -> None:
    async with Fetcher(settings(allow_private=False)) as fetcher:
        error = await failure(
            fetcher, "http://10.0.0.1/", FetchOptions(proxy=SecretStr(web.url("")), ignore_robots=True)
        )
    assert error.cause is FetchCause.FORBIDDEN_ADDRESS
    assert web.asked == []


ANSWERS = [
    b"",
    b"\x00" * 100,
    b"HTTP/1.1",
    b"HTTP/1.1 200 OK\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nabc",
    b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nabc",
    b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nabc",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nabc",
    b"HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nX: " + b"a" * 200_000 + b"\r\n\r\n",
    b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 20_000 + b"\r\n",
    b"HTTP/1.1 302 Found\r\nLocation: \xff\xfe://\x80\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nSet-Cookie: \xff=\x01; expires=never\r\nContent-Length: 1\r\n\r\na",
    b"HTTP/1.1 200 OK\r\nContent-Type: ;;=\r\nContent-Length: 1\r\n\r\na",
    b"HTTP/1.1 200 OK\r\nETag: \xe6\x96\x87\r\nLast-Modified: \xff\r\nContent-Length: 1\r\n\r\na",
    b"HTTP/1.1 429 Slow\r\nRetry-After: soon\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 503 Slow\r\nRetry-After: 99999999999999999999\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\n" * 50,
]


@pytest.mark.parametrize("answer", ANSWERS)
async def test_whatever_a_server_says_is_a_page_or_a_fetch_error(fetcher: Fetcher, answer: bytes) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    async with server:
        try:
            page = await fetcher.get(url, options=FetchOptions(ignore_robots=True))
        except FetchError as error:
            assert str(error).startswith(url)
        else:
            assert page is not None
            assert page.validators == Validators()
