"""`make cloud`: the account of a stack file's sandbox, served by the cloud's own API.

Until it is interrupted, official SDKs and command lines can call it as they call the cloud. It
works on what `make up` made, and the other way round. Each region has a port of its own, which
`DescribeEndpoints` tells, for products whose calls name none. Standard output has what a shell
evaluates, first of all; standard error has a line for each call: time, action, who, result, request
id.
"""

import argparse
import os
import re
import shlex
import sys
from contextlib import suppress
from ipaddress import IPv4Address
from typing import Final

from facts.zones import REGIONS
from judging.account.transport import ENDPOINT
from sandbox.accounts import paths_of
from sandbox.api.callers import Callers, root_key
from sandbox.api.certificate import certificate
from sandbox.api.products import PRODUCTS
from sandbox.api.server import application, listening, serve
from sandbox.api.service import Service
from sandbox.cloud import ACCOUNT_ID, DEFAULT_REGION, Store
from sandbox.paths import make_private, sandbox_folder
from stack.command_line import DONE, ROOT, add_stack_options, command, one_of, tell, tell_sandbox
from stack.problems import NotDoneError
from stack.stack_file import StackFile
from stack.target import Target, TargetError, new_target, target
from topologies import TOPOLOGIES

_LAST_PORT: Final = 65535
_HOME: Final = "127.0.0.1"
_OTHERS: Final = "others"


def _port(given: str) -> int:
    if not (given.isascii() and given.isdigit() and int(given) <= _LAST_PORT):
        message = f"{given!r} is no port: 1 to {_LAST_PORT}, or 0 for any that is free"
        raise argparse.ArgumentTypeError(message)
    return int(given)


def _address(given: str) -> IPv4Address:
    try:
        address = IPv4Address(given)
    except ValueError:
        address = IPv4Address(0)
    if address.is_unspecified or address.is_multicast or address.is_reserved:
        message = f"{given!r} is no address of IPv4 that a client could call"
        raise argparse.ArgumentTypeError(message)
    return address


def _rate(given: str) -> float:
    # Not `float` alone: that takes nan and inf.
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,3})?", given):
        message = f"{given!r} is no number of calls a second, such as 100; 0 is any number"
        raise argparse.ArgumentTypeError(message)
    return float(given)


def _log(line: str) -> None:
    """Say a line of a call's: the deed is done, and is answered though nobody reads it any more."""
    with suppress(OSError):
        tell(line)


def _options(parser: argparse.ArgumentParser) -> None:
    add_stack_options(parser)
    parser.add_argument(
        "--listen", metavar="ADDRESS", type=_address, default=_HOME, help=f"{_HOME} unless given"
    )
    parser.add_argument(
        "--reached-by", metavar=_OTHERS, help=f"{_OTHERS}, where other machines reach the address"
    )
    parser.add_argument(
        "--region",
        type=one_of(REGIONS, "region"),
        help="the stack file's unless given; with it, there needn't be one yet",
    )
    parser.add_argument("--port", type=_port, default=0, help="any that is free unless given")
    parser.add_argument(
        "--rate", type=_rate, metavar="N", help="the calls that each caller may make a second"
    )


@command("cloud", __doc__, _options)
def main(options: argparse.Namespace) -> int:
    """Serve the account of the stack that the command line names; returns the exit code."""
    host: IPv4Address = options.listen
    if not host.is_loopback and options.reached_by != _OTHERS:
        raise NotDoneError(
            f"Other machines reach {host}: whoever has the account's key pair could do everything "
            f"there, and all hear what is called without TLS.\nIf that is meant, say "
            f"REACHED_BY={_OTHERS}; without LISTEN, this machine alone is served."
        )
    found, region = _whose(options)
    tell_sandbox(found.stack)
    paths = paths_of(ROOT, found)
    make_private(paths.folder)
    others = [one for one in REGIONS if one != region]
    try:
        listener = listening(str(host), options.port)
        beside = {one: listening(str(host), 0) for one in others}
    except OSError as error:
        why = os.strerror(error.errno or 0)  # its own words tell the address once more
        raise NotDoneError(
            f"{host}:{options.port} can't be had ({why}); PORT=0 takes any port that is free, and "
            "LISTEN= has to be an address of this machine"
        ) from None
    store = Store(paths.cloud)
    if options.rate is not None:
        store.calls_per_second = options.rate
    key = root_key(store)
    proof = certificate(sandbox_folder(ROOT) / "tls", str(host))
    sockets = {region: listener, **beside}
    ports: dict[str, int] = {one: of.getsockname()[1] for one, of in sockets.items()}
    places = {one: f"{host}:{port}" for one, port in ports.items()}
    address = places[region]
    exported = {
        "ALIBABA_CLOUD_ACCESS_KEY_ID": key.id,
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": key.secret,
        "ALIBABA_CLOUD_ACCOUNT_ID": ACCOUNT_ID,
        "ALIBABA_CLOUD_ACCOUNT_TYPE": "Domestic",  # or the provider asks the cloud
        "ALIBABA_CLOUD_REGION": region,
        "ALIBABA_CLOUD_REGION_ID": region,
        "ALIBABA_CLOUD_ENDPOINT": address,  # the command line's, for every product
        **{f"{ENDPOINT}{product.code.upper()}": address for product in PRODUCTS},
    }
    for name, value in exported.items():
        print(f"export {name}={shlex.quote(value)}")
    authority = shlex.quote(str(proof.authority))
    print(_HOW.format(address=address, region=region, authority=authority), end="", flush=True)
    callers = Callers(store)
    services = {port: Service(store, one, callers, _log, places) for one, port in ports.items()}
    serve(application(services, store), [*sockets.values()], proof.own)
    store.close()
    return DONE


def _whose(options: argparse.Namespace) -> tuple[Target, str]:
    """The stack whose account it is, and the region that is served first.

    One whose file is yet to be written, to which a region is said, has an account as well: what is
    made there can be adopted.
    """
    try:
        found = target(options.stack, options.config, ROOT)
    except TargetError:
        if not options.region:
            raise
        return new_target(options.stack, options.config, ROOT), options.region
    settings = StackFile(found.file, found.stack, TOPOLOGIES).settings
    return found, options.region or settings.region or DEFAULT_REGION


_HOW: Final = """\
# What it holds:     curl http://{address}/
# Command line:      aliyun vpc DescribeVpcs --insecure (once the lines above are evaluated)
# Python SDK:        Config(endpoint="{address}", protocol="HTTP", region_id="{region}",
#                      access_key_id=…, access_key_secret=…), then alibabacloud_vpc20160428's Client
# An older SDK:      request.set_domain("{address}"); request.set_protocol_type("http")
# HTTPS:             the same port, by a certificate that {authority} vouches for:
#                      Config(…, protocol="HTTPS", ca="…"); curl --cacert …; SSL_CERT_FILE=… before
#                      aliyun, terraform or pulumi, for that command alone: nobody else is trusted
# docs/local-cloud.md says more, and what is served. An interrupt (Ctrl-C) ends it.
"""


if __name__ == "__main__":
    sys.exit(main())
