"""The browser fallback: a real Chromium against a real server."""

import asyncio
import base64
import contextlib
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from monitor.errors import FetchCause, FetchError
from monitor.fetch import Fetcher, FetchOptions, FetchSettings, Request
from monitor.fetch.settings import BrowserSettings
from monitor.types import Page
from tests.fetch.conftest import QUICK
from tests.servers.web import Answer, Asked, Reply, WebServer

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(importlib.util.find_spec("playwright") is None, reason="playwright is not installed"),
    pytest.mark.skipif(shutil.which("chromium") is None, reason="there is no chromium"),
]

NOTICE = "<html><title>通知</title><body><p>关于开展药品集中带量采购工作的通知</p></body></html>"
CHALLENGE = """<html><script>
    document.cookie = "pass=" + navigator.userAgent.length + "/a+b==; path=/"; location.reload();
</script></html>"""
HOPELESS = "<html><script>var $_ts = 1;</script></html>"
AUTO = FetchOptions(browser="auto")
ALWAYS = FetchOptions(browser="always")


def settings(**changes: object) -> FetchSettings:
    browser = BrowserSettings(timeout=timedelta(seconds=3))
    return QUICK.model_copy(update={"timeout": timedelta(seconds=5), "browser": browser, **changes})


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    async with Fetcher(settings()) as fetcher:
        yield fetcher


async def fetch(fetcher: Fetcher, url: str, options: FetchOptions) -> Page:
    page = await fetcher.get(url, options=options)
    assert page is not None
    return page


async def failure(fetcher: Fetcher, url: str, options: FetchOptions) -> FetchError:
    with pytest.raises(FetchError) as caught:
        await fetcher.get(url, options=options)
    return caught.value


def walled(reply: Reply) -> Answer:
    """Behind a wall that lets in whoever brings the cookie, with the user agent that won it."""

    def answer(asked: Asked) -> Reply:
        passed = f"pass={len(asked.headers['user-agent'])}/a+b==" in asked.headers.get("cookie", "")
        return reply if passed else Reply(CHALLENGE, 412)

    return answer


async def test_auto_gets_past_a_wall_and_keeps_the_cookie(web: WebServer, fetcher: Fetcher) -> None:
    url = web.put("/notice", walled(Reply(NOTICE, headers={"ETag": '"1"'})))
    page = await fetch(fetcher, url, AUTO)
    assert (page.body.decode(), page.status, page.validators.etag) == (NOTICE, 200, '"1"')
    assert len(web.paths()) == 4  # in vain, with the browser twice, with its cookie
    assert "policy-monitor/" in web.asked[-1].headers["user-agent"]
    await fetch(fetcher, url, FetchOptions())
    assert len(web.paths()) == 5
    assert await fetcher.get(url, validators=page.validators, options=AUTO) is None


async def test_never_stays_blocked(web: WebServer, fetcher: Fetcher) -> None:
    error = await failure(fetcher, web.put("/notice", walled(Reply(NOTICE))), FetchOptions())
    assert (error.cause, error.status) == (FetchCause.BLOCKED, 412)
    assert len(web.paths()) == 1


async def test_the_wall_before_robots_txt_is_no_way_around_it(web: WebServer, fetcher: Fetcher) -> None:
    web.put("/robots.txt", walled(Reply("User-agent: *\nDisallow: /secret")))
    url = web.put("/secret", walled(Reply(NOTICE)))
    assert (await failure(fetcher, url, AUTO)).cause is FetchCause.ROBOTS


async def test_cookies_that_no_longer_help_are_won_anew(web: WebServer, fetcher: Fetcher) -> None:
    url = web.put("/notice", walled(Reply(NOTICE)))
    await fetch(fetcher, url, AUTO)
    used = len(web.asked)
    web.put(
        "/notice",
        lambda asked: walled(Reply(NOTICE))(asked) if len(web.asked) > used + 1 else Reply(HOPELESS, 412),
    )
    assert (await fetch(fetcher, url, AUTO)).body.decode() == NOTICE


async def test_a_file_behind_a_wall_arrives_as_it_is(web: WebServer, fetcher: Fetcher) -> None:
    pdf = b"%PDF-1.7 " + bytes(range(256))
    url = web.put("/a.pdf", walled(Reply(pdf, headers={"Content-Type": "application/pdf"})))
    assert (await fetch(fetcher, url, AUTO)).body == pdf
    assert (await fetch(fetcher, url, ALWAYS)).body == pdf


async def test_a_post_behind_a_wall_is_sent_with_the_cookie_that_the_browser_won(
    web: WebServer, fetcher: Fetcher
) -> None:
    url = web.put("/search", walled(Reply('{"rows": []}', headers={"Content-Type": "application/json"})))
    page = await fetcher.send(Request(url=url, method="POST", body=b"q=1"), options=AUTO)
    assert page is not None
    assert page.body == b'{"rows": []}'
    assert web.asked[-1].body == b"q=1"


