"""A made-up state for demos: real counties, made-up people. Nothing else in the portal imports this package.

It is told through the actions, so it can only be in states that the portal itself can reach. `clock` makes the past,
`cast` the accounts, `places` the agencies and who works there, `plots` says which families there are and `families`
tells them; the Delgados of Alamance County are told in full in `delgado`, `delgado_plan` and `delgado_meetings`.
"""
