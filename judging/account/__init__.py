"""What an account holds, read from the cloud's own API and never written.

`holding` is the account as a typed model, and how answers become one; `apis`, `functions` and
`links` tell of API Gateway, functions and CENs. `reading` asks, and knows pages, waits and missing
rights; `transport` is the official SDKs' own, and `credentials` what it signs with. The SDKs are
imported when an account is read, and not before: most commands read none.
"""
