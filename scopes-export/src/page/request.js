// Reads what a person types or pastes: `GET /users/7`, `/users/7`, a URL, or a whole curl command.
// The result has the method and the path only. Headers, bodies, queries and passwords are dropped
// here, because they may hold secrets.

// The options of curl that take a value: the next word is not the URL.
const SHORT_WITH_VALUE = 'AbcCdDeEFhHKmoPQrtTuUwxXyYzZ';
const LONG_WITH_VALUE = new Set(
    ('request url data data-raw data-binary data-urlencode data-ascii json form form-string header user user-agent ' +
        'referer cookie cookie-jar output output-dir upload-file max-time connect-timeout connect-to proxy proxy-user ' +
        'proxy-header cacert capath cert cert-type key key-type pass resolve retry retry-delay retry-max-time write-out ' +
        'range config oauth2-bearer aws-sigv4 dump-header interface limit-rate max-redirs max-filesize netrc-file ' +
        'ciphers tls-max trace trace-ascii unix-socket variable url-query request-target etag-save etag-compare ' +
        'continue-at quote keepalive-time dns-servers noproxy pinnedpubkey speed-limit speed-time').split(' '),
);
const BODY = new Set(['d', 'F', 'data', 'data-raw', 'data-binary', 'data-urlencode', 'data-ascii', 'json', 'form', 'form-string']);

