"""IPsec connections to data centres."""
