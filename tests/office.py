"""Documents as LibreOffice makes them."""

import shutil
import subprocess
from pathlib import Path

import pytest


def converted(text: Path, suffix: str, folder: Path) -> Path:
    """The text as LibreOffice makes a document of it, in `folder`. Skips where there is no LibreOffice."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice (soffice) is not installed, so no PDF or DOCX can be made of the corpus")
    options = [f"-env:UserInstallation=file://{folder}/profile", "--headless"]
    convert = ["--infilter=Text (encoded):UTF8,LF,,,", "--convert-to", suffix, "--outdir", folder, text]
    subprocess.run([office, *options, *convert], capture_output=True, timeout=300, check=True)
    return folder / f"{text.stem}.{suffix}"
