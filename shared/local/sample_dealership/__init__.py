"""A believable dealership made from a seed: the same seed and moment give the same rows, byte for byte."""
