"""The cloud's own API over the simulated cloud: what official SDKs, CLIs and providers call.

It owns how a call is made: requests, signatures, names of actions, parameters and fields, pages,
errors and their wording. What the cloud does with a call is `sandbox.cloud`'s. `service` answers
requests and knows no network; `server` stands in front of it, and is with `certificate` all that
needs packages from requirements-dev.txt here.
"""
