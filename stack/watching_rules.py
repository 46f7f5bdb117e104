"""The rules of `alarms` and `flowLogs`: what they name has to be there.

An alarm watches what a topology puts out: its APIs, its gateway, its package. So topologies' own
words for that are all that has to be known of them here.
"""

from collections.abc import Iterator, Mapping
from typing import Final, cast

from facts.metrics import Measured
from stack.ids import OutputKinds
from stack.problems import KeyPath, Problem, choose_from, dotted
from stack.settings import StackSettings
from stack.watching import AlarmSettings, FlowLogSettings, Gateways

ALARMS: Final = "alarms"
FLOW_LOGS: Final = "flowLogs"
APIS: Final = "apis"
"""The output with the ids of APIs by their names."""

OUTPUTS: Final[Mapping[Measured, Mapping[Gateways, str]]] = {
    Measured.PACKAGE: {
        Gateways.SHARED_BANDWIDTH: "bandwidthPackageId",
        Gateways.UNIFIED_EGRESS: "unifiedEgressBandwidthPackageId",
    },
    Measured.GATEWAY: {
        Gateways.SHARED_BANDWIDTH: "natGatewayId",
        Gateways.UNIFIED_EGRESS: "unifiedEgressNatGatewayId",
    },
}
"""The outputs with the ids of what is watched of a section."""


def watching_problems(settings: StackSettings, outputs: OutputKinds) -> Iterator[Problem]:
    """What the alarms and flow logs may not say.

    Args:
        settings: the whole stack's.
        outputs: what its topologies put out.
    """
    for name, alarm in settings.common.alarms.items():
        path = (ALARMS, name)
        yield from _threshold_problems(path, alarm)
        if alarm.metric.of is Measured.API:
            yield from _api_problems(settings, path, alarm, outputs.get(APIS))
        else:
            yield from _section_problems(path, alarm, outputs)
    for name, log in settings.common.flow_logs.items():
        yield from _flow_log_problems(settings, (FLOW_LOGS, name), log)


def watched_output(alarm: AlarmSettings, outputs: Mapping[str, object]) -> str | None:
    """The output with the id of the gateway or the package that an alarm watches."""
    names = OUTPUTS[alarm.metric.of]
    found = [names[alarm.section]] if alarm.section else [*names.values()]
    return next((name for name in found if name in outputs), None)


def _threshold_problems(path: KeyPath, alarm: AlarmSettings) -> Iterator[Problem]:
    if (alarm.above is None) == (alarm.below is None):
        rule = "an alarm is told above one value or below one"
        yield Problem(path, None, rule, "give one of above and below")


def _api_problems(
    settings: StackSettings, path: KeyPath, alarm: AlarmSettings, apis: object
) -> Iterator[Problem]:
    if alarm.section is not None:
        rule = f"{alarm.watch} is measured of APIs, which no section of a gateway has"
        yield Problem((*path, "section"), alarm.section.value, rule, "remove section")
    if settings.region is None:
        rule = "an alarm on APIs names their region, which has to be known"
        yield Problem((*path, "watch"), alarm.watch.value, rule, "add alicloud:region")
    known = [*cast("Mapping[str, object]", apis)] if isinstance(apis, dict) else []
    if not known:
        rule = f"{alarm.watch} is measured of APIs, and this stack has none"
        yield Problem(
            (*path, "watch"),
            alarm.watch.value,
            rule,
            "add apiGateway, or watch something else",
            missing=("apiGateway", "apis", "*"),
        )
        return
    for index, name in enumerate(alarm.apis or ()):
        if name not in known:
            yield Problem(
                (*path, "apis", index),
                name,
                "this must name an API of apiGateway.apis",
                choose_from(name, known, "API"),
                missing=("apiGateway", "apis", name),
            )


def _section_problems(
    path: KeyPath, alarm: AlarmSettings, outputs: OutputKinds
) -> Iterator[Problem]:
    if alarm.apis is not None:
        rule = f"{alarm.watch} is measured of a {alarm.metric.of}, not of APIs"
        yield Problem((*path, "apis"), ", ".join(alarm.apis), rule, "remove apis")
    having = [one for one, name in OUTPUTS[alarm.metric.of].items() if name in outputs]
    if alarm.section is None and len(having) > 1:
        rule = f"two sections have a {alarm.metric.of}"
        remedy = f"add section: {having[0].value}, or {having[1].value}"
        yield Problem((*path, "section"), None, rule, remedy)
    elif not having or (alarm.section is not None and alarm.section not in having):
        where = alarm.section.value if alarm.section is not None else "this stack"
        rule = f"{alarm.watch} is measured of a {alarm.metric.of}, and {where} has none of its own"
        place = alarm.section.value if alarm.section is not None else Gateways.SHARED_BANDWIDTH
        yield Problem(
            (*path, "watch"),
            alarm.watch.value,
            rule,
            "watch something that the stack has",
            missing=(str(place),),
        )


def _flow_log_problems(
    settings: StackSettings, path: KeyPath, log: FlowLogSettings
) -> Iterator[Problem]:
    common = settings.common
    if log.vswitch is not None and log.network is not None:
        rule = "a flow log is of one thing: a vSwitch, or a whole network"
        yield Problem(path, None, rule, "remove vswitch or network")
    elif log.vswitch is not None:
        if common.network_of_vswitch(log.vswitch) is None:
            known = [name for one in common.every_network.values() for name in one.vswitches]
            yield Problem(
                (*path, "vswitch"),
                log.vswitch,
                "this must name a vSwitch of a network of this stack",
                choose_from(log.vswitch, known, "vSwitch"),
                missing=("network", "vswitches", log.vswitch),
            )
    elif log.network is not None:
        if log.network not in common.networks:
            yield Problem(
                (*path, "network"),
                log.network,
                "this must name one of networks",
                choose_from(log.network, common.networks, "network"),
                missing=("networks", log.network),
            )
    elif not common.network.exists:
        rule = f"{dotted(path)} is of network, which this stack doesn't have"
        yield Problem(
            path, None, rule, "add network, or name one of networks", missing=("network",)
        )
