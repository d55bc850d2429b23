"""Drives rust-analyzer over a small workspace and prints a table.

    tests/ide/run                  everything
    tests/ide/run --only rename    one group
    tests/ide/run --verbose        with the answer to each request
"""
import sys
import tempfile
from pathlib import Path

import completion
import navigation
import renames
import reports
import speed
import workspace
from analyzer import Analyzer
from table import Table


def main():
    only = sys.argv[sys.argv.index('--only') + 1] if '--only' in sys.argv else None
    table = Table(only, '--verbose' in sys.argv)
    folder = workspace.PROJECT / 'target' / 'ide'
    folder.mkdir(parents=True, exist_ok=True)
    environment = workspace.environment(folder)
    with open(folder / 'rust-analyzer.log', 'w') as log, tempfile.TemporaryDirectory(dir=folder) as temporary:
        temporary = Path(temporary)

        def start(root):
            return Analyzer(root, environment, log)

        if only != 'speed':
            analyzer = start(workspace.copy(temporary))
            try:
                for file in (workspace.APP, workspace.CATALOGUE, workspace.WORKER):
                    analyzer.open(file)
                # Waits until every macro has been expanded.
                analyzer.diagnostics(workspace.APP)
                navigation.run(table, analyzer)
                completion.run(table, analyzer)
                reports.run(table, analyzer)
                renames.run(table, analyzer, environment)
            finally:
                analyzer.stop()
        speed.run(table, start, temporary, workspace.PROJECT)
    return table.finish()


sys.exit(0 if main() else 1)
