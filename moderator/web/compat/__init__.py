"""Other services' contracts, answered by our scorer: each in its own words and errors."""
