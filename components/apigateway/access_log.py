"""`ApiAccessLog`: sends the calls of every API in a region to Simple Log Service.

Owns the setting, of which a region has one for each account: two stacks that both have it take
turns in overwriting each other. Doesn't own the log project or the logstore.

Source: API Gateway, "Use Simple Log Service to view the logs of API calls"; the seed document on
API Gateway best practices, chapter 4.
"""

from typing import TypedDict

import pulumi
from pulumi_alicloud import apigateway

from .._component import Component
from .._options import child


class ApiAccessLogArgs(TypedDict):
    """Arguments of `ApiAccessLog`. Both are updated in place."""

    sls_project: pulumi.Input[str]
    """The log project, in the same region."""

    sls_log_store: pulumi.Input[str]
    """The logstore in it."""


class ApiAccessLog(Component):
    """Where the calls of a region's APIs are logged. Child: `<name>-log`."""

    log_id: pulumi.Output[str]
    """The setting's id."""

    def __init__(
        self, name: str, args: ApiAccessLogArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Register the setting."""
        super().__init__(name, opts)
        log = apigateway.LogConfig(
            f"{name}-log",
            apigateway.LogConfigArgs(
                log_type="PROVIDER",  # the calls of one's own APIs: the only type there is
                sls_project=args["sls_project"],
                sls_log_store=args["sls_log_store"],
            ),
            opts=child(self, delete_before_replace=True),  # a region has one
        )
        self.log_id = log.id
        self.register_outputs({"logId": self.log_id})
