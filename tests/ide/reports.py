"""What rust-analyzer reports and colours: its own diagnostics, highlighting, hints, the outline."""
from workspace import APP, CATALOGUE

HANDLER = 'pub async fn probe() {}'
# Name, the attribute, a piece of the message.
ATTRIBUTES = [
    ('a typo', '#[requires(api::environment.users.reed)]', 'unknown scope'),
    ('a route that is not there', '#[requires(api::environment.users.read, GET "/api/nope")]', 'no route'),
    ('a wrong sign', '#[requires(api::environment.users.read && api::all.read)]', 'does not combine'),
    ('no scope', '#[requires()]', 'names no scope'),
]
BLOCKS = [
    ('an unknown include', '    x.read includes nots.write;', 'unknown scope'),
    ('a wrong path', '    x.read { GET "more"; }', 'does not begin with'),
]


def run(table, analyzer):
    if table.wants('diagnostics'):
        diagnostics(table, analyzer)
    if table.wants('highlight'):
        highlighting(table, analyzer)


def diagnostics(table, analyzer):
    def found(file):
        return [item['message'] for item in analyzer.diagnostics(file) or []]

    for file in (CATALOGUE, APP):
        table.row('diagnostics', f'none on correct code: {file}', not found(file), found(file))
    app, head = analyzer.texts[APP], analyzer.texts[CATALOGUE].rsplit('}', 1)[0]
    for name, attribute, expected in ATTRIBUTES:
        analyzer.change(APP, f'{app}\n{attribute}\n{HANDLER}\n')
        messages = found(APP)
        table.row('diagnostics', f'{name} in #[requires]', any(expected in message for message in messages), messages)
        table.row('diagnostics', f'{name} in #[requires]: one', len(messages) == 1, messages)
        analyzer.reset(APP)
    for name, text, expected in BLOCKS:
        analyzer.change(CATALOGUE, f'{head}{text}\n}}\n')
        messages = found(CATALOGUE)
        table.row('diagnostics', f'{name} in scopes!', any(expected in message for message in messages), messages)
        table.row('diagnostics', f'{name} in scopes!: one', len(messages) == 1, messages)
        table.row('diagnostics', f'{name} in scopes!: the handlers have none', not found(APP), found(APP))
        analyzer.reset(CATALOGUE)


def highlighting(table, analyzer):
    def of(file, line_with):
        lines = analyzer.texts[file].split('\n')
        line = next(number for number, line in enumerate(lines) if line_with in line)
        return dict(analyzer.tokens(file).get(line, []))

    kinds = of(APP, '#[requires(environment.users.read, GET')
    table.row('highlight', 'handlers: groups are namespaces', kinds.get('environment') == kinds.get('users') == 'namespace', kinds)
    table.row('highlight', 'handlers: a scope is a constant', kinds.get('read') == 'const', kinds)
    table.row('highlight', 'handlers: a path is a string', 'string' in kinds.values(), kinds)
    for file in (APP, CATALOGUE):
        lost = [(line + 1, word) for line, words in analyzer.tokens(file).items() for word, kind in words
                if kind == 'unresolvedReference']
        table.row('highlight', f'nothing is unresolved: {file}', not lost, lost)
    kinds = of(CATALOGUE, 'environment.users.read {')
    right = kinds.get('environment') == kinds.get('users') == 'namespace' and kinds.get('read') == 'const'
    table.row('highlight', 'block: a declared name', right, kinds)
    kinds = of(CATALOGUE, 'users.admin includes')
    table.row('highlight', 'block: a name after includes', kinds.get('environment') == 'namespace' and kinds.get('read') == 'const', kinds)
    lines = analyzer.texts[APP].split('\n')
    hints = [hint for hint in analyzer.hints(APP) if '#[requires' in lines[hint['position']['line']]]
    table.row('highlight', 'handlers: no hints in attributes', not hints, hints)
    # rust-analyzer itself adds a hint after the closing brace.
    closing = analyzer.texts[CATALOGUE].rstrip().count('\n')
    hints = [hint for hint in analyzer.hints(CATALOGUE) if hint['position']['line'] < closing]
    table.row('highlight', 'block: no hints', not hints, hints)
    table.row('highlight', 'handlers are in the outline', {'list_users', 'get_user'} <= analyzer.outline(APP), analyzer.outline(APP))
