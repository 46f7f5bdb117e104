"""A stack with everything that can be renamed, each named wherever it can be, and renames of it.

No two things of it have the same name, so that a name stands for one thing wherever it stands.
"""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from pydantic import BaseModel

from stack.settings import StackSettings
from tests.stackfiles import dumped, loaded
from tests.topologies.functions import CODE

EVERYTHING = """\
config:
  alicloud:region: cn-shanghai
  alicloud-gateways:topology:
    [shared-bandwidth, unified-egress, cross-region, functions, api-gateway]
  alicloud-gateways:tier: staging
  alicloud-gateways:network:
    vpc: {cidr: 10.1.0.0/16}
    vswitches:
      vsw-g: {cidr: 10.1.1.0/24, zone: cn-shanghai-g}
      vsw-e: {cidr: 10.1.2.0/24, zone: cn-shanghai-e}
    hosts:
      host-g: {ip: 10.1.1.10, vswitch: vsw-g, instance: {type: ecs.g7.large, image: some.vhd}}
      host-e: {ip: 10.1.2.10, vswitch: vsw-e, instance: {type: ecs.g7.large, image: some.vhd}}
  alicloud-gateways:networks:
    net-back:
      vpc: {cidr: 10.3.0.0/16}
      vswitches: {vsw-back: {cidr: 10.3.1.0/24, zone: cn-shanghai-g}}
      hosts:
        host-back:
          {ip: 10.3.1.10, vswitch: vsw-back, instance: {type: ecs.g7.large, image: some.vhd}}
    net-north:
      region: cn-zhangjiakou
      vpc: {cidr: 10.2.0.0/16}
      vswitches:
        vsw-a: {cidr: 10.2.1.0/24, zone: cn-zhangjiakou-a}
        vsw-b: {cidr: 10.2.2.0/24, zone: cn-zhangjiakou-b}
  alicloud-gateways:alarms:
    alarm-busy: {watch: sessions, above: 9, section: sharedBandwidth, contactGroups: [ops]}
    alarm-slow: {watch: apiLatency, above: 9, contactGroups: [ops]}
  alicloud-gateways:flowLogs:
    flows-back: {project: logs, store: flows, network: net-back}
    flows-g: {project: logs, store: flows, vswitch: vsw-g}
  alicloud-gateways:sharedBandwidth:
    bandwidth: 10
    natGateway: {vswitch: vsw-g}
    publicIps: {ip-in: {}, ip-out: {}}
    portMappings:
      map-web: {publicIp: ip-in, port: 80, host: host-g}
      map-tls: {publicIp: ip-in, port: 443, host: host-e}
    egress:
      way-g: {vswitch: vsw-g, publicIps: [ip-out]}
  alicloud-gateways:unifiedEgress:
    natGateway: {vswitch: vsw-e}
    publicIps: {ip-away: {}, ip-front: {}, ip-more: {}, ip-side: {}, ip-second: {}}
    egress:
      way-e: {vswitch: vsw-e, publicIps: [ip-away]}
      way-both: {vswitch: vsw-g, publicIps: [ip-away]}
    servers:
      srv-many:
        host: host-g
        publicIp: ip-front
        secondaryPublicIps: {ip-more: null}
        eni: {vswitch: vsw-g, ip: 10.1.1.11, mode: MULTI_BINDED}
        reachable: {https: {port: 443}}
      srv-placed:
        host: host-e
        publicIp: ip-side
        secondaryPublicIps: {ip-second: 10.1.2.12}
        eni: {vswitch: vsw-e, ip: 10.1.2.11, secondaryIps: [10.1.2.12]}
        reachable: {https: {port: 443}}
  alicloud-gateways:crossRegion:
    attachments:
      at-main: {vswitches: [vsw-g, vsw-e]}
      at-back: {network: net-back}
      at-north: {network: net-north, vswitches: [vsw-a, vsw-b]}
      at-line: {dataCenter: dc-line}
    links:
      link-north: {regions: [cn-shanghai, cn-zhangjiakou], bandwidth: 2}
    services:
      svc-logs: {range: 100.104.1.0/26, attachment: at-main}
    dataCenters:
      dc-line: {ranges: {servers: 172.16.0.0/24}, vbr: vbr-1}
  alicloud-gateways:functions:
    fn-near: {code: code, name: near, network: {vswitches: [vsw-g]}}
    fn-far: {code: code, name: far, network: {vswitches: [vsw-e]}}
  alicloud-gateways:apiGateway:
    instance:
      spec: api.s1.small
      acl: {mode: allow, entries: {acl-office: {cidr: 203.0.113.0/24}}}
    groups: {grp-shop: {intranet: true}}
    apps: {app-site: {}}
    loadBalancers:
      lb-front: {vswitch: vsw-g, port: 80, servers: {host-g: 8080, host-e: 8080}}
      lb-back: {vswitch: vsw-back, port: 80, servers: {host-back: 8080}}
    vpcAccess:
      acc-balanced: {loadBalancer: lb-front, port: 80}
      acc-back: {loadBalancer: lb-back, port: 80}
      acc-host: {host: host-e, port: 9090}
      acc-far: {host: host-back, port: 9090}
      acc-known: {instanceId: 10.3.1.99, network: net-back, port: 80}
    plugins:
      plug-route:
        routing:
          parameters: {tenant: "Header:X-Tenant"}
          routes:
            - name: blue
              condition: "$tenant = 'blue'"
              backend: {vpc: {access: acc-far, path: /blue}}
            - name: green
              condition: "$tenant = 'green'"
              backend: {vpc: {access: acc-known, path: /green}}
      plug-calls: {trafficControl: {unit: SECOND, apiDefault: 10}}
    apis:
      api-balanced: &api
        group: grp-shop
        method: GET
        path: /balanced
        apps: [app-site]
        plugins: [plug-calls, plug-route]
        parameters: {X-Tenant: {in: header}}
        backend: {vpc: {access: acc-balanced, path: /}}
      api-back: {<<: *api, path: /back, backend: {vpc: {access: acc-back, path: /}}}
      api-host: {<<: *api, path: /host, backend: {vpc: {access: acc-host, path: /}}}
      api-function: {<<: *api, path: /near, backend: {function: {function: fn-near}}}
""".replace("code: code", f"code: {Path(__file__).parent.parent / CODE}")


