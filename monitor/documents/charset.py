"""Which character set bytes are in: bytes first, declaration last."""


def decode(body: bytes, declared: str | None) -> tuple[str, str]:
    """The text of `body` and the character set (a Python codec name) it was read in.

    The ladder: byte order mark; strict UTF-8; UTF-16 by its pattern; Big5 where declared or clear;
    gb18030 (never gb2312 or gbk, which drop characters). `declared` is a hint only. Never raises: what no
    character set explains becomes U+FFFD.
    """
    raise NotImplementedError
