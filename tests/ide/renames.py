"""Renames, each of which must compile afterwards."""
import os
import shutil
import subprocess
from pathlib import Path

from workspace import APP, CATALOGUE, WORKER

# Scopes whose variants and permits the app names as well. A rename cannot change such derived
# names, so the test changes them like a user who follows the compiler's errors.
NAMED = ('environment.users.read', 'notes.write')
FULL = '#[requires(api::environment.users.read)]'

# Name, file, line, word, new word, whether derived names must be changed by hand.
CASES = [
    ('scope from the block: read', CATALOGUE, 'environment.users.read {', 'read', 'view', True),
    ('scope from a use: read', APP, FULL, 'read', 'view', True),
    ('scope after includes: read', CATALOGUE, 'users.admin includes', 'read', 'view', True),
    ('group from the block: users', CATALOGUE, 'environment.users.read {', 'users', 'people', True),
    ('group from a use: users', APP, FULL, 'users', 'people', True),
    ('group from a later scope: users', CATALOGUE, 'environment.users.write {', 'users', 'people', True),
    ('top-level group from the block: environment', CATALOGUE, 'environment.users.read {', 'environment', 'zone', True),
    ('top-level group from a use: environment', APP, FULL, 'environment', 'zone', True),
    ('top-level group from an import: environment', APP, 'use catalogue::api::environment;', 'environment', 'zone', True),
    ('scope from the block: write', CATALOGUE, 'notes.write {', 'write', 'append', True),
    ('scope of two crates from the block: export', CATALOGUE, 'reports.export {', 'export', 'download', False),
    ('scope of two crates from the app: export', APP, '#[requires(api::reports.export', 'export', 'download', False),
    ('scope of two crates from the worker: export', WORKER, '#[requires(api::reports.export', 'export', 'download', False),
    ('group of two crates from the block: reports', CATALOGUE, 'reports.export {', 'reports', 'statements', False),
    ('group of two crates from the worker: reports', WORKER, '#[requires(api::reports.export', 'reports', 'statements', False),
    ('catalogue from the block: api', CATALOGUE, 'pub mod api;', 'api', 'rights', False),
    ('catalogue from a use: api', APP, FULL, 'api', 'rights', False),
    ('type of the principal: Account', CATALOGUE, 'pub struct Account;', 'Account', 'Customer', False),
    ('route from the block: list_users', CATALOGUE, 'as list_users', 'list_users', 'people', False),
    ('route from its field: list_users', APP, 'list_users: handler(', 'list_users', 'people', False),
    ('permit in the body', APP, 'let who = permit.subject', 'permit', 'proof', False),
    ('handler', APP, 'pub async fn list_users', 'list_users', 'all_users', False),
    ('parameter of a handler', APP, 'pub async fn create_user(', 'body', 'text', False),
    ('parameter in from = ..', APP, 'pub fn export(', 'grant', 'held', False),
]


def run(table, analyzer, environment):
    if not table.wants('rename'):
        return
    for name, file, line, word, new, derived in CASES:
        errors, edits = analyzer.rename(file, analyzer.position(file, line, word), new)
        copy = analyzer.root.parent / 'renamed'
        changed = apply(analyzer.root, copy, edits)
        if derived:
            change_derived(copy, word, new)
        errors = errors or compile(copy, environment)
        table.row('rename', name, edits and not errors, f'{errors} | {changed}')
    # A variant has no name of its own that could be changed.
    word = 'EnvironmentUsersRead'
    errors, edits = analyzer.rename(APP, analyzer.position(APP, f'(api::Scope::{word}', word), 'Xyz')
    table.row('rename', 'variant of Scope: refused', not edits, edits)


def apply(root, copy, edits):
    """Copies the workspace with the edits; returns the places that were edited."""
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(root, copy)
    changed = []
    for uri, changes in edits.items():
        path = copy / Path(uri.removeprefix('file://')).relative_to(root)
        lines = path.read_text().split('\n')
        for edit in sorted(changes, key=lambda edit: tuple(edit['range']['start'].values()), reverse=True):
            start, end = edit['range']['start'], edit['range']['end']
            line = lines[start['line']]
            lines[start['line']] = line[:start['character']] + edit['newText'] + line[end['character']:]
            changed.append(f'{path.parts[-3]}:{start["line"] + 1}:{start["character"] + 1}')
        path.write_text('\n'.join(lines))
    return changed


def change_derived(copy, word, new):
    def pascal(segments):
        return ''.join(segment.capitalize() for segment in segments)

    for name in NAMED:
        segments = name.split('.')
        old = pascal(segments)
        renamed = pascal([new if segment == word else segment for segment in segments])
        for path in copy.rglob('*.rs'):
            path.write_text(path.read_text().replace(old, renamed))


def compile(copy, environment):
    for path in copy.rglob('*.rs'):
        # cargo compares times, and copies keep theirs.
        os.utime(path)
    command = ['cargo', 'check', '--offline', '--message-format=short', '--quiet']
    done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True)
    return [line for line in done.stderr.split('\n') if 'error' in line][:4] or ([] if done.returncode == 0 else [done.stderr[-300:]])
