"""What stands behind APIs: servers, VPCs, load balancers and functions, with their rules."""
