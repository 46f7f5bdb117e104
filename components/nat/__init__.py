"""NAT gateways and what stands on them: entries that let in (DNAT) and out (SNAT)."""
