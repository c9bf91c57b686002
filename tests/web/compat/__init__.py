"""The other contracts that the service answers."""
