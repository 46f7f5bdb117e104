"""Secondary network interfaces: attached, given public addresses, and routed by."""