/** Splits a command of a shell into words. Knows quotes, escapes and continued lines. */
function shellWords(text) {
    // `cmd.exe` continues and escapes with a caret, PowerShell continues with a backtick.
    const isCmd = /\^(\r?\n|")/.test(text);
    const command = (isCmd ? text.replace(/\^(\r?\n)/g, ' ').replace(/\^(.)/g, '$1') : text).replace(/`\r?\n/g, ' ');
    const words = [];
    let word = null;
    let quote = '';
    for (let at = 0; at < command.length; at += 1) {
        const character = command[at];
        if (quote === "'") {
            if (character === "'") quote = '';
            else word += character;
        } else if (quote !== '') {
            if (character === quote[0]) quote = '';
            else if (character === '\\' && at + 1 < command.length) word += command[(at += 1)];
            else word += character;
        } else if (/\s/.test(character)) {
            if (word !== null) words.push(word);
            word = null;
        } else if (character === "'" || character === '"') {
            // `$'..'` has escapes, `'..'` has none.
            const isEscaped = character === "'" && word?.endsWith('$');
            word = (isEscaped ? word.slice(0, -1) : word) ?? '';
            quote = isEscaped ? "'$" : character;
        } else if (character === '\\') {
            at += 1;
            if (command[at] === '\r' && command[at + 1] === '\n') at += 1;
            if (at < command.length && command[at] !== '\n') word = (word ?? '') + command[at];
        } else {
            word = (word ?? '') + character;
        }
    }
    if (word !== null) words.push(word);
    return words;
}

/** The options of a curl command, as pairs of a name and a value, and its other words. */
function curlArguments(words) {
    const options = [];
    const others = [];
    for (let at = 0; at < words.length; at += 1) {
        const word = words[at];
        if (word.startsWith('--') && word.length > 2) {
            const [name, ...value] = word.slice(2).split('=');
            if (value.length > 0) options.push([name, value.join('=')]);
            else options.push([name, LONG_WITH_VALUE.has(name) ? (words[(at += 1)] ?? '') : '']);
        } else if (word.startsWith('-') && word.length > 1) {
            for (let letter = 1; letter < word.length; letter += 1) {
                const name = word[letter];
                if (!SHORT_WITH_VALUE.includes(name)) {
                    options.push([name, '']);
                    continue;
                }
                options.push([name, word.slice(letter + 1) || (words[(at += 1)] ?? '')]);
                break;
            }
        } else if (word !== '-') {
            others.push(word);
        }
    }
    return { options, others };
}

function curlRequest(words) {
    const { options, others } = curlArguments(words);
    const has = (...names) => options.some(([name]) => names.includes(name));
    const last = (...names) => options.findLast(([name]) => names.includes(name))?.[1];
    let method = 'GET';
    if (has('I', 'head')) method = 'HEAD';
    else if (has('G', 'get')) method = 'GET';
    else if (has('T', 'upload-file')) method = 'PUT';
    else if (options.some(([name]) => BODY.has(name))) method = 'POST';
    method = last('X', 'request') || method;
    const isUrl = (word) => /^[A-Za-z][A-Za-z0-9+.-]*:\/\/|^\/|^[\w.-]+(:\d+)?\//.test(word);
    const url = last('url') ?? others.find(isUrl) ?? others[0] ?? '';
    const target = targetOf(/^(\/|[A-Za-z][A-Za-z0-9+.-]*:\/\/)/.test(url) ? url : `http://${url}`);
    return { method: method.toUpperCase(), target: has('path-as-is') ? target : withoutDots(target) };
}

/** Resolves `.` and `..` as curl and browsers do before they send a request. */
function withoutDots(path) {
    const kept = [];
    const segments = path.split('/').slice(1);
    for (const [index, segment] of segments.entries()) {
        const plain = segment.replace(/%2e/gi, '.');
        if (plain === '..') kept.pop();
        else if (plain !== '.') kept.push(segment);
        if ((plain === '.' || plain === '..') && index === segments.length - 1) kept.push('');
    }
    return `/${kept.join('/')}`;
}

/** Whether a text is a curl command, which may have a prompt before it. */
function isCurl(text) {
    return /^\s*([$#>%]\s+)?curl(\.exe)?\s/i.test(text);
}

/** Reads a text. The method is `null` if the text has none; the result is `null` without a path. */
function readRequest(text) {
    if (isCurl(text)) {
        const words = shellWords(text);
        return curlRequest(words.slice(words.findIndex((word) => /^curl(\.exe)?$/i.test(word)) + 1));
    }
    // A quote is not part of a path. What follows it in a line of code may be a header.
    const words = text.trim().split(/[\s"]+/);
    if (words[0] === '') return null;
    // A path has a slash, which a method cannot have.
    const isMethod = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(words[0]);
    if (!isMethod) return { method: null, target: targetOf(words[0]) };
    return words.length === 1 ? null : { method: words[0].toUpperCase(), target: targetOf(words[1]) };
}

/** What the box shows in place of what was pasted. */
function shownRequest({ method, target }) {
    return method === null ? target : `${method} ${target}`;
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

/**
 * Answers a request: the positions of its routes, `is` a word for how they were found, and in
 * `reason` what `find` says if there are none.
 */
function answer(catalogue, { method, target }) {
    const methods = method === null ? catalogue.methods : [method];
    const search = (path) => methods.map((name) => find(catalogue, name, path));
    const routesOf = (found) => [...new Set(found.flatMap((one) => (one.id === undefined ? [] : [one.id])))];
    const template = target.replace(/<([\w-]+)>/g, '{$1}').replace(/\/:([\w-]+)/g, '/{$1}');
    const ofTemplate = () => {
        const isAsked = (id) => method === null || catalogue.methods[catalogue.routes[id][0]] === method;
        return byTemplate(catalogue, template).filter(isAsked);
    };
    const attempts = [
        ['exact', () => search(target)],
        ['template', () => (template.includes('{') ? ofTemplate().map((id) => ({ id })) : [])],
        ['below', () => (catalogue.base === '' ? [] : search(catalogue.base + target))],
        ['slash', () => search(target.endsWith('/') ? target.slice(0, -1) : `${target}/`)],
    ];
    let reason = null;
    for (const [is, attempt] of attempts) {
        const found = attempt();
        const routes = routesOf(found);
        if (routes.length > 0) return { routes, is };
        reason = reason?.allowed ? reason : (found.find((one) => one.allowed) ?? reason ?? found[0]);
    }
    return { routes: [], is: 'none', reason };
}
