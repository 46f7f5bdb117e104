"""Wire the section: one function an entry, with its secrets from Pulumi."""

import pulumi

from components.function import Function, FunctionArgs
from stack.problems import KeyPath
from stack.secret_values import text_at
from stack.secrets import HIDDEN
from topologies.functions.names import function_name
from topologies.functions.settings import SECTION, FunctionSettings, FunctionsSettings
from topologies.renames import renamed
from topologies.site import Built, Site


def build(site: Site, section: FunctionsSettings) -> Built:
    """Register the topology."""
    functions = {key: _function(site, key, one) for key, one in sorted(section.root.items())}
    outputs = {key: function.function_arn for key, function in functions.items()}
    return Built({"functions": outputs}, functions=functions)


def _function(site: Site, key: str, wanted: FunctionSettings) -> Function:
    arguments = FunctionArgs(
        function_name=function_name(site.settings.stack, key, wanted),
        code=wanted.code,
        handler=wanted.handler,
        runtime=wanted.runtime.value,
        memory=wanted.memory,
        cpu=wanted.cpu,
        timeout=wanted.timeout,
        environment={
            name: value if isinstance(value, str) else _secret(key, name)
            for name, value in wanted.environment.items()
        },
        internet_access=wanted.internet_access,
        tags=site.settings.common.tags,
    )
    if wanted.description is not None:
        arguments["description"] = wanted.description
    if wanted.role is not None:
        arguments["role_arn"] = wanted.role
    return Function(f"function-{key}", arguments, renamed(wanted.was, "function"))


def _secret(key: str, variable: str) -> pulumi.Output[str]:
    section = pulumi.Config().get_secret_object(SECTION)
    if section is None:
        return pulumi.Output.secret(HIDDEN)  # a plan has no secrets to fill in
    return section.apply(lambda tree: _text(tree, (key, "environment", variable)))


def _text(tree: object, path: KeyPath) -> str:
    text = text_at(tree, path)
    if text is None:
        raise LookupError(f"Pulumi's configuration has no secret at {path}")
    return text
