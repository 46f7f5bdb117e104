"""Unified egress: servers leave by one address, and each is reached on an EIP of its own."""
