"""Cloud Enterprise Network, in both of its editions."""
