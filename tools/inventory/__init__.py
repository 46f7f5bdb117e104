"""What an account's NAT gateways open, live: read by `judging.account`, shown as plans are."""
