"""A simulated Alibaba Cloud: resources, rules, quotas and faults, kept in one SQLite file.

It owns what the cloud would do and refuse. It knows nothing of Pulumi, of gRPC or of the cloud's
own RPC API: each of those is a front door of its own over `Store`. Attributes have the names of
the contract (`vswitch_id`); error codes are the cloud's, and a comment says so where one is ours
because no published code was found.

A service is a module, or a folder of them, that lists its kinds; `core` is what they stand on.
"""

from sandbox.cloud.catalogue import KINDS
from sandbox.cloud.core.calls import Call, Operation
from sandbox.cloud.core.errors import CallerKilledError, CloudError, LostAnswerError
from sandbox.cloud.core.ids import ACCOUNT_ID
from sandbox.cloud.core.kind import Kind
from sandbox.cloud.core.resource import Attributes, Resource
from sandbox.cloud.core.store import DEFAULT_REGION, Store

__all__ = [
    "ACCOUNT_ID",
    "DEFAULT_REGION",
    "KINDS",
    "Attributes",
    "Call",
    "CallerKilledError",
    "CloudError",
    "Kind",
    "LostAnswerError",
    "Operation",
    "Resource",
    "Store",
]
