"""`python -m bench.inventory ENTRIES APIS RATE FOLDER`: how long the inventory of an account takes.

The account is a local cloud's, which lets each caller make so many calls a second. What is measured
is `make inventory` as it is typed: one region, as JSON, with no backend. Its rows are counted, so
that a short answer is no fast one.
"""

import json
import os
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from bench.one_run import REGION, write_stack_file
from sandbox.cloud import Resource, Store
from sandbox.paths import SANDBOX_VARIABLE
from tools.native_life import exported_by

ROOT: Final = Path(__file__).resolve().parent.parent
_PORTS_OF_AN_ADDRESS: Final = 500


def main() -> None:
    """Fill an account, and print how many seconds its inventory took."""
    entries, apis, rate, folder = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
    environment = {**os.environ, SANDBOX_VARIABLE: folder}
    file = write_stack_file(1, Path(folder))
    command = [sys.executable, "-m", "tools", "cloud", "--config", str(file), "--rate", rate]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as cloud:
        try:
            exported = exported_by(cloud)
            (kept,) = Path(folder).rglob("cloud.db")
            with closing(Store(kept)) as store:
                _fill(store, entries, apis)
            started = time.perf_counter()
            told = _inventory({**os.environ, **exported, "PATH": ""})
            wall = time.perf_counter() - started
        finally:
            cloud.terminate()
            cloud.wait(30)
    found = {
        "entries": sum(len(one["dnat"]) for one in told["gateways"]),
        "apis": len(told["apis"]["apis"]),
    }
    if found != {"entries": entries, "apis": apis}:
        sys.exit(f"of {entries} entries and {apis} APIs, it found {found}")
    print(json.dumps({"wall": wall}))


def _inventory(environment: dict[str, str]) -> dict[str, Any]:
    words = ["inventory", "--region", REGION, "--format", "json"]
    done = subprocess.run(
        [sys.executable, "-m", "tools", *words],
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(done.stdout)


def _fill(store: Store, entries: int, apis: int) -> None:
    """DNAT entries of one gateway, and APIs of one group."""
    store.entry_seconds = store.association_seconds = 0
    store.set_quota("forward_entries_per_table", 10**6)

    def made(kind: str, **attributes: object) -> Resource:
        return store.create(kind, attributes, region=REGION)

    vpc = made("vpc", cidr_block="10.0.0.0/8")
    zone = f"{REGION}-a"
    vswitch = made("vswitch", vpc_id=vpc.id, cidr_block="10.0.0.0/16", zone_id=zone)
    gateway = made("nat_gateway", vpc_id=vpc.id, vswitch_id=vswitch.id, nat_type="Enhanced")
    eips = [made("eip_address") for _ in range(0, entries, _PORTS_OF_AN_ADDRESS)]
    for eip in eips:
        made("eip_association", allocation_id=eip.id, instance_id=gateway.id)
    for number in range(entries):
        of, port = divmod(number, _PORTS_OF_AN_ADDRESS)
        made(
            "forward_entry",
            forward_table_id=gateway["forward_table_ids"],
            external_ip=eips[of]["ip_address"],
            external_port=str(port + 1),
            internal_ip=f"10.0.1.{number % 250 + 1}",
            internal_port=str(number // 250 + 1),
            ip_protocol="tcp",
        )
    group = made("api_gateway_group", name="shop")
    for number in range(apis):
        made(
            "api_gateway_api",
            group_id=group.id,
            name=f"api_{number}",
            description="one of many",
            auth_type="APP",
            request_config={
                "protocol": "HTTPS",
                "method": "GET",
                "path": f"/{number}",
                "mode": "MAPPING",
            },
            service_type="MOCK",
            mock_service_config={"result": "[]"},
            stage_names=["RELEASE"],
        )


if __name__ == "__main__":
    main()
