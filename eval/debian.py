"""A corpus that nothing was tuned to: the German pages of the Debian FAQ (GPL-2+). python -m eval.debian FOLDER

Then: belegt eval --dataset eval/cases/debian.jsonl --corpus FOLDER. Needs Debian's apt-get, dpkg-deb and its package mirror.
"""

import argparse
import shutil
import subprocess
import tempfile
from pathlib import Path

_PACKAGE = "debian-faq-de"


def main() -> None:
    """Download the package and put its pages into a folder; SystemExit says what is missing."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        raise SystemExit("apt-get and dpkg-deb are needed: run this on Debian, or unpack the package debian-faq-de by hand")
    with tempfile.TemporaryDirectory() as temporary:
        done = subprocess.run(["apt-get", "download", "--quiet", _PACKAGE], cwd=temporary, capture_output=True, text=True, check=False)
        packages = list(Path(temporary).glob("*.deb"))
        if done.returncode or not packages:
            raise SystemExit(f"{_PACKAGE}: can't be downloaded ({done.stderr.strip().splitlines()[-1:]}); try apt-get update")
        subprocess.run(["dpkg-deb", "-x", packages[0], temporary], check=True)
        pages = [page for page in Path(temporary).rglob("*.de.html") if not page.name.startswith("index")]
        folder.mkdir(parents=True, exist_ok=True)
        for page in pages:
            shutil.copy(page, folder / page.name.replace(".de.", "."))
    print(f"{len(pages)} pages in {folder}")


if __name__ == "__main__":
    main()
