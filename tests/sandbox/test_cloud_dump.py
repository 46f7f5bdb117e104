"""A cloud that was dumped and restored is the same, and goes on where it was."""

from pathlib import Path

import pytest
from cloud_lab import Lab, refused

from sandbox.cloud import Store
from tests.cloud_dump import dump, restore


def test_a_restored_cloud_has_the_same_resources_and_counts_on(tmp_path: Path) -> None:
    first = Lab(Store(tmp_path / "first.db", seed="tests"))
    address = first.bound_ip()
    entry = first.forward(address)
    before = first.store.all()
    first.store.close()
    restore(tmp_path / "second.db", dump(tmp_path / "first.db"))

    again = Store(tmp_path / "second.db")
    assert [(one.id, one.attributes) for one in again.all()] == [
        (one.id, one.attributes) for one in before
    ]
    new = again.create("eip_address", {})
    assert new["ip_address"] != address
    assert new.id not in {one.id for one in before}
    with refused("Forbidden.ExternalIp.PortDuplicated"):
        again.create("forward_entry", {**entry.attributes, "internal_ip": "192.168.1.9"})
    again.close()


def test_a_dump_never_covers_a_cloud(tmp_path: Path) -> None:
    Store(tmp_path / "there.db").close()
    with pytest.raises(FileExistsError):
        restore(tmp_path / "there.db", dump(tmp_path / "there.db"))
