"""Completion in attributes, values, bodies of handlers and in the block."""
import re

from workspace import APP, CATALOGUE

# A longer list is not the completion of a path, but every name in scope.
MOST_OF_A_PATH = 20
NAMES_OF_A_CATALOGUE = ['Scope', 'Scopes', 'Grant', 'CATALOGUE', 'permits', 'gate', 'Routes', 'assert_covered']
HANDLER = 'pub async fn probe() -> u8 { 1 }'
JOB = 'fn probe(grant: &api::Grant) -> Result<(), scopes::Denied> { Ok(()) }'

# Name, the attribute, what must be offered, the item below it.
ATTRIBUTES = [
    ('api::environment.|', '#[requires(api::environment.⎸)]', ['users', 'events'], HANDLER),
    ('api::environment.users.|', '#[requires(api::environment.users.⎸)]', ['read', 'write'], HANDLER),
    ('api::environment.users.r|', '#[requires(api::environment.users.r⎸)]', ['read'], HANDLER),
    ('api::|', '#[requires(api::⎸)]', ['environment', 'notes', 'all', 'users'], HANDLER),
    ('api::env|', '#[requires(api::env⎸)]', ['environment'], HANDLER),
    ('environment.| (imported)', '#[requires(environment.⎸)]', ['users', 'events'], HANDLER),
    ('environment.users.| (imported)', '#[requires(environment.users.⎸)]', ['read', 'write'], HANDLER),
    ('catalogue::api::environment.|', '#[requires(catalogue::api::environment.⎸)]', ['users', 'events'], HANDLER),
    ('catalogue::|', '#[requires(catalogue::⎸)]', ['api'], HANDLER),
    ('any(api::environment.|', '#[requires(any(api::environment.⎸))]', ['users', 'events'], HANDLER),
    ('any(a, api::environment.users.|)', '#[requires(any(api::all.read, api::environment.users.⎸))]', ['read', 'write'], HANDLER),
    ('all(any(.., api::environment.|))',
     '#[requires(all(api::all.read, any(api::notes.write, api::environment.⎸)))]', ['users', 'events'], HANDLER),
    ('name, then a route', '#[requires(api::environment.users.⎸, GET "/api/environments/:environmentId/users")]',
     ['read', 'write'], HANDLER),
    ('name as permit', '#[requires(api::environment.users.⎸ as permit)]', ['read', 'write'], HANDLER),
    ('from = ..: name', '#[requires(api::environment.users.⎸, from = grant, tenant = "x")]', ['read', 'write'], JOB),
    ('unclosed: #[requires(api::environment.|', '#[requires(api::environment.⎸', ['users', 'events'], 'pub async fn probe() {}'),
    ('on a function without a body', '#[requires(api::environment.⎸)]', ['users', 'events'], 'pub async fn probe()'),
    ('with no function below', '#[requires(api::environment.⎸)]', ['users', 'events'], ''),
    ('on a method', 'pub struct S; impl S { #[requires(api::environment.⎸)]', ['users', 'events'], 'pub async fn m(&self) {} }'),
    ('on top of another attribute', '#[requires(api::environment.⎸)]\n#[allow(dead_code)]', ['users', 'events'], HANDLER),
    ('below another attribute', '#[allow(dead_code)]\n#[requires(api::environment.⎸)]', ['users', 'events'], HANDLER),
    ('with axum::debug_handler', '#[requires(api::environment.⎸)]\n#[axum::debug_handler]', ['users', 'events'], HANDLER),
    ('scopes::requires(api::environment.|', '#[scopes::requires(api::environment.⎸)]', ['users', 'events'], HANDLER),
]
# Places where words beside paths are completed.
WORDS = [
    ('ap| (first word)', '#[requires(ap⎸)]', ['api'], HANDLER),
    ('| (nothing yet): api', '#[requires(⎸)]', ['api'], HANDLER),
    ('from = gr|', '#[requires(api::environment.users.read, from = gr⎸, tenant = "x")]', ['grant'], JOB),
    ('from = grant.|', '#[requires(api::environment.users.read, from = grant.⎸, tenant = "x")]', ['scopes', 'subject'], JOB),
    ('arguments after the comma', '#[requires(api::environment.users.read, str⎸)]', ['stricter'], HANDLER),
    ('#[requ| the attribute itself', '#[requ⎸]', ['requires'], HANDLER),
]
# Name, an expression or type in a body, what must be offered, what must not.
VALUES = [
    ('api::Scope::|', 'let _ = api::Scope::⎸;', ['EnvironmentUsersRead', 'NotesWrite', 'AllRead', 'ALL', 'set'], []),
    ('api::permits::|', 'let _: api::permits::⎸;', ['EnvironmentUsersRead', 'NotesWrite'], []),
    ('api::environment::users::|', 'let _ = api::environment::users::⎸;', ['read', 'write', 'Routes'], []),
    ('api::environment::users::|: no hidden items', 'let _ = api::environment::users::⎸;', ['read'], ['__scopes', '__Marker']),
    ('api::| in an expression: no hidden items', 'let _ = api::⎸;', ['Scope', 'CATALOGUE', 'gate', 'environment'],
     ['__scopes', '__check', '__routes', '__names', '__items', '__words']),
    ('api::CATALOGUE.|', 'let _ = api::CATALOGUE.⎸;', ['at', 'route', 'routes', 'decide'], []),
    ('api::Grant::|', 'let _ = api::Grant::⎸;', ['new'], []),
    ('api::Grant::new(..).|', 'let _ = api::Grant::new(api::Scopes::new()).⎸;', ['for_tenant'], []),
    ('Routes { |', 'let _ = api::environment::users::Routes { ⎸ };', ['list_users', 'get_user', 'create_user', 'replay'], []),
    ('Routes { list_users: .., |', 'let _ = api::environment::users::Routes { list_users: handler(list_users), ⎸ };',
     ['get_user', 'create_user', 'replay'], ['list_users']),
    ('assert_covered!(env|', 'let _ = api::assert_covered!(environment_p⎸);', ['environment_part'], []),
]
READS = '#[requires(api::environment.users.read as permit)]'
TAKES = 'pub async fn probe(Path((env, user)): Path<(String, u64)>) {'
FROM = ('#[requires(api::environment.users.read, from = grant, tenant = account)]\n'
        'fn probe(grant: &api::Grant, account: &str) -> Result<(), scopes::Denied> {')
