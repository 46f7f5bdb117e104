"""Where the gateway of a region writes its calls to: one place in Log Service, or none."""

from sandbox.cloud.core import Kind

__all__ = ["LogConfig"]


class LogConfig(Kind):
    """Its type is its id. The project and the store in it aren't looked up: they aren't here."""

    name = "api_gateway_log_config"
    not_found = "NotFoundLogConfig"
    id_parts = ("log_type",)
    taken = (
        "RepeatedLogConfig",
        "{same.region} already writes to {same[sls_project]}/{same[sls_log_store]}; it has one.",
    )