async def test_always_shows_what_scripts_load_and_loads_no_pictures(web: WebServer, fetcher: Fetcher) -> None:
    web.put("/list.json", Reply('"集中带量采购"', headers={"Content-Type": "application/json"}))
    web.put("/a.png", b"")
    script = "fetch('/list.json').then(r => r.json()).then(t => document.body.append(t))"
    url = web.put("/", f"<html><body><img src=/a.png><script>{script}</script></body></html>")
    page = await fetch(fetcher, url, ALWAYS)
    assert "集中带量采购" in page.body.decode()
    assert (page.media_type, page.charset) == ("text/html", "utf-8")
    assert web.paths() == ["/", "/list.json"]


async def test_the_status_and_the_last_address_of_a_page_count(web: WebServer, fetcher: Fetcher) -> None:
    error = await failure(fetcher, web.put("/gone", Reply(NOTICE, 404)), ALWAYS)
    assert (error.cause, error.status) == (FetchCause.STATUS, 404)
    end = web.put("/b", NOTICE, host="127.0.1.2")
    start = web.put("/a", Reply(status=302, headers={"Location": end}))
    assert (await fetch(fetcher, start, ALWAYS)).final_url == end


@pytest.mark.parametrize("browser", ["auto", "always"])
async def test_a_private_address_is_refused(web: WebServer, browser: str) -> None:
    url = web.put("/a", NOTICE)
    async with Fetcher(settings(allow_private=False)) as fetcher:
        error = await failure(fetcher, url, FetchOptions(browser=browser, ignore_robots=True))
    assert error.cause is FetchCause.FORBIDDEN_ADDRESS
    assert web.asked == []


@contextlib.asynccontextmanager
async def public_web(web: WebServer) -> AsyncIterator[FetchOptions]:
    """Options with a proxy behind which every name is that server, so that a name is no private address."""
    pipes: list[asyncio.Task[None]] = []

    async def pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.closing(writer), contextlib.suppress(OSError):
            while chunk := await reader.read(1 << 16):
                writer.write(chunk)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        assert base64.b64encode(b"me:p@ss") in head
        far = await asyncio.open_connection("127.0.0.1", web.port)
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        pipes.extend(map(asyncio.create_task, (pipe(reader, far[1]), pipe(far[0], writer))))

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    yield FetchOptions(
        browser="always", ignore_robots=True, proxy=SecretStr(f"http://me:p%40ss@127.0.0.1:{port}")
    )
    server.close()
    for task in pipes:
        task.cancel()
    await asyncio.gather(*pipes, return_exceptions=True)


async def test_a_redirect_to_a_private_address_is_refused(web: WebServer) -> None:
    near = web.put("/near", NOTICE)
    script = f"<html><script>location = '{near}'</script></html>"
    async with public_web(web) as options, Fetcher(settings(allow_private=False)) as fetcher:
        for far in (Reply(status=302, headers={"Location": near}), script):
            url = web.put("/far", far, host="notices.example")
            error = await failure(fetcher, url, options)
            assert error.cause is FetchCause.FORBIDDEN_ADDRESS
    assert set(web.paths()) == {"/far"}


