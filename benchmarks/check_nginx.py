"""The site of `check_site` as files behind nginx, with its own ETag and Last-Modified, or without any."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Self

from benchmarks.check_site import HOSTS, pages

_PATH = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"))
PROGRAM = shutil.which("nginx", path=_PATH)
_NO_VALIDATORS = 'etag off; if_modified_since off; add_header Last-Modified "";'
_CONFIG = """
daemon off;
{user}
pid {folder}/nginx.pid;
error_log {folder}/error.log error;
worker_processes 1;
events {{ worker_connections 4096; }}
http {{
  types {{ text/html html; }}
  charset utf-8;
  access_log off;
  keepalive_requests 1000000;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{ listen 0.0.0.0:{port}; root {folder}/www; {validators} }}
}}
"""
_LONGEST_START = 10.0


class NginxSite:
    """The site while a `with` lasts. It starts anew for each change, so that none is served half."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._validators = True
        self._nginx: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self._scratch = tempfile.TemporaryDirectory()
        self._folder = Path(self._scratch.name)
        with socket.create_server(("", 0)) as taken:
            self._port: int = taken.getsockname()[1]
        self.set(published=0)
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()
        self._scratch.cleanup()

    @property
    def name(self) -> str:
        assert PROGRAM is not None
        told = subprocess.run([PROGRAM, "-v"], capture_output=True, text=True, check=True).stderr
        return told.strip().rpartition(" ")[2]

    def url(self, number: int) -> str:
        return f"http://127.0.1.{number % HOSTS + 1}:{self._port}/col/{number}/index.html"

    def set(self, *, validators: bool | None = None, published: int | None = None) -> None:
        self._stop()
        if published is not None:
            self._write(published)
        if validators is not None:
            self._validators = validators
        self._start()

    def _write(self, published: int) -> None:
        for path, body in pages(self._count, published):
            file = self._folder / "www" / path.lstrip("/")
            if not file.is_file() or file.read_bytes() != body:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(body)
                moment = 1_790_000_000 + 60 * published  # nginx makes its ETag of the time and the size
                os.utime(file, (moment, moment))

    def _start(self) -> None:
        assert PROGRAM is not None
        config = self._folder / "nginx.conf"
        values = {
            "folder": self._folder,
            "port": self._port,
            "user": "user root;" if os.geteuid() == 0 else "",  # the folder is nobody else's to read
            "validators": "" if self._validators else _NO_VALIDATORS,
        }
        config.write_text(_CONFIG.format(**values), "utf-8")
        self._nginx = subprocess.Popen([PROGRAM, "-c", config, "-p", self._folder, "-e", "stderr"])
        give_up = time.monotonic() + _LONGEST_START
        while True:
            try:
                socket.create_connection(("127.0.1.1", self._port), 1).close()
                return
            except OSError:
                if self._nginx.poll() is not None or time.monotonic() > give_up:
                    raise
                time.sleep(0.02)

    def _stop(self) -> None:
        if self._nginx is not None:
            self._nginx.terminate()
            self._nginx.wait()
