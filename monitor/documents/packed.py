"""Members of ZIP packages, taken out within a limit."""

import zlib
from zipfile import BadZipFile, ZipFile, ZipInfo

from monitor.errors import ParseError


def unpack(package: ZipFile, member: ZipInfo, max_bytes: int) -> bytes:
    """The content of a member. Raises `ParseError` if it is damaged, encrypted or larger than `max_bytes`."""
    if member.flag_bits & 0x1:
        raise ParseError("is protected by a password; supply it without protection.")
    if member.file_size > max_bytes:
        raise ParseError(
            f"unpacks to {member.file_size:,} bytes, more than the limit allows ({max_bytes:,} left)."
        )
    try:
        return package.read(member)  # never more than the size that the member declares
    except (BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise ParseError(
            f"is damaged inside and cannot be unpacked ({error}); fetch or send it again."
        ) from error
