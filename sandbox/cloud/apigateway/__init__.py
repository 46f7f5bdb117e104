"""API Gateway (the traditional one): instances, groups, APIs, apps, authorizations, plugins.

The product makes its error codes of a word and the name of the parameter: `NotFound…`,
`Repeated…`, `Invalid…`, `Missing…`, `ExceedLimit…`, `DependencyViolation…`. The words are
published, and `NotFoundApiGroup`, `NotFoundApi`, `NotFoundApp`, `NotFoundStage` and
`RepeatedApiName` are known; the parameter's name in the other codes is ours.
"""

from sandbox.cloud.apigateway.api import Api, App, AppAttachment, VpcAccess
from sandbox.cloud.apigateway.instance import (
    AccessControlList,
    AclEntryAttachment,
    GatewayInstance,
    Group,
    InstanceAclAttachment,
    LogConfig,
)
from sandbox.cloud.apigateway.plugin import Plugin, PluginAttachment

KINDS = (
    GatewayInstance(),
    Group(),
    Api(),
    App(),
    AppAttachment(),
    VpcAccess(),
    Plugin(),
    PluginAttachment(),
    LogConfig(),
    AccessControlList(),
    AclEntryAttachment(),
    InstanceAclAttachment(),
)
