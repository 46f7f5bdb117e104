"""Shared public bandwidth: many applications behind one NAT gateway and one bandwidth package."""