# Name, the text after the file, what must be offered.
BODIES = [
    ('permit.|', f'{READS}\n{TAKES}\n    permit.⎸\n}}', ['tenant', 'subject', 'same_tenant', 'grant']),
    ('permit.| before a statement', f'{READS}\n{TAKES}\n    permit.⎸\n    let x = 1;\n}}', ['tenant', 'subject']),
    ('permit.su| inside let', f'{READS}\n{TAKES}\n    let who = permit.su⎸\n}}', ['subject']),
    ('env.| (path extractor)', f'{READS}\n{TAKES}\n    env.⎸\n}}', ['len', 'as_str']),
    ('user.| (path extractor)', f'{READS}\n{TAKES}\n    let y = user.⎸;\n}}', ['pow', 'checked_add']),
    ('missing semicolon before', f'{READS}\n{TAKES}\n    let x = 1\n    env.⎸\n}}', ['as_str']),
    ('missing closing brace', f'{READS}\n{TAKES}\n    env.⎸', ['as_str']),
    ('missing closing brace of an inner block', f'{READS}\n{TAKES}\n    if true {{\n        env.⎸\n}}', ['as_str']),
    ('unclosed call', f'{READS}\n{TAKES}\n    drop(env.⎸\n}}', ['as_str']),
    ('local in a half-typed match', f'{READS}\n{TAKES}\n    let local = String::new();\n    match local.⎸\n}}', ['as_str']),
    ('from = ..: account.|', f'{FROM}\n    account.⎸\n}}', ['to_uppercase']),
    ('from = ..: grant.|', f'{FROM}\n    grant.⎸\n}}', ['subject']),
    ('requires and debug_handler: env.|', f'{READS}\n#[axum::debug_handler]\n{TAKES}\n    env.⎸\n}}', ['as_str']),
    ('with a typo in the scope: env.|', f'{READS.replace("read", "reed")}\n{TAKES}\n    env.⎸\n}}', ['as_str']),
    ('with a typo in the scope: permit.|', f'{READS.replace("read", "reed")}\n{TAKES}\n    permit.⎸\n}}', ['tenant']),
    ('empty #[requires()]: env.|', f'#[requires()]\n{TAKES}\n    env.⎸\n}}', ['as_str']),
    ('half-typed #[requires(api::)]: env.|', f'#[requires(api::)]\n{TAKES}\n    env.⎸\n}}', ['as_str']),
    ('half-typed parameter type', f'{READS}\npub async fn probe(p: Permi⎸) {{ }}', ['Permit']),
    ('half-typed parameter path', f'{READS}\npub async fn probe(p: axum::⎸) {{ }}', ['extract', 'Json']),
    ('half-typed second parameter', f'{READS}\npub async fn probe(a: u8, p: Pat⎸', ['Path']),
    ('half-typed return type', f'{READS}\npub async fn probe() -> Str⎸ {{ todo!() }}', ['String']),
]
# Name, the text at the end of the block, what must be offered.
BLOCKS = [
    ('includes |', '    more.read includes ⎸;', ['environment', 'notes', 'all']),
    ('includes environment.|', '    more.read includes environment.⎸;', ['users', 'events']),
    ('includes environment.users.|', '    more.read includes environment.users.⎸;', ['read', 'write']),
    ('all(environment.users.|, ..)', '    all(environment.users.⎸, notes.write) { POST "/x"; }', ['read', 'write']),
    ('use = environment.users.|', '    #[deprecated(use = environment.users.⎸)] more.read;', ['read', 'write']),
    ('use = | of a route', '    more.read { #[deprecated(since = "2026-11-01", use = ⎸)] GET "/more"; }', ['environment', 'notes', 'all']),
    ('method: G|', '    more.read { G⎸ "/more"; }', ['GET']),
    ('method at the start of the routes', '    more.read { ⎸ }', ['GET', 'POST']),
    ('method after a route', '    more.read { GET "/more"; ⎸ }', ['GET', 'POST']),
    ('word: incl|', '    more.read incl⎸', ['includes']),
    ('word: pub|', '    pub⎸', ['public']),
    ('attribute: #[glo|', '    more.read { #[glo⎸] GET "/more"; }', ['global']),
    ('attribute: #[wa|', '    #[wa⎸] more.read;', ['was']),
    ('new scope in a group: environment.|', '    environment.⎸', ['users', 'events']),
]
# What the block ends in while handlers are edited.
BROKEN_BLOCKS = [
    ('a dot at the end', '    more.'), ('an open brace', '    more.read {'), ('a route without a path', '    more.read { GET }'),
    ('a route without a semicolon', '    more.read { GET "/more" }'), ('a word', '    mor'), ('includes', '    more.read includes '),
    ('an open string', '    more.read { GET "/mo }'), ('a duplicate', '    notes.write;'),
    ('an unknown include', '    more.read includes nots.write;'), ('a wrong path', '    more.read { GET "more"; }'),
]