def entries_of(settings: StackSettings) -> dict[str, BaseModel]:
    """The entries of a stack that can say `was`, by their names."""
    return dict(_entries([settings.common, *settings.sections.values()]))


def _entries(value: object) -> Iterator[tuple[str, BaseModel]]:
    if isinstance(value, BaseModel):
        yield from _entries([getattr(value, name) for name in type(value).model_fields])
    elif isinstance(value, list):
        for one in cast("list[object]", value):
            yield from _entries(one)
    elif isinstance(value, Mapping):
        for key, one in cast("Mapping[str, object]", value).items():
            if isinstance(one, BaseModel) and can_be_renamed(type(one)):
                yield key, one
            yield from _entries(one)


def can_be_renamed(model: type[BaseModel]) -> bool:
    """Whether an entry of this model can say what it was called before."""
    was = model.model_fields.get("was")
    return was is not None and was.default is None  # a document's has many


def renamed(text: str, names: Collection[str]) -> str:
    """The stack file with other names for these, wherever they stand, and `was` in their entries.

    What isn't an object beside a name refers to it: a port, an address, nothing.
    """
    return dumped(_renamed(loaded(text), names))


def _renamed(value: Any, names: Collection[str]) -> Any:
    if isinstance(value, dict):
        found: dict[str, Any] = {}
        for key, one in cast("dict[str, Any]", value).items():
            inner = _renamed(one, names)
            if key in names and isinstance(inner, dict):
                inner = {"was": key, **cast("dict[str, Any]", inner)}
            found[new_name(key) if key in names else key] = inner
        return found
    if isinstance(value, list):
        return [_renamed(one, names) for one in cast("list[Any]", value)]
    return new_name(value) if isinstance(value, str) and value in names else value


def new_name(name: str) -> str:
    """What something is called after its rename."""
    return f"new-{name}"
