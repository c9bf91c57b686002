"""The look-ups: what is stored, as JSON. No comment's text leaves here."""
