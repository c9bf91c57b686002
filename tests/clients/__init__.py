"""Clients that nobody here wrote, at released versions, against the real service: `make clients`.

They come from the package indexes into folders of their own; where an index or node cannot be
reached, the tests skip and say so. Each program under `programs/` is what a site's own code would
be: it changes the address, and nothing else of its client.
"""
