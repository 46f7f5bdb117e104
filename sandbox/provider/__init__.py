"""A Pulumi provider for Alibaba Cloud over the simulated cloud.

It behaves as the real provider does where our topologies can tell: the same inputs, the same
differences, the same ids. It has no rules of the cloud's own; those are in `sandbox.cloud`. Run
it in a process of its own (`python -m sandbox.provider`): in one with the program a large preview
takes several times as long.
"""

from sandbox.provider.servicer import Servicer, serve

__all__ = ["Servicer", "serve"]
