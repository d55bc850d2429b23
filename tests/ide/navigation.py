"""Go to definition, hover and references, from handlers and within the block."""
import re

from workspace import APP, CATALOGUE

READ, WRITE = 'environment.users.read {', 'environment.users.write {'
EVENTS, NOTES = 'environment.events.read {', 'notes.write {'
FULL, IMPORTED = '#[requires(api::environment.users.read)]', '#[requires(environment.users.read, GET'
VALUES = '(api::Scope::EnvironmentUsersRead'

# Name, line in the app, word, its occurrence there, a piece of the hover text, the line in the
# catalogue that declares it (`None` for the crate).
PLACES = [
    ('full path: api', FULL, 'api', 0, 'What a token may do', 'pub mod api;'),
    ('full path: environment', FULL, 'environment', 0, 'environment', READ),
    ('full path: users', FULL, 'users', 0, 'environment.users', READ),
    ('full path: read', FULL, 'read', 0, 'Read users and their wallets', READ),
    ('imported group: environment', IMPORTED, 'environment', 0, 'environment', READ),
    ('imported group: users', IMPORTED, 'users', 0, 'environment.users', READ),
    ('imported group: read', IMPORTED, 'read', 0, 'Read users and their wallets', READ),
    ('three-part path: catalogue', '#[requires(catalogue::api', 'catalogue', 0, 'The catalogue of the example', None),
    ('three-part path: api', '#[requires(catalogue::api', 'api', 0, 'What a token may do', 'pub mod api;'),
    ('three-part path: write', '#[requires(catalogue::api', 'write', 0, 'Change users', WRITE),
    ('any(..): events.read', '#[requires(any(', 'read', 0, 'Read events', EVENTS),
    ('any(..): all.read', '#[requires(any(', 'read', 1, 'Everything that can be read', 'all.read includes'),
    ('all(..): users.write', '#[requires(all(', 'write', 0, 'Change users', WRITE),
    ('all(..): events.read', '#[requires(all(', 'read', 0, 'Read events', EVENTS),
    ('from = ..: read', 'from = grant', 'read', 0, 'Read users and their wallets', READ),
    ('api::Scope::X', VALUES, 'EnvironmentUsersRead', 0, 'Read users and their wallets', READ),
    ('api::Scope', VALUES, 'Scope', 0, 'enum Scope', 'pub mod api;'),
    ('api::permits::X', 'pub async fn create_note(', 'NotesWrite', 0, 'Write notes', NOTES),
    ('api::environment::users::write', VALUES, 'write', 0, 'Change users', WRITE),
    ('api::notes::write', VALUES, 'write', 1, 'Write notes', NOTES),
    ('Routes field list_users', 'list_users: handler(', 'list_users', 0, 'Users of an environment',
     'GET "/environments/:environmentId/users" as list_users'),
    ('Routes field get_user', 'get_user: handler(', 'get_user', 0,
     'GET /api/environments/{environmentId}/users/{userId}', '/users/:userId" as get_user'),
    ('Routes field health', 'health: handler(', 'health', 0, '/health', 'GET "/health" as health'),
]
# Names that are derived: going to any part of the scope's name is right.
DERIVED = ('api::Scope', 'api::Scope::X', 'api::permits::X')
WITH_ROUTES = ('full path: read', 'any(..): events.read', 'api::Scope::X', 'api::permits::X')


def run(table, analyzer):
    places(table, analyzer)
    hovers(table, analyzer)
    definitions(table, analyzer)
    references(table, analyzer)


def places(table, analyzer):
    for name, line, word, occurrence, docs, declared in PLACES:
        position = analyzer.position(APP, line, word, occurrence)
        if table.wants('goto'):
            found = analyzer.definition(APP, position)
            right = bool(found) and all(file == CATALOGUE for file, *_ in found)
            if declared is None:
                right = right and len(found) == 1
            else:
                right = right and all(declared in text for _, _, text, _ in found)
                right = right and (name in DERIVED or all(marked == word for *_, marked in found))
            table.row('goto', name, right, found)
        if table.wants('hover'):
            text = analyzer.hover(APP, position)
            table.row('hover', name, docs in text, text)
            if name in WITH_ROUTES:
                table.row('hover', f'{name} shows its routes', re.search(r'(GET|POST) .*/', text), text)


