"""Public and private doors for applications on Alibaba Cloud, from one stack file.

`Pulumi.<stack>.yaml` says what to build. Every mistake in it that can be known beforehand is
reported, all at once, before anything is registered.
"""

import pulumi

from topologies.builder import build
from topologies.program import load_settings, when_known


async def main() -> pulumi.Inputs:
    """Build the stack; returns its outputs."""
    return await when_known(build(await load_settings()))


pulumi.run(main)