@pytest.fixture
def phone() -> Iterator[socket.socket]:
    """Where a page may try to call by UDP."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as phone:
        phone.bind(("127.0.0.1", 0))
        phone.setblocking(False)
        yield phone


async def test_a_page_reaches_no_private_address_by_any_of_its_requests(
    web: WebServer, phone: socket.socket
) -> None:
    near = web.put("/near", Reply("1", headers={"Access-Control-Allow-Origin": "*"}))
    web.put("/hop", Reply(status=302, headers={"Location": near, "Access-Control-Allow-Origin": "*"}))
    port = phone.getsockname()[1]
    other = near.replace("127.0.0.1", "[::1]")
    tries = f"""<script>
        for (const url of ["{near}", "/hop", "{other}"])
            fetch(url).then(r => r.text()).then(t => document.title += t, () => 0);
        new WebSocket("{near.replace("http", "ws")}").onopen = () => document.title += 1;
        const call = new RTCPeerConnection({{iceServers: [{{urls: "stun:127.0.0.1:{port}"}}]}});
        call.createDataChannel("x");
        call.createOffer().then(offer => call.setLocalDescription(offer));
        </script><iframe src="{near}"></iframe><script src="{near}"></script>
        <link rel=preload as=fetch href="{near}">"""
    url = web.put("/far", NOTICE.replace("</body>", tries), host="notices.example")
    async with public_web(web) as options, Fetcher(settings(allow_private=False)) as fetcher:
        page = await fetch(fetcher, url, options)
        assert "<title>通知</title>" in page.body.decode()
        assert set(web.paths()) == {"/far", "/hop"}
        with pytest.raises(BlockingIOError):
            phone.recv(1)
        allowed = options.model_copy(update={"allow_private": True})
        assert "<title>通知11" in (await fetch(fetcher, url, allowed)).body.decode()


async def test_pages_that_never_finish_end_and_hold_up_nobody(web: WebServer, fetcher: Fetcher) -> None:
    drip = web.put("/drip", Reply("<html>" + "." * 999, drip=0.1))
    spin = web.put("/spin", "<html><script>while (true) {}</script></html>")
    errors = await asyncio.gather(*(failure(fetcher, url, ALWAYS) for url in (drip, spin)))
    assert [error.cause for error in errors] == [FetchCause.TIMEOUT, FetchCause.TIMEOUT]
    assert "fetch.browser.timeout" in str(errors[0])
    assert await fetch(fetcher, web.put("/a", NOTICE), ALWAYS)


async def test_a_wall_that_stays_is_blocked_and_is_not_run_against(web: WebServer, fetcher: Fetcher) -> None:
    stays = web.put("/stays", Reply(HOPELESS, 412))
    error = await failure(fetcher, stays, AUTO)
    assert (error.cause, error.status) == (FetchCause.BLOCKED, 412)
    assert "did not get past the script challenge" in str(error)
    loops = web.put("/loops", Reply("<html><script>location.reload()</script></html>", 412))
    assert (await failure(fetcher, loops, AUTO)).cause is FetchCause.BLOCKED
    assert web.paths().count("/loops") <= QUICK.max_redirects + 1


@pytest.mark.parametrize("script", ["", "document.body.append('x'.repeat(1 << 21))"])
async def test_a_page_that_is_too_large_is_refused(web: WebServer, fetcher: Fetcher, script: str) -> None:
    body = f"<html><body><script>{script}</script>".encode() + b"x" * (1 << 10 if script else 1 << 21)
    error = await failure(fetcher, web.put("/a", body), ALWAYS)
    assert error.cause is FetchCause.TOO_LARGE


async def test_without_the_extra_or_a_chromium_the_source_stays_blocked_and_is_told_what_to_install(
    web: WebServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = web.put("/notice", walled(Reply(NOTICE)))
    missing = BrowserSettings(executable_path=tmp_path / "chromium")
    async with Fetcher(settings(browser=missing)) as fetcher:
        error = await failure(fetcher, url, AUTO)
        assert (error.cause, error.status) == (FetchCause.BLOCKED, 412)
        assert "chromium (fetch.browser.executable_path) is not there; install one" in str(error)
    monkeypatch.delitem(sys.modules, "monitor.fetch.browser")
    monkeypatch.setitem(sys.modules, "playwright.async_api", None)
    async with Fetcher(settings()) as fetcher:
        for options in (AUTO, ALWAYS):
            error = await failure(fetcher, url, options)
            assert error.cause is FetchCause.BLOCKED
            assert "pip install 'policy-monitor[browser]'" in str(error)


def processes(mark: str) -> set[int]:
    """The processes whose command line says this."""
    found = set()
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if entry.name.isdecimal() and mark in (entry / "cmdline").read_text("utf-8", "replace"):
                found.add(int(entry.name))
    return found


def driver() -> int:
    """Playwright's own process, between us and the browser."""
    (pid,) = (
        pid
        for pid in processes("run-driver")
        if f"PPid:\t{os.getpid()}\n" in Path(f"/proc/{pid}/status").read_text("utf-8")
    )
    return pid


@pytest.mark.parametrize("what", ["browser", "driver", "hang"])
async def test_a_crash_is_one_error_and_the_browser_starts_again(
    web: WebServer, fetcher: Fetcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    slow = asyncio.create_task(failure(fetcher, web.put("/slow", Reply("<html>", drip=1)), ALWAYS))
    await asyncio.to_thread(until, lambda: "/slow" in web.paths())
    browser = processes(f"--user-data-dir={tmp_path}")
    assert browser
    for pid in {driver()} if what == "driver" else browser:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP if what == "hang" else signal.SIGKILL)
    assert (await slow).cause in {FetchCause.CONNECT, FetchCause.TIMEOUT}
    assert await fetch(fetcher, web.put("/a", NOTICE), ALWAYS)
    if what != "hang":  # its driver kills that one later
        await asyncio.to_thread(until, lambda: not browser & processes(f"--user-data-dir={tmp_path}"))


VISIT = """
import asyncio, sys
from monitor.fetch import *
async def main():
    async with Fetcher(FetchSettings(allow_private=True)) as fetcher:
        await fetcher.get(sys.argv[1], options=FetchOptions(browser="always"))
asyncio.run(main())
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_program_that_is_killed_leaves_no_browser_behind(
    web: WebServer, tmp_path: Path, how: signal.Signals
) -> None:
    url = web.put("/slow", Reply("<html>......", drip=5))
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    with subprocess.Popen(
        [sys.executable, "-c", VISIT, url], env=environment, stderr=subprocess.DEVNULL
    ) as program:
        until(lambda: "/slow" in web.paths())
        assert processes(str(tmp_path))
        program.send_signal(how)
        program.wait(20)
    until(lambda: not processes(str(tmp_path)))


def until(holds: Callable[[], object]) -> None:
    end = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)
