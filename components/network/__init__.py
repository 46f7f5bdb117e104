"""The VPC, its vSwitches, and what lies in it: servers, load balancers, security groups."""
