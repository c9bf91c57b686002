"""The text classifier: hate, offensive or neither.

`scorer` serves (numpy only); `train` and `evaluate` fit and measure (scikit-learn).
"""
