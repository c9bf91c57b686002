"""How fast it is: ratios to other services, measured in one run. `make bench`.

Figures of shared machines differ from hour to hour, so services take turns, round by round, and
what counts is the ratio to a bare echo in the same round. Nothing here is a test's assertion.
"""
