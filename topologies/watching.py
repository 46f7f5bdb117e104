"""Wire alarms and flow logs: what is watched and logged is what the topologies have built."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

import pulumi

from components import Alarm, AlarmArgs, FlowLog, FlowLogArgs
from facts.metrics import Measured
from stack.naming import resource_name
from stack.settings import StackSettings
from stack.watching import AlarmSettings
from stack.watching_rules import APIS, watched_output
from topologies.network import BuiltNetworks
from topologies.regions import Regions
from topologies.renames import renamed

if TYPE_CHECKING:
    from topologies.api_gateway.settings import ApiGatewaySettings


def build_alarms(settings: StackSettings, outputs: Mapping[str, Any]) -> None:
    """Register the alarms.

    Args:
        settings: the whole stack's.
        outputs: what the topologies have put out: the ids of what is watched are among it.
    """
    for name, wanted in sorted(settings.common.alarms.items()):
        metric, is_above = wanted.metric, wanted.above is not None
        arguments = AlarmArgs(
            alarm_name=resource_name(settings.stack, name),
            namespace=metric.namespace,
            metric=metric.name,
            statistics=metric.statistics,
            resources=_watched(settings, wanted, outputs),
            comparison=">" if is_above else "<",
            threshold=_number(wanted.above if is_above else wanted.below),
            contact_groups=wanted.contact_groups,
            period=wanted.period,
            times=wanted.times,
            silence=wanted.silence,
            level=wanted.level.value,
            tags=settings.common.tags,
        )
        Alarm(f"alarm-{name}", arguments, renamed(wanted.was, "alarm"))


def build_flow_logs(settings: StackSettings, networks: BuiltNetworks, regions: Regions) -> None:
    """Register the flow logs, each in the region of what it logs."""
    for name, wanted in sorted(settings.common.flow_logs.items()):
        network = wanted.network
        if wanted.vswitch is not None:
            network, _ = settings.common.network_of_vswitch(wanted.vswitch) or (None, None)
        arguments = FlowLogArgs(
            resource_type="VPC" if wanted.vswitch is None else "VSwitch",
            resource_id=networks.vpc_ids[network]
            if wanted.vswitch is None
            else networks.vswitch_ids[wanted.vswitch],
            sls_project=wanted.project,
            sls_log_store=wanted.store,
            log_name=resource_name(settings.stack, name),
            traffic=wanted.traffic,
            interval=wanted.interval,
            tags=settings.common.tags,
        )
        own = renamed(wanted.was, "flow-log", after=networks.networks)
        options = regions.options(settings.region_of(network), own)
        FlowLog(f"flow-log-{name}", arguments, options)


def _watched(
    settings: StackSettings, wanted: AlarmSettings, outputs: Mapping[str, Any]
) -> Sequence[Mapping[str, pulumi.Input[str]]]:
    """The dimensions of each thing that an alarm watches."""
    if wanted.metric.of is not Measured.API:
        return [{"instanceId": outputs[watched_output(wanted, outputs) or ""]}]
    section = cast("ApiGatewaySettings", settings.sections["api-gateway"])
    return [
        {
            "region": settings.region or "",
            "apiUid": outputs[APIS][name],
            "apiStageName": section.stage,
        }
        for name in sorted(wanted.apis or outputs[APIS])
    ]


def _number(value: float | None) -> str:
    """A threshold as text: 5 rather than 5.0, and never 1e+09."""
    if value is None:
        message = "the rules let no alarm pass without a threshold"
        raise AssertionError(message)
    return f"{value:f}".rstrip("0").rstrip(".")
