"""Hostile inputs by the thousand: a short part in `make test`, 100,000 in `make test-all`.

Each input is made from FUZZ_SEED and its number, and told by them when it fails: it is made again
by FUZZ_SEED=… FUZZ_ONLY=its-number with the name of the test; what Hypothesis made, by what it
prints. FUZZ_INPUTS says how many a test makes."""
