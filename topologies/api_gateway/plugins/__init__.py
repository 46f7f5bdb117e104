"""Plugins of API Gateway: one module a kind, each with settings, rules and documented data.

`settings` joins the kinds, `rules` judges them, `data` writes what the gateway takes.
"""
