"""Builds the compiled kernel (scorer/kernel) with the wheel and with an editable install, where a C compiler is found.

Without one, or without Python's headers, one line says so and the package is what it was: Python and numpy, with the
same results and a few times slower. `CREDENCE_PURE=yes` at build time leaves the kernel out on purpose.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

KERNEL = Path("scorer") / "kernel"

# Never -march=native: a wheel runs on other machines, and what newer processors have is chosen when it is loaded.
# Rounding must be that of numpy: no fused multiply-add, no reordering of sums.
FLAGS = [
    "-O3",
    "-DNDEBUG",
    "-fPIC",
    "-fvisibility=hidden",
    "-ffp-contract=off",
    "-fno-math-errno",
    "-fno-strict-aliasing",
    "-w",
]


class KernelHook(BuildHookInterface):  # type: ignore[type-arg]
    """Adds `scorer/kernel/native.*.so` to a wheel, which then belongs to this platform and this Python.

    An editable install gets it in the checkout; building a wheel leaves the checkout as it is.
    """

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile; whatever goes wrong, the package is built without."""
        name = f"native{sysconfig.get_config_var('EXT_SUFFIX')}"
        kernel = Path(self.root) / KERNEL
        self.folder = None if version == "editable" else tempfile.mkdtemp()
        target = (kernel if self.folder is None else Path(self.folder)) / name
        target.unlink(missing_ok=True)  # of other sources
        if os.environ.get("CREDENCE_PURE", "").lower() in ("1", "true", "yes", "on"):
            return
        try:
            compile_kernel(sorted((kernel / "src").glob("*.c")), target)
        except (OSError, subprocess.CalledProcessError) as error:
            detail = (getattr(error, "stderr", None) or str(error)).strip().splitlines()
            reason = next((line for line in detail if "error" in line), detail[0] if detail else "no reason given")
            print(f"no compiled kernel, scoring stays in Python and is slower: {reason}", file=sys.stderr)  # noqa: T201
            return
        if self.folder is not None:
            build_data["force_include"][str(target)] = (KERNEL / name).as_posix()
            build_data["pure_python"] = False
            build_data["infer_tag"] = True

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what the wheel holds by now."""
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)


def compile_kernel(sources: list[Path], target: Path) -> None:
    """Compile and link, beside the target first, so that it is whole or absent. Raises what the compiler says."""
    linker = shlex.split(os.environ.get("LDSHARED") or sysconfig.get_config_var("LDSHARED") or "cc -shared")
    include = sysconfig.get_path("include")
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        made = Path(folder) / target.name
        command = [*linker, *FLAGS, f"-I{include}", *map(str, sources), "-o", str(made), "-lm"]
        subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own compiler's
        made.replace(target)
