"""The table of results, compared with the list of known failures."""
from pathlib import Path

EXPECTED = Path(__file__).resolve().parent / 'known-failures.txt'


class Table:
    """Rows of a group and a name. A row that is not among the known failures must pass."""

    def __init__(self, only, verbose):
        self.only, self.verbose, self.rows = only, verbose, []
        lines = EXPECTED.read_text().splitlines()
        self.known = [tuple(line.split('\t')) for line in lines if line and not line.startswith('#')]

    def wants(self, group):
        return not self.only or group == self.only

    def told(self, group, name, found):
        """A line that is not a test."""
        print(f'      {group:<12} {name}: {found}', flush=True)

    def row(self, group, name, right, found=''):
        right = bool(right)
        self.rows.append((group, name, right))
        known = (group, name) in self.known
        print(f"{'PASS' if right else 'FAIL'}  {group:<12} {name}{'  (known)' if known and not right else ''}", flush=True)
        if self.verbose or not (right or known):
            print(f'        found: {str(found)[:600]}', flush=True)

    def finish(self):
        """Prints the sums; returns whether everything is as expected."""
        print()
        groups = {}
        for group, _, right in self.rows:
            groups.setdefault(group, []).append(right)
        for group, results in groups.items():
            print(f'{group:<12} {sum(results):>3} of {len(results):>3}')
        failed = [(group, name) for group, name, right in self.rows if not right]
        new = [row for row in failed if row not in self.known]
        seen = [(group, name) for group, name, _ in self.rows]
        mended = [row for row in self.known if row not in failed and (row in seen or not self.only)]
        for group, name in new:
            print(f'failed: {group}: {name}')
        for group, name in mended:
            print(f'passes now, or is not there: remove it from {EXPECTED.name}: {group}: {name}')
        return not new and not mended
