"""`make bench`: what docs/bench.md describes, each figure beside its bar."""
