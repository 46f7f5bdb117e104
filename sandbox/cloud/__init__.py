"""A simulated Alibaba Cloud: resources, rules, quotas and faults, kept in one SQLite file.

It owns what the cloud would do and refuse. It knows nothing of Pulumi, of gRPC or of the cloud's
own RPC API: each of those is a front door of its own over `Store`. Attributes have the names of
the contract (`vswitch_id`); error codes are the cloud's, and a comment says so where one is ours
because no published code was found.
"""

from sandbox.cloud.answers import answers
from sandbox.cloud.calls import Call
from sandbox.cloud.errors import CallerKilledError, CloudError, LostAnswerError
from sandbox.cloud.resource import Attributes, Resource
from sandbox.cloud.store import Store

__all__ = [
    "Attributes",
    "Call",
    "CallerKilledError",
    "CloudError",
    "LostAnswerError",
    "Resource",
    "Store",
    "answers",
]
