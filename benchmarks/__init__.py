"""Benchmarks: each prints a table with figures and with ratios against a peer that ran beside it.

    make bench                                      all of them, at full size
    python -m benchmarks --scale 0.1                all of them, at a tenth
    python -m benchmarks pipeline --scale 0.02      one of them

Nothing here fails by being slow: what is said about speed stands in `docs/benchmarks.md`.
"""
