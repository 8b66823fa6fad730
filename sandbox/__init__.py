"""The sandbox: a complete, wire-compatible cStar server embedded in the project.

The desk reaches it as it reaches cStar, through a transport (`sandbox.transport`) or over HTTP below `/api/v1/`.
`docs/sandbox.md` lists every choice made where cStar's documents are silent.
"""
