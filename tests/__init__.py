"""A package of its own: some programs that Credence is compared with bring a `tests`, which would be found instead."""
