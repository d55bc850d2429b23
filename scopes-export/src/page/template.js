// Templates of paths: what they take, and which of two is more specific. The page and the picker
// share this file.

/** A segment of a template: literal text, a parameter between texts, or the rest of the path. */
function pieceOf(segment) {
    const open = segment.indexOf('{');
    if (open < 0) return { kind: 0, literal: segment, prefix: '', suffix: '' };
    const close = segment.indexOf('}', open);
    const isRest = segment[open + 1] === '*';
    return { kind: isRest ? 2 : 1, prefix: segment.slice(0, open), suffix: segment.slice(close + 1) };
}

// The pieces of templates that were read before, because a catalogue may have 10,000 of them.
const PIECES = new Map();

function piecesOf(template) {
    let pieces = PIECES.get(template);
    if (!pieces) {
        pieces = template.slice(1).split('/').map(pieceOf);
        PIECES.set(template, pieces);
    }
    return pieces;
}

/** Whether a template takes a path below the base. A trailing slash is an empty last segment. */
function takes(template, path, base) {
    if (template === '/' || path.length <= 1) {
        return template === '/' && path === (base === '' ? '/' : '');
    }
    const pieces = piecesOf(template);
    const segments = path.slice(1).split('/');
    if (segments.slice(0, -1).includes('')) return false;
    for (const [index, piece] of pieces.entries()) {
        const segment = segments[index];
        if (segment === undefined) return false;
        if (piece.kind === 2) return segments.at(-1) !== '';
        if (piece.kind === 0 && piece.literal !== segment) return false;
        if (piece.kind === 1 && !isAround(piece, segment)) return false;
    }
    return pieces.length === segments.length;
}

function isAround({ prefix, suffix }, segment) {
    const isLonger = segment.length > prefix.length + suffix.length;
    return isLonger && segment.startsWith(prefix) && segment.endsWith(suffix);
}

/** Compares how specific two templates are: the more specific one is less. */
function compare(a, b) {
    const rank = ({ kind, prefix, suffix }) => [kind, -(prefix.length + suffix.length), -prefix.length];
    const [first, second] = [piecesOf(a).flatMap(rank), piecesOf(b).flatMap(rank)];
    for (const [index, value] of first.entries()) {
        if (index >= second.length) return 1;
        if (value !== second[index]) return value - second[index];
    }
    return first.length - second.length;
}
