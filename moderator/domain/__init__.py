"""The nouns and the rules of the service: standard library only, no input, no output, no clock."""
