"""The service that the tutorial ends with, made anew: its classifier behind firefly."""
