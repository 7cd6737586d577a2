"""What a network does inside, worked out on one input, step by step.

Every number that a lesson shows is the network's own, or NumPy's for the same
formula; the tests hold them equal.
"""
