"""A package of its own: some programs that Credence is compared with bring a `tests`, which would be found instead.

Golden digests hold numbers to the ninth digit, so that the matrix library has to add up alike on every processor.
"""

import os
import platform

if platform.machine() == "x86_64":
    os.environ.setdefault("OPENBLAS_CORETYPE", "Haswell")  # read when NumPy is imported
