"""Classic Load Balancer: load balancers, what they listen on, and the servers behind them."""

from sandbox.cloud.slb.listener import Listener
from sandbox.cloud.slb.load_balancer import LoadBalancer
from sandbox.cloud.slb.servers import ServerGroup, ServerGroupServerAttachment

KINDS = (LoadBalancer(), Listener(), ServerGroup(), ServerGroupServerAttachment())