def run(table, analyzer):
    app, catalogue = analyzer.texts[APP], analyzer.texts[CATALOGUE]

    def offers(group, name, file, text, wanted, unwanted=(), most=None):
        labels = analyzer.complete(file, text)
        words = [re.split(r'[(!:… ]', label)[0] for label in labels]
        right = all(word in words for word in wanted) and not any(word in words for word in unwanted)
        table.row(group, name, right and (most is None or len(words) <= most), f'{len(labels)}: {labels[:14]}')
        analyzer.reset(file)

    if table.wants('requires'):
        for name, attribute, wanted, item in ATTRIBUTES:
            offers('requires', name, APP, f'{app}\n{attribute}\n{item}\n', wanted, most=MOST_OF_A_PATH)
        for name, attribute, wanted, item in WORDS:
            offers('requires', name, APP, f'{app}\n{attribute}\n{item}\n', wanted)
        offers('requires', 'api::|: groups only', APP, f'{app}\n#[requires(api::⎸)]\n{HANDLER}\n', ['environment'], NAMES_OF_A_CATALOGUE)
    if table.wants('value'):
        for name, text, wanted, unwanted in VALUES:
            offers('value', name, APP, f'{app}\npub fn probe() {{\n    {text}\n}}\n', wanted, unwanted)
    if table.wants('body'):
        for name, text, wanted in BODIES:
            offers('body', name, APP, f'{app}\n{text}\n', wanted)
    if table.wants('block'):
        head = catalogue.rsplit('}', 1)[0]
        for name, text, wanted in BLOCKS:
            offers('block', name, CATALOGUE, f'{head}{text}\n}}\n', wanted)
        for name, text in BROKEN_BLOCKS:
            analyzer.change(CATALOGUE, f'{head}{text}\n}}\n')
            offers('block', f'{name}: handlers go on', APP, f'{app}\n#[requires(api::environment.users.⎸)]\n{HANDLER}\n', ['read', 'write'])
        analyzer.reset(CATALOGUE)
