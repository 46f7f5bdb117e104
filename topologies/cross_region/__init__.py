"""Networks that reach each other: between regions, and with data centres."""
