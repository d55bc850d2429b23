// Runs the page's matcher and the search of <scopes-picker> on the targets of a file, and compares
// their verdicts with those in it. Also tries what the box reads. Usage: node matcher.mjs VERDICTS

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

const read = (name) => readFileSync(new URL(`../../src/${name}`, import.meta.url), 'utf8');
const shared = `'use strict';${read('page/template.js')}${read('page/matcher.js')}`;
const parts = `${shared}${read('page/request.js')}return { find, answer, readRequest, shownRequest };`;
const { find, answer, readRequest, shownRequest } = new Function(parts)();

// The element's script, which gives its search in place of registering the element.
const element = read('picker/picker.js').replace('(() => {', 'return (() => {').replace(/customElements\.define\([^]*$/, 'return finder; })()');
class CSSStyleSheet {
    replaceSync() {}
}
const finder = new Function('CSSStyleSheet', 'STYLE', `${shared}${element}`)(CSSStyleSheet, '');

/** The verdict in the words of the file. */
function verdict(found, nameOf) {
    if (found.id !== undefined) return `route ${nameOf(found.id)}`;
    if (found.malformed) return 'malformed';
    if (found.tooLong) return 'too long';
    if (found.notFound) return 'not found';
    return `allowed ${found.allowed.toSorted().join(' ')}`;
}

const files = JSON.parse(readFileSync(process.argv[2], 'utf8'));
for (const { name, catalogue, picker, cases } of files) {
    const ofPage = ([method, path]) => `${catalogue.methods[method]} ${catalogue.base}${path}`;
    const inPage = (method, target) => verdict(find(catalogue, method, target), (id) => ofPage(catalogue.routes[id]));
    const findInPicker = finder(picker);
    const inPicker = (method, target) => verdict(findInPicker(method, target), (id) => `${picker.routes[id].method} ${picker.routes[id].path}`);
    for (const [who, found] of Object.entries({ page: inPage, picker: inPicker })) {
        const began = performance.now();
        const wrong = cases.filter(([method, target, expected]) => found(method, target) !== expected);
        const shown = wrong.slice(0, 5).map(([method, target, expected]) => `${JSON.stringify([method, target])}: ${found(method, target)}, expected ${expected}`);
        assert.equal(wrong.length, 0, `${name}, ${who}: ${wrong.length} of ${cases.length} differ\n${shown.join('\n')}`);
        console.log(`${name}, ${who}: ${cases.length} targets agree, ${Math.round(performance.now() - began)} ms`);
    }
}

// What people type and paste, and what the box keeps of it. `SECRET` never stays.
for (const [text, expected] of [
    ['GET /users/7', 'GET /users/7'],
    ['  get   /users/7  ', 'GET /users/7'],
    ['/users/7', '/users/7'],
    ['users/7', '/users/7'],
    ['GET /users/7 HTTP/1.1\r\nAuthorization: Bearer SECRET', 'GET /users/7'],
    ['GET /users?token=SECRET#SECRET', 'GET /users'],
    ['https://user:SECRET@api.example.com/users/7?key=SECRET', '/users/7'],
    ['DELETE https://api.example.com', 'DELETE /'],
    ['PURGE /users', 'PURGE /users'],
    ['fetch("https://h/users",{"headers":{"x-api-key":"SECRET"}})', '/fetch('],
    ['Authorization: Bearer SECRET', '/Authorization:'],
    ['SECRET-token_0.1', null],
    ['GET', null],
    ['', null],
    ['   ', null],
    ["curl https://api.example.com/users/7 -H 'Authorization: Bearer SECRET'", 'GET /users/7'],
    ['curl -H "Authorization: Bearer SECRET" https://api.example.com/users', 'GET /users'],
    ["curl -sSL -XDELETE 'https://u:SECRET@h/users/7?k=SECRET' -b SECRET", 'DELETE /users/7'],
    ["curl --request PATCH --url https://h/users/7 --json '{\"password\": \"SECRET\"}'", 'PATCH /users/7'],
    ["curl https://h/users -d 'name=SECRET'", 'POST /users'],
    ["curl https://h/users -G -d 'name=SECRET'", 'GET /users'],
    ['curl https://h/users -F file=@SECRET', 'POST /users'],
    ['curl -T SECRET https://h/files/1', 'PUT /files/1'],
    ['curl -I https://h/users', 'HEAD /users'],
    ['curl -u SECRET:SECRET h.example:8080/users/7', 'GET /users/7'],
    ['curl -uSECRET localhost/users/7', 'GET /users/7'],
    ["curl \\\n  -X POST \\\n  'https://h/users' \\\n  -H 'X: SECRET'", 'POST /users'],
    ["curl \\\r\n  https://h/users/7 \\\r\n --data-raw $'it\\'s SECRET'", 'POST /users/7'],
    ['curl.exe ^"https://h/users/7^" ^\r\n  -H ^"Authorization: Bearer SECRET^"', 'GET /users/7'],
    ['curl https://h/users/7 `\r\n  -H "X: SECRET"', 'GET /users/7'],
    ['$ curl https://h/users/7', 'GET /users/7'],
    ['curl https://h/a/../users/./7', 'GET /users/7'],
    ['curl https://h/a/%2e%2e/users/', 'GET /users/'],
    ['curl --path-as-is https://h/a/../b', 'GET /a/../b'],
    ['curl "https://h/users/a\\"b"', 'GET /users/a"b'],
    ['curl -X', 'GET /'],
    ['curl https://h/users "unfinished SECRET', 'GET /users'],
    ['curl --oauth2-bearer SECRET https://h/users', 'GET /users'],
    ['curl --unknown-option https://h/users', 'GET /users'],
]) {
    const request = readRequest(text);
    assert.equal(request === null ? null : shownRequest(request), expected, JSON.stringify(text));
}

// How the box finds what was meant.
const catalogue = {
    base: '/api',
    methods: ['GET', 'POST'],
    routes: [[0, '/users/{id}', 0, [[0]]], [1, '/users', 0, [[0]]], [0, '/files/{*rest}', 0, [[0]]], [0, '/a/', 0, [[0]]]],
};
for (const [text, routes, is] of [
    ['GET /api/users/7', [0], 'exact'],
    ['HEAD /api/users/7', [0], 'exact'],
    ['GET /users/7', [0], 'below'],
    ['/users/7', [0], 'below'],
    ['GET /users/{name}', [0], 'template'],
    ['GET /api/users/:name', [0], 'exact'],
    ['/users/<name>', [0], 'template'],
    ['GET /files/{*path}', [2], 'template'],
    ['POST /api/users/', [1], 'slash'],
    ['GET /api/a', [3], 'slash'],
    ['DELETE /api/users/7', [], 'none'],
    ['GET /nothing', [], 'none'],
]) {
    const found = answer(catalogue, readRequest(text));
    assert.deepEqual([found.routes, found.is], [routes, is], text);
}
assert.deepEqual(answer(catalogue, readRequest('DELETE /api/users/7')).reason, { allowed: ['GET', 'HEAD'] });
console.log('requests are read');
