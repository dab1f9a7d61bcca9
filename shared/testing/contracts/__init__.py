"""What every adapter of a port must do, as test classes: an adapter's test adds a fixture and no more."""
