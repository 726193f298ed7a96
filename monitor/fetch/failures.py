"""What aiohttp and the system raise → a cause and a sentence without secrets."""

import socket
import ssl

import aiohttp

from monitor.addresses import PrivateAddressError
from monitor.errors import FetchCause
from monitor.fetch.trouble import TroubleError

NETWORK_ERRORS = (aiohttp.ClientError, OSError, TimeoutError, ValueError)

_OLD_TLS_SIGNS = (
    "LEGACY",
    "TOO_SMALL",
    "TOO_WEAK",
    "UNSUPPORTED_PROTOCOL",
    "PROTOCOL_VERSION",
    "HANDSHAKE_FAILURE",
    "NO_SHARED",
)


def trouble_of(error: Exception) -> TroubleError:
    """The trouble behind an error of `NETWORK_ERRORS`. Libraries' own messages may hold addresses."""
    match error:
        case aiohttp.ClientConnectorCertificateError():
            return _tls_trouble(error.certificate_error)
        case aiohttp.ClientConnectorError() | OSError() if not isinstance(error, TimeoutError):
            return _connection_trouble(getattr(error, "os_error", error))
        case aiohttp.ClientHttpProxyError():
            return TroubleError(FetchCause.CONNECT, f"the proxy answers {error.status}")
        case TimeoutError():
            return TroubleError(
                FetchCause.TIMEOUT, "no connection in the time allowed (fetch.connect_timeout)"
            )
        case aiohttp.ServerDisconnectedError() | aiohttp.ClientPayloadError():
            return TroubleError(FetchCause.CONNECT, "the server broke off in the middle of the answer")
        case _:
            return TroubleError(FetchCause.CONNECT, "the answer is not HTTP that can be read")


def _connection_trouble(error: Exception) -> TroubleError:
    if isinstance(error, PrivateAddressError):
        sentence = "the host leads to a private or loopback address; fetch.allow_private would allow that"
        return TroubleError(FetchCause.FORBIDDEN_ADDRESS, sentence)
    if isinstance(error, ssl.SSLError):
        return _tls_trouble(error)
    reason = getattr(error, "strerror", None) or type(error).__name__
    if isinstance(error, socket.gaierror):
        return TroubleError(FetchCause.DNS, f"the host has no address: {reason}")
    return TroubleError(FetchCause.CONNECT, f"no connection: {reason}")


def _tls_trouble(error: Exception) -> TroubleError:
    if isinstance(error, ssl.SSLCertVerificationError):
        return TroubleError(FetchCause.TLS, f"the certificate is not valid: {error.verify_message}")
    reason = (getattr(error, "reason", None) or type(error).__name__).upper()
    hint = "; fetch.old_tls of the source may help" if any(sign in reason for sign in _OLD_TLS_SIGNS) else ""
    return TroubleError(FetchCause.TLS, f"no secure connection: {reason.lower().replace('_', ' ')}{hint}")
