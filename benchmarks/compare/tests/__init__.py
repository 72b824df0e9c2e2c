"""Tests of the harness: python3 -m unittest discover -s benchmarks/compare -t benchmarks/compare."""
