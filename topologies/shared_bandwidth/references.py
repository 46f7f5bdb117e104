"""References inside the `sharedBandwidth` section: which names may be pointed to."""

from collections.abc import Iterator

from stack.problems import KeyPath, Problem, choose_from
from topologies.shared_bandwidth.settings import SharedBandwidthSettings

SECTION = "sharedBandwidth"


def address_problems(
    section: SharedBandwidthSettings, name: str, path: KeyPath
) -> Iterator[Problem]:
    """Why nothing can be bound to the public address `name`."""
    address = section.public_ips.get(name)
    if address is None:
        yield Problem(
            path,
            name,
            "this must name a public address of publicIps",
            choose_from(name, section.public_ips, "public address"),
            missing=(SECTION, "publicIps", name),
        )
    elif address.spare:
        rule = f"{name} is spare: nothing is bound to a spare address"
        remedy = f"use another address, or remove spare from {SECTION}.publicIps.{name}"
        yield Problem(path, name, rule, remedy)
