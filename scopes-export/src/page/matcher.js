// Finds the route of a request, by the rules of the catalogue's own matcher (`CATALOGUE.at`). It
// tries every route in turn, so that each rule is one line here. A test compares the two.
//
// The catalogue is the JSON in the page: `base`, `methods`, `scopes` and `routes`. A route is
// `[method, template below the base, access, alternatives, raw segments]`, with positions in place of
// names.

const LIMIT = 8192;

// White space and control characters, as Rust's `char` knows them.
const SPACE = '[\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const OUTER_SPACE = new RegExp(`^${SPACE}|${SPACE}$`, 'u');
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/u;

// What is wrong with a target, for the reader.
const BAD_CHARACTER = 'The path has a character that must be escaped.';
const DOT_SEGMENT = 'The path has a “.” or “..” segment.';
const BAD_ESCAPE = 'The path has a “%” without two hexadecimal digits after it.';
const FORBIDDEN_ESCAPE = 'The path has an escape of a control character, “/”, “\\”, “%” or “;”.';
const NOT_TEXT = 'The path is not valid UTF-8 once it is decoded.';
const EDGE_SPACE = 'A segment of the path begins or ends with white space.';
const SEMICOLON = 'The path has a “;”.';
const DELIMITER = 'The path has a “|”, “[”, “]” or “^” that is not escaped.';
const NO_SLASH = 'The path does not begin with “/”.';

/** The bytes of a text in UTF-8, one character for each. */
function bytesOf(text) {
    return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join('');
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

/** Decodes each valid escape once. */
function decodedBytes(segment) {
    return segment.replace(/%([0-9A-Fa-f]{2})/g, (_, digits) => String.fromCharCode(parseInt(digits, 16)));
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
    const bytes = decodedBytes(segment);
    const text = textOf(bytes);
    const escaped = Array.from(segment.matchAll(/%([0-9A-Fa-f]{2})/g), (escape) => parseInt(escape[1], 16));
    let always = null;
    if (/[^A-Za-z0-9\-._~!$&'()*+,;=:@%|[\]^]/.test(segment)) always = BAD_CHARACTER;
    else if (bytes === '.' || bytes === '..') always = DOT_SEGMENT;
    let unlessRaw = null;
    if (segment.includes(';')) unlessRaw = SEMICOLON;
    else if (/[|[\]^]/.test(segment)) unlessRaw = DELIMITER;
    else if (/%(?![0-9A-Fa-f]{2})/.test(segment)) unlessRaw = BAD_ESCAPE;
    else if (escaped.some((byte) => byte < 32 || byte === 127 || '/\\%;'.includes(String.fromCharCode(byte)))) {
        unlessRaw = FORBIDDEN_ESCAPE;
    } else if (text === null) unlessRaw = NOT_TEXT;
    else if (CONTROL.test(text)) unlessRaw = FORBIDDEN_ESCAPE;
    else if (OUTER_SPACE.test(text)) unlessRaw = EDGE_SPACE;
    return { always, unlessRaw };
}

/**
 * Finds the route of a request: `{ route }` with its position, or `{ malformed }`, `{ tooLong }`,
 * `{ notFound }`, `{ allowed }` with the methods that the path has.
 */
function find(catalogue, method, target) {
    const { base, methods, routes } = catalogue;
    if (method === 'OPTIONS' && target === '*') return { notFound: true };
    const bytes = bytesOf(target);
    if (bytes.length > LIMIT) return { tooLong: true };
    const path = pathOf(bytes);
    if (path === null) return { malformed: NO_SLASH };
    const broken = path.slice(1).split('/').map(brokenRules);
    const always = broken.find((rules) => rules.always);
    if (always) return { malformed: always.always };
    const rest = path.startsWith(base) ? path.slice(base.length) : null;
    const below = rest === '' || rest?.startsWith('/') ? rest : null;
    // The root below a base is the base itself, with or without a slash.
    const isRoot = (text) => text.length <= 1;
    const fits = (template) => (isRoot(template) || isRoot(below) ? template === below : takes(template, below, base));
    const fitting = below === null ? [] : [...routes.keys()].filter((id) => fits(routes[id][1]));
    const answers = (id) => methods[routes[id][0]] === method || (method === 'HEAD' && methods[routes[id][0]] === 'GET');
    const isOther = (id) => Number(methods[routes[id][0]] !== method);
    const best = fitting.filter(answers).sort((a, b) => compare(routes[a][1], routes[b][1]) || isOther(a) - isOther(b))[0];
    const first = base.split('/').length - 1;
    const odd = broken.find(({ unlessRaw }, index) => unlessRaw && !isRaw(routes[best], index - first));
    if (odd) return { malformed: odd.unlessRaw };
    if (best !== undefined) return { route: best };
    const allowed = [...new Set(fitting.map((id) => methods[routes[id][0]]))];
    if (allowed.includes('GET') && !allowed.includes('HEAD')) allowed.push('HEAD');
    return allowed.length === 0 ? { notFound: true } : { allowed };
}

/** Whether the segment belongs to a raw parameter of the route. */
function isRaw(route, index) {
    const raw = route?.[4] ?? [];
    const last = piecesOf(route?.[1] ?? '/').length - 1;
    return raw.some((segment) => segment === index || (segment === last && index > last));
}

/** The routes whose template has the same shape, whatever its parameters are called. */
function byTemplate(catalogue, template) {
    const shape = (path) => path.replace(/\{\*[^}]*\}/g, '{*}').replace(/\{[^*}][^}]*\}|\{\}/g, '{}');
    const wanted = shape(template);
    return [...catalogue.routes.keys()].filter((id) => {
        const path = shape(catalogue.routes[id][1]);
        return path === wanted || catalogue.base + path === wanted;
    });
}
