"""What the service proves by over TLS that it is the one: made once for this machine, and kept.

Its authority issues this one certificate, and its key is never written down: whoever trusts it
trusts nobody else by it.
"""

import tempfile
from pathlib import Path
from typing import Final, NamedTuple

import trustme

from sandbox.paths import make_private

__all__ = ["Certificate", "certificate"]

_WHO: Final = "alicloud-gateways, the local cloud of this machine"
_AUTHORITY, _OWN = "ca.pem", "server.pem"


class Certificate(NamedTuple):
    """Two files."""

    authority: Path
    """What clients are to trust."""

    own: Path
    """The server's certificate, and its key, which its owner alone can read."""


def certificate(folder: Path, host: str) -> Certificate:
    """The certificate for an address of this machine, and for `localhost`.

    Args:
        folder: where certificates are kept, each in a folder of its own.
        host: the address that is listened on.
    """
    kept = folder / host
    if not kept.exists():
        make_private(folder)
        authority = trustme.CA(organization_name=_WHO)
        own = authority.issue_cert(*{host, "127.0.0.1", "localhost"})
        with tempfile.TemporaryDirectory(prefix=f".{host}.", dir=folder) as made:
            whole = Path(made) / host  # so that another process sees both files or none
            make_private(whole)
            authority.cert_pem.write_to_path(whole / _AUTHORITY)
            (whole / _OWN).touch(0o600)
            own.private_key_and_cert_chain_pem.write_to_path(whole / _OWN)
            try:
                whole.rename(kept)
            except OSError:
                if not kept.exists():  # nobody else was first
                    raise
    return Certificate(kept / _AUTHORITY, kept / _OWN)
