"""The desk in front of a cStar that somebody else wrote (tests/strict_cstar)."""
