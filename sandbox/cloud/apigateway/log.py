"""Where the gateway of a region writes its calls to: one place in Log Service, or none."""

from typing_extensions import override

from sandbox.cloud.errors import CloudError
from sandbox.cloud.kind import Kind
from sandbox.cloud.resource import Attributes
from sandbox.cloud.session import Session

__all__ = ["LogConfig"]


class LogConfig(Kind):
    """Its type is its id. The project and the store in it aren't looked up: they aren't here."""

    name = "api_gateway_log_config"
    not_found = "NotFoundLogConfig"

    @override
    def identity(self, session: Session, wanted: Attributes) -> str:
        return str(wanted["log_type"])

    @override
    def prepare(self, session: Session, wanted: Attributes) -> Attributes:
        if found := session.get(self.name, wanted["log_type"]):
            raise CloudError(
                "RepeatedLogConfig",
                f"{session.region} already writes to {found['sls_project']}/"
                f"{found['sls_log_store']}; there is one for each region.",
            )
        return {}
