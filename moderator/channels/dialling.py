"""Making a connection, and saying in words without an address why there is none."""

from __future__ import annotations

import socket
import ssl

from moderator.channels.deadline import Deadline
from moderator.domain.errors import ChannelError

CONNECT_S = 5.0  # for one address; a name may have several

# OpenSSL's verification results (X509_V_ERR_…). Its own words would hold the host's name.
_UNTRUSTED = {
    9: "is not valid yet",
    10: "has expired",
    18: "is self-signed",
    19: "is signed by an authority that is not trusted",
    20: "is signed by an authority that is not trusted",
    21: "is signed by an authority that is not trusted",
    62: "is for another name",
    64: "is for another address",
}


class CertificateRefused(ChannelError):
    """The far end's certificate does not prove that it is who we mean to talk to."""


def dial(addresses: list[str], port: int, deadline: Deadline) -> socket.socket:
    """A connection to the first address that answers. Raises the last one's OSError."""
    failure: OSError = TimeoutError()
    for address in addresses:
        try:
            connection = socket.create_connection((address, port), deadline.remaining(CONNECT_S))
        except OSError as exc:
            failure = exc
        else:
            deadline.watch(connection)
            return connection
    raise failure


def connect_failed(exc: Exception, deadline: Deadline) -> ChannelError:
    """Why there is no connection, TLS included, in words that hold no address."""
    certificate = _find_certificate_error(exc)
    if certificate is not None:
        why = _UNTRUSTED.get(certificate.verify_code, "is not valid")
        return CertificateRefused(f"the far end's certificate {why}")
    if deadline.is_over() or isinstance(exc, TimeoutError):
        return ChannelError("no connection in time")
    if isinstance(exc, ConnectionRefusedError):
        return ChannelError("the connection was refused")
    if isinstance(exc, ssl.SSLError):
        return ChannelError("no encrypted connection could be agreed on")
    return ChannelError("no connection could be made")


def _find_certificate_error(exc: BaseException | None) -> ssl.SSLCertVerificationError | None:
    while exc is not None and not isinstance(exc, ssl.SSLCertVerificationError):
        exc = exc.__cause__ or exc.__context__
    return exc
