"""What `Benchmarks/run`, `gates` and `addresses` share."""
