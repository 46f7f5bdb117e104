"""APIs: what clients send, its rules, releases of new versions, and how APIs are registered."""
