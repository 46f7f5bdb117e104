"""API Gateway: doors for APIs before servers, VPCs, Kubernetes, functions and other gateways."""