def hovers(table, analyzer):
    for name, file, line, word, occurrence, docs in [
        ('requires', APP, FULL, 'requires', 0, 'Lets a function run only'),
        ('argument: from', APP, 'from = grant', 'from', 0, 'the check asks this grant'),
        ('permit in the body', APP, 'let who = permit.subject', 'permit', 0, 'Permit<'),
        ('in scopes!: last segment', CATALOGUE, WRITE, 'write', 0, 'Change users'),
        ('in scopes!: name after includes', CATALOGUE, 'users.admin includes', 'read', 0, 'Read users'),
        ('in scopes!: name in all(..)', CATALOGUE, 'all(environment.users.write', 'write', 0, 'Change users'),
        ('in scopes!: includes', CATALOGUE, 'users.admin includes', 'includes', 0, 'a grant of this scope'),
        ('in scopes!: public', CATALOGUE, 'public("liveness', 'public', 0, 'routes that every caller may call'),
        ('in scopes!: global', CATALOGUE, 'the same for every tenant', 'global', 0, 'about no tenant'),
    ]:
        if table.wants('hover'):
            text = analyzer.hover(file, analyzer.position(file, line, word, occurrence))
            table.row('hover', name, docs in text, text)


def definitions(table, analyzer):
    if not table.wants('goto'):
        return
    found = analyzer.definition(APP, analyzer.position(APP, 'let who = permit.subject', 'permit'))
    table.row('goto', 'permit in the body -> `as permit`', found and found[0][0] == APP and 'as permit' in found[0][2], found)
    for name, line, word, declared in [
        ('in scopes!: includes -> declaration', 'users.admin includes', 'read', READ),
        ('in scopes!: all(..) -> declaration', 'all(environment.users.write', 'write', WRITE),
    ]:
        found = analyzer.definition(CATALOGUE, analyzer.position(CATALOGUE, line, word))
        table.row('goto', name, found and found[0][3] == word and declared in found[0][2], found)
    # In a string.
    lines = analyzer.texts[APP].split('\n')
    line = next(number for number, text in enumerate(lines) if IMPORTED in text)
    found = analyzer.definition(APP, {'line': line, 'character': lines[line].index('"/api') + 4})
    table.row('goto', 'path in the attribute -> declaration', found and found[0][0] == CATALOGUE, found)


def references(table, analyzer):
    if not table.wants('references'):
        return

    def of(file, line, word):
        return analyzer.references(file, analyzer.position(file, line, word))

    def uses(found, word, file=APP):
        return len([each for each in found if each[0] == file and each[3] == word])

    found = of(CATALOGUE, READ, 'read')
    table.row('references', 'block: read (3 in app: full, imported, from=)', uses(found, 'read') == 3, found)
    table.row('references', 'block: read finds api::Scope::EnvironmentUsersRead', uses(found, 'EnvironmentUsersRead'), found)
    table.row('references', 'block: read finds `includes environment.users.read`',
              any('users.admin includes' in each[2] for each in found), found)
    found = of(APP, FULL, 'read')
    table.row('references', 'use: read', uses(found, 'read') == 3 and uses(found, 'read', CATALOGUE), found)
    found = of(APP, FULL, 'users')
    table.row('references', 'use: users (group)', uses(found, 'users') >= 6, found)
    found = of(APP, FULL, 'api')
    table.row('references', 'use: api', uses(found, 'api') >= 10, found)
    table.row('references', 'api::Scope::X', uses(of(APP, VALUES, 'EnvironmentUsersRead'), 'EnvironmentUsersRead'))
    table.row('references', 'api::permits::X', uses(of(APP, 'pub async fn create_note(', 'NotesWrite'), 'NotesWrite'))
    found = of(CATALOGUE, 'as list_users', 'list_users')
    table.row('references', 'block: route name -> Routes field', any('list_users: handler' in each[2] for each in found), found)
    found = of(CATALOGUE, 'pub mod api;', 'api')
    table.row('references', 'block: api', uses(found, 'api') >= 10, found)
