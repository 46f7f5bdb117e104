"""Public addresses, and the bandwidth that they share."""
