// Finds the route of a request, by the rules of the catalogue's own matcher (`CATALOGUE.at`). It
// tries every route in turn, so that each rule is one line here. A test compares the two. The page
// and the picker share this file.
//
// The catalogue is the JSON in the page: `base`, `methods`, `scopes` and `routes`. A route is
// `[method, template below the base, access, alternatives, raw segments]`, with positions in place of
// names. The picker makes the same of `picker.json`.

const LIMIT = 8192;

// Control characters and white space, as Rust's `char` knows them: U+FEFF is white space in
// JavaScript only, U+0085 in Rust only, but that is a control character as well.
const CONTROL = /\p{Cc}/u;
const OUTER_SPACE = /^[^\S\ufeff]|[^\S\ufeff]$/;

/** The bytes of a text in UTF-8, one character for each. */
function bytesOf(text) {
    return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join('');
}

/** The path of a URL or of a path with more: without host, user, query and fragment. */
function targetOf(url) {
    const path = url.replace(/^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/?#]*/, '').split(/[?#]/, 1)[0];
    return path.startsWith('/') ? path : `/${path}`;
}

/** The path of a request target, or `null` if the target has another form than a path or a URL. */
function pathOf(target) {
    let from = target;
    if (!target.startsWith('/')) {
        const absolute = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/?#]+/.exec(target);
        if (!absolute) return null;
        from = target.slice(absolute[0].length);
    }
    const path = from.split('?', 1)[0];
    if (path === '') return '/';
    return path.startsWith('/') ? path : null;
}

/** The text of some bytes, or `null` if they are not UTF-8. */
function textOf(bytes) {
    try {
        const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
        return decoder.decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)));
    } catch {
        return null;
    }
}

/** Which rules a segment breaks: one that always holds, and one that a raw parameter lifts. */
function brokenRules(segment) {
    let escaped = '';
    const bytes = segment.replace(/%([0-9A-F]{2})/gi, (_, digits) => {
        const byte = String.fromCharCode(parseInt(digits, 16));
        escaped += byte;
        return byte;
    });
    const text = textOf(bytes);
    let always = null;
    if (/[^A-Za-z0-9\-._~!$&\x27()*+,;=:@%|[\]^]/.test(segment)) always = 'character';
    else if (bytes === '.' || bytes === '..') always = 'dots';
    let unlessRaw = null;
    if (segment.includes(';')) unlessRaw = 'semicolon';
    else if (/[|[\]^]/.test(segment)) unlessRaw = 'delimiter';
    else if (/%(?![0-9A-F]{2})/i.test(segment)) unlessRaw = 'escape';
    else if (/[\0-\x1f\x7f/\\%;]/.test(escaped)) unlessRaw = 'forbidden';
    else if (text === null) unlessRaw = 'text';
    else if (CONTROL.test(text)) unlessRaw = 'forbidden';
    else if (OUTER_SPACE.test(text)) unlessRaw = 'edge';
    return { always, unlessRaw };
}

/**
 * Finds the route of a request: `{ id }`, its position, or `{ malformed }` with a word for
 * the reason, `{ tooLong }`, `{ notFound }`, `{ allowed }` with the methods that the path has.
 */
function find(catalogue, method, target) {
    const { base, methods, routes } = catalogue;
    if (method === 'OPTIONS' && target === '*') return { notFound: true };
    const bytes = bytesOf(target);
    if (bytes.length > LIMIT) return { tooLong: true };
    const path = pathOf(bytes);
    if (path === null) return { malformed: 'slash' };
    const broken = path.slice(1).split('/').map(brokenRules);
    const always = broken.find((rules) => rules.always);
    if (always) return { malformed: always.always };
    const rest = path.startsWith(base) ? path.slice(base.length) : null;
    const below = rest === '' || rest?.startsWith('/') ? rest : null;
    // The root below a base is the base itself, with or without a slash.
    const isRoot = (text) => text.length <= 1;
    const fits = (template) => (isRoot(template) || isRoot(below) ? template === below : takes(template, below, base));
    const fitting = below === null ? [] : [...routes.keys()].filter((id) => fits(routes[id][1]));
    const methodOf = (id) => methods[routes[id][0]];
    const answers = (id) => methodOf(id) === method || (method === 'HEAD' && methodOf(id) === 'GET');
    const isOther = (id) => Number(methodOf(id) !== method);
    const best = fitting.filter(answers).sort((a, b) => compare(routes[a][1], routes[b][1]) || isOther(a) - isOther(b))[0];
    const first = base.split('/').length - 1;
    const odd = broken.find(({ unlessRaw }, index) => unlessRaw && !isRaw(routes[best], index - first));
    if (odd) return { malformed: odd.unlessRaw };
    if (best !== undefined) return { id: best };
    const allowed = [...new Set(fitting.map(methodOf))];
    if (allowed.includes('GET') && !allowed.includes('HEAD')) allowed.push('HEAD');
    return allowed.length === 0 ? { notFound: true } : { allowed };
}

/** Whether the segment belongs to a raw parameter of the route. */
function isRaw(route, index) {
    const raw = route?.[4] ?? [];
    const last = piecesOf(route?.[1] ?? '/').length - 1;
    return raw.some((segment) => segment === index || (segment === last && index > last));
}
