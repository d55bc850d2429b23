"""How the processor time of an editor's frequent requests grows with the catalogue. The table fails
no test: on a busy machine the same request takes twice the time."""
import shutil

FEW, MANY = 128, 900
HANDLERS, BLOCK = 'src/handlers.rs', 'src/lib.rs'


def run(table, start, folder, project):
    if not table.wants('speed'):
        return
    few, many = (measure(start, generate(folder / f'scopes{count}', count, project)) for count in (FEW, MANY))
    for name in few:
        table.told('speed', name, f'{few[name]:.2f} s with {FEW} scopes, {many[name]:.2f} s with {MANY}')


def generate(path, count, project):
    """A crate with a catalogue of this number of scopes, each with a handler."""
    shutil.rmtree(path, ignore_errors=True)
    (path / 'src').mkdir(parents=True)
    (path / 'Cargo.toml').write_text(
        f'[workspace]\n[package]\nname = "{path.name}"\nversion = "0.0.0"\nedition = "2024"\n[dependencies]\n'
        f'scopes = {{ path = "{project}", features = ["axum"] }}\n'
        'axum = { version = "0.8.9", default-features = false }\n')
    block = ['//! A catalogue.\n\npub mod handlers;\n\nscopes::scopes! {\n    /// Scopes.\n    pub mod api;\n    tenant env;\n']
    handlers = ['//! Handlers.\n\nuse crate::api;\nuse scopes::requires;\n']
    for number in range(count):
        name, at = f'group{number // 10}.things{number}.read', f'/environments/:env/group{number // 10}/things{number}'
        block.append(f'    /// Scope number {number}.\n    {name} {{ GET "{at}"; GET "{at}/:id"; }}')
        handlers.append(f'#[requires(api::{name})]\npub async fn handler{number}(body: String) -> usize {{\n    body.len()\n}}\n')
    (path / BLOCK).write_text('\n'.join(block) + '\n}\n')
    (path / HANDLERS).write_text('\n'.join(handlers))
    return path


def measure(start, path):
    """Processor seconds of each request."""
    analyzer, seconds = start(path), {}

    def timed(name, request):
        before = analyzer.seconds()
        request()
        seconds[name] = analyzer.seconds() - before

    try:
        analyzer.open(HANDLERS)
        analyzer.open(BLOCK)
        # Waits until every macro has been expanded, before the first measurement.
        analyzer.diagnostics(BLOCK)
        analyzer.diagnostics(HANDLERS)
        head = analyzer.texts[BLOCK].rsplit('}', 1)[0]
        attribute = analyzer.texts[HANDLERS] + '\n#[requires(api::group0.⎸)]\npub async fn probe() {}\n'
        timed('semantic tokens of the block', lambda: analyzer.tokens(BLOCK))
        timed('semantic tokens of the handlers', lambda: analyzer.tokens(HANDLERS))
        timed('completion in an attribute', lambda: analyzer.complete(HANDLERS, attribute))
        timed('completion in the block', lambda: analyzer.complete(BLOCK, f'{head}    group0.more includes group0.⎸;\n}}\n'))
    finally:
        analyzer.stop()
    return seconds
