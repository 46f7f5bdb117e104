"""Plugins, and which APIs have them on which stage. What one may say is in `plugin_data`."""

from typing_extensions import override

from sandbox.cloud.apigateway.api import need_access, need_published
from sandbox.cloud.apigateway.names import check_length, digest
from sandbox.cloud.apigateway.plugin_data import accesses_in, read_data
from sandbox.cloud.errors import CloudError
from sandbox.cloud.kind import Kind
from sandbox.cloud.making import Making
from sandbox.cloud.resource import Attributes, Resource
from sandbox.cloud.session import Session

__all__ = ["Plugin", "PluginAttachment"]

_ATTACHMENT = "api_gateway_plugin_attachment"
_NAME_LENGTHS = range(4, 51)
_LONGEST_DESCRIPTION = 200


class Plugin(Kind):
    name = "api_gateway_plugin"
    not_found = "NotFoundPlugin"

    @override
    def shaped(self, drawn: str) -> str:
        return digest(drawn)

    @override
    def prepare(self, session: Session, wanted: Attributes) -> Attributes:
        _check(session, wanted)
        used = session.count(self.name)
        session.check_quota("api_plugins_per_region", used, "ExceedLimitPlugin")
        return {}

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        return {"create_time": making.time, **wanted}

    @override
    def check_change(self, session: Session, resource: Resource, changes: Attributes) -> None:
        _check(session, {**resource.attributes, **changes})

    @override
    def check_delete(self, session: Session, resource: Resource, *, force: bool) -> None:
        if attached := session.sift(_ATTACHMENT, plugin_id=resource.id):
            raise CloudError(
                "DependencyViolationPlugin",
                f"The plugin {resource['plugin_name']} is still attached to the API "
                f"{attached[0]['api_id']}.",
            )


def _check(session: Session, asked: Attributes) -> None:
    name = str(asked.get("plugin_name"))
    if len(name) not in _NAME_LENGTHS:
        raise CloudError("InvalidPluginName", f"{name!r} has {len(name)} characters, not 4 to 50.")
    check_length(asked.get("description"), "Description", _LONGEST_DESCRIPTION)
    data = read_data(str(asked.get("plugin_type")), str(asked.get("plugin_data") or ""))
    for access in accesses_in(data):
        need_access(session, access)


class PluginAttachment(Kind):
    """A plugin on an API, on one stage. It stays when the API is unpublished."""

    name = _ATTACHMENT
    not_found = "NotFoundPluginAttachment"

    @override
    def identity(self, session: Session, wanted: Attributes) -> str:
        parts = ("group_id", "api_id", "plugin_id", "stage_name")
        return ":".join(str(wanted[part]) for part in parts)

    @override
    def prepare(self, session: Session, wanted: Attributes) -> Attributes:
        stage = wanted["stage_name"]
        api = need_published(session, wanted["group_id"], wanted["api_id"], stage)
        plugin = session.need(Plugin.name, wanted["plugin_id"], Plugin.not_found)
        for other in session.find(self.name, api_id=api.id):
            there = session.get(Plugin.name, other["plugin_id"])
            if other["stage_name"] != stage or there is None:
                continue
            if there["plugin_type"] == plugin["plugin_type"]:
                raise CloudError(
                    "RepeatedPlugin",
                    f"The API {api['name']} has the {plugin['plugin_type']} plugin "
                    f"{there['plugin_name']} on {stage} already; it can have one of a type.",
                )
        return {}
