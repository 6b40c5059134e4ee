"""`pip install .` elsewhere: the wheel carries its model, and the command works far from the checkout."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

WHERE = """
import json
from scorer import store
print(json.dumps({"models": str(store.models_folder()), "versions": store.versions()}))
"""


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's wheel, built with the pinned hatchling of this environment."""
    folder = tmp_path_factory.mktemp("wheel")
    _run(sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "-w", str(folder), str(root))
    return next(folder.glob("credence_news-*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of an environment with the wheel, and with this one's dependencies but not its checkout."""
    folder = tmp_path_factory.mktemp("empty")
    venv.create(folder, with_pip=False, symlinks=True)
    python = folder / "bin" / "python"
    _run(sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps", "--no-index", str(wheel))
    # Lines of a .pth file become paths, and .pth files in those paths are not read: the editable install stays out.
    site = Path(_run(str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip())
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "bin"


def test_the_wheel_holds_the_model_the_card_and_no_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert any(name.startswith("scorer/models/") and name.endswith("/manifest.json") for name in names)
    assert any(name.endswith("/MODEL_CARD.md") for name in names)
    assert any(name.endswith("schema/assessment.json") for name in names)
    assert {name.partition("/")[0] for name in names if ".dist-info" not in name} == {"scorer", "api", "training"}


def test_the_wheel_carries_the_compiled_kernel_and_not_its_sources(wheel: Path) -> None:
    if shutil.which("cc") is None:
        pytest.skip("no C compiler: the wheel is pure Python then")
    kernel = [Path(name).name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("scorer/kernel/")]
    assert sorted(kernel) == ["__init__.py", f"native{sysconfig.get_config_var('EXT_SUFFIX')}"]
    assert not wheel.name.endswith("-any.whl")


def test_without_a_compiler_the_wheel_is_pure_python(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LDSHARED", "no-such-compiler")
    _run(sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "-w", str(tmp_path), str(root))
    (wheel,) = tmp_path.glob("credence_news-*.whl")
    assert wheel.name.endswith("-py3-none-any.whl")
    assert not any(name.endswith(".so") for name in zipfile.ZipFile(wheel).namelist())


def test_the_installed_command_scores_with_the_model_of_the_wheel(
    installed: Path, golden: Path, tmp_path: Path
) -> None:
    where = json.loads(_run(str(installed / "python"), "-c", WHERE, folder=tmp_path))
    assert Path(where["models"]).is_relative_to(installed.parent)

    answer = json.loads(_run(str(installed / "credence"), "score", "--json", str(golden / "dam.txt"), folder=tmp_path))

    assert 0 < answer["risk"] < 1
    assert answer["versions"]["model"] == where["versions"][-1]


def _run(*command: str, folder: Path | None = None) -> str:
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, env=clean)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stderr[-2000:]}"
    return done.stdout
