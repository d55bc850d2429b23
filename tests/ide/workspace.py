"""The workspace that is edited: a copy of `workspace`, with the path of this checkout in its manifests."""
import os
import shutil
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
APP, CATALOGUE, WORKER = 'app/src/lib.rs', 'catalogue/src/lib.rs', 'worker/src/lib.rs'


def copy(folder):
    root = folder / 'workspace'
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(Path(__file__).resolve().parent / 'workspace', root)
    for manifest in root.glob('*/Cargo.toml'):
        manifest.write_text(manifest.read_text().replace('@PROJECT@', str(PROJECT)))
    lock = PROJECT / 'Cargo.lock'
    if lock.exists():
        # Uses the versions that this checkout has downloaded already.
        shutil.copy(lock, root / 'Cargo.lock')
    return root


def environment(folder):
    return {**os.environ, 'CARGO_TARGET_DIR': str(folder / 'target'), 'CARGO_PROFILE_DEV_DEBUG': '0', 'CARGO_INCREMENTAL': '0'}
