"""What a load balancer listens on: a port, and where its requests go."""

from typing_extensions import override

from sandbox.cloud.core import Attributes, CloudError, Kind, Making, Parent, Resource, Session

__all__ = ["Listener"]


class Listener(Kind):
    """Its id is made of the load balancer, the protocol and the port."""

    name = "slb_listener"
    not_found = "InvalidListener.NotFound"
    id_parts = ("load_balancer_id", "protocol", "frontend_port")
    parents = (Parent("slb_load_balancer", "load_balancer_id"),)

    @override
    def prepare(self, session: Session, wanted: Attributes) -> Attributes:
        port, datagrams = wanted["frontend_port"], wanted["protocol"] == "udp"
        for other in session.find(self.name, load_balancer_id=wanted["load_balancer_id"]):
            # TCP, HTTP and HTTPS share their ports; UDP has its own.
            if other["frontend_port"] == port and (other["protocol"] == "udp") == datagrams:
                raise CloudError("ListenerAlreadyExists", f"{other.id} is there already.")
        return {}

    @override
    def complete(self, wanted: Attributes, making: Making) -> Attributes:
        return {
            "acl_id": "",
            "acl_ids": [],
            "acl_status": "off",
            "bandwidth": -1,
            "enable_http2": "on",
            "established_timeout": 900,
            "gzip": True,
            "health_check": "on",
            "health_check_connect_port": 0,
            "health_check_http_code": "http_2xx",
            "health_check_interval": 2,
            "health_check_method": "head",
            "health_check_timeout": 5,
            "health_check_type": "tcp",
            "health_check_uri": "/",
            "healthy_threshold": 3,
            "idle_timeout": 15,
            "listener_forward": "off",
            "persistence_timeout": 0,
            "proxy_protocol_v2_enabled": False,
            "request_timeout": 60,
            "scheduler": "wrr",
            "server_certificate_id": "",
            "ssl_certificate_id": "",
            "sticky_session": "off",
            "tls_cipher_policy": "tls_cipher_policy_1_0",
            "unhealthy_threshold": 3,
            **wanted,
            "x_forwarded_for": {"retrive_client_ip": True, **_forwarded(wanted)},
        }

    @override
    def check(self, session: Session, asked: Attributes, own: Resource | None) -> None:
        group = asked.get("server_group_id")
        # The codes are ours.
        if not group and not asked.get("backend_port") and not asked.get("forward_port"):
            raise CloudError(
                "MissingParam.BackendServerPort",
                "A listener needs a group of servers or their port.",
            )
        if (
            group
            and session.need("slb_server_group", group)["load_balancer_id"]
            != asked["load_balancer_id"]
        ):
            raise CloudError(
                "InvalidVServerGroupId.NotFound", f"{group} belongs to another load balancer."
            )
        if asked.get("protocol") == "https" and not asked.get("server_certificate_id"):
            raise CloudError("MissingParam.ServerCertificateId", "HTTPS needs a certificate.")


def _forwarded(wanted: Attributes) -> Attributes:
    stated = wanted.get("x_forwarded_for")
    unstated = {"retrive_slb_id": False, "retrive_slb_ip": False, "retrive_slb_proto": False}
    return {**unstated, **(stated or {})}
