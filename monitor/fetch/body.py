"""The bytes of an answer, unpacked, within a size limit."""

import asyncio
import zlib

import brotli
from aiohttp import ClientResponse

from monitor.errors import FetchCause
from monitor.fetch.trouble import TroubleError

_ANY_ZLIB = 47  # gzip or zlib, whichever the header says
_RAW_DEFLATE = -15
_GZIP_MAGIC = b"\x1f\x8b\x08"
_WORTH_A_THREAD = 1 << 20


async def receive(response: ClientResponse, limit: int) -> bytes:
    """The body of an answer, unpacked.

    Raises `TroubleError` (too large) as soon as more than `limit` bytes come over the wire or out of
    unpacking; the rest is never read.
    """
    packed = await _receive_packed(response, limit)
    encodings = [name.strip() for name in response.headers.get("Content-Encoding", "").lower().split(",")]
    if encodings in ([""], ["identity"]):
        encodings = ["gzip"] if _is_secretly_packed(packed, response.content_type) else []
    for encoding in reversed(encodings):
        if len(packed) > _WORTH_A_THREAD:
            packed = await asyncio.to_thread(unpack, packed, encoding, limit)
        else:
            packed = unpack(packed, encoding, limit)
    return packed


async def _receive_packed(response: ClientResponse, limit: int) -> bytes:
    if (response.content_length or 0) > limit:
        raise _too_large("announces", limit)
    chunks: list[bytes] = []
    size = 0
    async for chunk in response.content.iter_any():
        size += len(chunk)
        if size > limit:
            raise _too_large("sends", limit)
        chunks.append(chunk)
    return b"".join(chunks)


def _is_secretly_packed(body: bytes, media_type: str) -> bool:
    """Some servers send gzip without saying so."""
    return body.startswith(_GZIP_MAGIC) and (media_type.startswith("text/") or "xml" in media_type)


def unpack(packed: bytes, encoding: str, limit: int) -> bytes:
    """Undo one content encoding. Raises `TroubleError` when more than `limit` bytes come out of it."""
    try:
        if encoding in {"gzip", "x-gzip", "deflate"}:
            plain = _inflate(packed, limit)
        elif encoding == "br":
            plain = _unbrotli(packed, limit)
        elif encoding == "identity":
            plain = packed
        else:
            sentence = f"the answer is packed as {encoding!r}, which was not asked for"
            raise TroubleError(FetchCause.WRONG_TYPE, sentence)
    except (zlib.error, brotli.error) as error:
        sentence = f"the {encoding} packing of the answer is damaged: {error}"
        raise TroubleError(FetchCause.CONNECT, sentence) from None
    if len(plain) > limit:
        raise _too_large("unpacks to", limit)
    return plain


def _inflate(packed: bytes, limit: int) -> bytes:
    parts: list[bytes] = []
    room = limit + 1
    while packed and room > 0:
        try:
            stream = zlib.decompressobj(_ANY_ZLIB)
            part = stream.decompress(packed, room)
        except zlib.error:
            if parts:
                break  # padding after the last member
            stream = zlib.decompressobj(_RAW_DEFLATE)
            part = stream.decompress(packed, room)
        if not stream.eof and len(part) < room:
            raise zlib.error("it ends too early")
        parts.append(part)
        room -= len(part)
        packed = stream.unused_data
    return b"".join(parts)


def _unbrotli(packed: bytes, limit: int) -> bytes:
    stream = brotli.Decompressor()
    parts = [stream.process(packed, output_buffer_limit=limit + 1)]
    size = len(parts[0])
    while not stream.is_finished() and size <= limit:
        part = stream.process(b"", output_buffer_limit=limit + 1 - size)
        if not part:
            raise brotli.error("it ends too early")
        parts.append(part)
        size += len(part)
    return b"".join(parts)


def _too_large(verb: str, limit: int) -> TroubleError:
    sentence = f"the answer {verb} more than {limit} bytes; fetch.max_size allows no more"
    return TroubleError(FetchCause.TOO_LARGE, sentence)
