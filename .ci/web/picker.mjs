// The element <scopes-picker> in a plain form, under a strict policy.
import { readFileSync } from 'node:fs';
import { accessible, equal, serve, withBrowser } from './browser.mjs';

const crate = new URL('../../scopes-export/', import.meta.url);
const read = (file) => readFileSync(new URL(file, crate), 'utf8');
const data = JSON.parse(read('tests/picker/expected.json'));
const links = JSON.parse(read('tests/picker/links.json'));

const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'self'; require-trusted-types-for 'script'; trusted-types 'none'";
const boxes = data.groups.flatMap((group) => group.scopes).map(({ scope }) =>
    `<label><input type="checkbox" name="scopes" value="${scope}"${scope === 'events.read' ? ' checked' : ''}> ${scope}</label>`);
const page = (src, documentation = '') => `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="color-scheme" content="light dark">
<title>Picker</title><link rel="stylesheet" href="/page.css"><main><h1>Picker</h1><form method="get" action="/sent">
<scopes-picker name="scopes" src="${src}" link required${documentation}>${boxes.join('')}</scopes-picker>
<button>Send</button><button type="reset">Reset</button></form></main><script src="/picker.js" defer></script></html>`;

// Addresses of the documentation, and where the scope `users.read` links to.
const ADDRESSES = [
    ['/permissions', '/permissions#scope-users.read'],
    ['permissions?lang=en#top', '/permissions?lang=en#scope-users.read'],
    ['https://docs.example.com/p', 'https://docs.example.com/p#scope-users.read'],
    ['HTTP://docs.example.com/p', 'http://docs.example.com/p#scope-users.read'],
    ['', null],
    ['javascript:alert(1)', undefined],
    [' java\nscript:alert(1)', undefined],
    ['data:text/html,x', undefined],
    ['blob:https://docs.example.com/1', undefined],
    ['https://', undefined],
];

const answers = {
    '/': ['text/html', page('/picker.json'), { 'content-security-policy': policy }],
    '/broken': ['text/html', page('/nothing.json'), { 'content-security-policy': policy }],
    ...Object.fromEntries(ADDRESSES.map(([address], i) =>
        [`/documentation-${i}`, ['text/html', page('/picker.json', ` documentation="${address}"`), { 'content-security-policy': policy }]])),
    '/page.css': ['text/css', 'html { background: Canvas; color: CanvasText }'],
    '/sent': ['text/plain', 'sent'],
    '/picker.js': ['text/javascript', read('src/picker/scopes-picker.js')],
    '/picker.json': ['application/json', JSON.stringify(data)],
};
const server = await serve((path) => answers[path]);

async function check(browser) {
    const context = await browser.newContext();
    const tab = await context.newPage();
    const faults = [];
    tab.on('pageerror', (error) => faults.push(error.message));
    tab.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
    const open = async (query = '') => {
        await tab.goto(`${server.url}/${query && `?${query}`}`);
        await tab.waitForFunction(() => document.querySelector('scopes-picker').shadowRoot);
    };
    const value = () => tab.evaluate(() => document.querySelector('scopes-picker').value);
    const sent = () => tab.evaluate(() => new FormData(document.forms[0]).getAll('scopes'));
    const box = (scope) => tab.locator(`scopes-picker .row:not(.head):has(label > code:text-is("${scope}")) input`);

    // Links choose by the same cases as the server.
    for (const link of links) {
        await open(link.query);
        const found = await tab.evaluate(() => {
            const note = document.querySelector('scopes-picker').shadowRoot.querySelector('[role=note]');
            const paragraphs = [...(note?.querySelectorAll('p') ?? [])];
            const names = (words) => {
                const paragraph = paragraphs.find((one) => one.textContent.startsWith(words));
                return [...(paragraph?.querySelectorAll('code') ?? [])].map((code) => code.textContent);
            };
            return {
                held_back: names('Choose these yourself'),
                unknown: names('This API does not have'),
                refused: /chose nothing, because (.*)\.$/.exec(paragraphs[0]?.textContent)?.[1] ?? null,
                is_link: Boolean(note),
            };
        });
        const { query, chosen, ...expected } = link;
        equal(found, { held_back: expected.held_back, unknown: expected.unknown, refused: expected.refused, is_link: expected.is_link }, query);
        // Without a link, what the page has checked is chosen.
        equal(await value(), link.is_link ? chosen : ['events.read'], query);
    }
    const many = (count) => `scopes=${Array.from({ length: count }, (_, i) => `s${i}`).join('+')}`;
    for (const [query, refused] of [
        [many(200), false], [many(201), true], [`scopes=${'x'.repeat(4089)}`, false], [`scopes=${'x'.repeat(4090)}`, true],
    ]) {
        await open(query);
        equal(await tab.locator('scopes-picker [role=note]', { hasText: 'chose nothing, because' }).count(), Number(refused), `${query.length} bytes`);
    }

    // A link that names nothing of this API does not speak of zero permissions.
    await open('scopes=nope');
    equal(await tab.locator('scopes-picker [role=note]').innerText(), 'The link to this page chose nothing.\n\nThis API does not have nope.', 'a link of unknown names');

    // The element is the field, and the check boxes in it are not.
    await open();
    equal(await sent(), ['events.read'], 'the form sends each scope once');
    await box('users.read').check();
    equal(await sent(), ['events.read', 'users.read'], 'the form');
    await tab.click('text=Reset');
    equal(await sent(), ['events.read'], 'the reset form');
    await box('events.read').uncheck();
    equal(await tab.evaluate(() => document.forms[0].checkValidity()), false, 'a scope is required');
    await tab.click('text=Send');
    equal(new URL(tab.url()).pathname, '/', 'the form is not sent without a scope');
    await box('jobs.run').check();
    await tab.click('text=Send');
    equal(new URL(tab.url()).search, '?scopes=jobs.run', 'the sent form');

    // Groups have three states; what another scope includes is shown and not sent.
    await open();
    const group = tab.locator('scopes-picker [role=group]', { hasText: 'users.read' }).first().locator('.head input');
    await box('users.read').check();
    equal(await group.evaluate((one) => [one.checked, one.indeterminate]), [false, true], 'a part of the group');
    await group.click();
    equal([await value(), await group.evaluate((one) => one.checked)], [['events.read', 'users.read', 'users.write'], true], 'the group');
    await group.click();
    equal(await value(), ['events.read'], 'no scope of the group');
    await box('all').check();
    equal([await box('users.write').isChecked(), await box('users.write').isDisabled()], [true, true], 'an included scope');
    equal(await value(), ['events.read', 'all'], 'included scopes are not sent');
    const summary = await tab.locator('scopes-picker .sum').textContent();
    for (const words of ['can call', 'It can delete.', 'It can issue other tokens.']) {
        if (!summary.includes(words)) throw new Error(`the summary lacks “${words}”: ${summary}`);
    }
    await tab.click('scopes-picker >> button:text-is("Support desk")');
    equal(await value(), ['users.read', 'users.write'], 'the preset');

    // Each route is found by its request, with and without the base.
    const search = tab.locator('scopes-picker input[type=search]');
    for (const route of data.routes) {
        const path = route.path.replace(/\{\*[^}]*\}/g, 'a/b').replace(/\{[^}]*\}/g, 'x1');
        for (const asked of [`${route.method} ${path}`, `${route.method.toLowerCase()} https://api.example.com${path}?q=1`, `${route.method} ${path.slice(data.base.length)}`]) {
            await search.fill(asked);
            equal(await tab.locator('scopes-picker .hit code').first().textContent(), `${route.method} ${route.path}`, asked);
        }
        const names = await tab.locator('scopes-picker .row:not(.head):visible label > code').allTextContents();
        const wanted = route.any_of.flat();
        equal(wanted.every((name) => names.includes(name)), true, `${route.path} shows ${names}`);
    }
    // The rules of the server for bytes are those of the search.
    for (const [asked, answer] of [
        ['POST /nowhere', 'This API has no such endpoint.'],
        ['GET https://api.example.com', 'This API has no such endpoint.'],
        ['DELETE /users/7', 'This path has only'],
        ['GET /users/a%2Fb', 'The server refuses this path.'],
        ['GET /users/..', 'The server refuses this path.'],
        ['GET /users/a;b', 'The server refuses this path.'],
        ['GET /users/\u00e9', 'The server refuses this path.'],
        [`GET /users/${'a'.repeat(8200)}`, 'The server refuses this path.'],
        ['GET /users/%C3%A9', 'GET '],
        ["A'B /users/7", 'This path has only'],
    ]) {
        await search.fill(asked);
        const shown = await tab.locator('scopes-picker .hit').textContent();
        equal(shown.startsWith(answer), true, `${asked.slice(0, 40)}: ${shown}`);
    }
    await search.fill('search EVENTS');
    equal(await tab.locator('scopes-picker .row:not(.head):visible label > code').allTextContents(), ['events.search'], 'words');

    // Texts of the file are text.
    await search.fill('');
    equal(await tab.locator('scopes-picker label', { hasText: 'Read <users>' }).count(), 1, 'a title with angle brackets');
    equal(await tab.evaluate(() => document.querySelector('scopes-picker').shadowRoot.querySelectorAll('users, script, b').length), 0, 'elements of texts');

    // Scopes link to their places on the documentation's page, and to nothing that is not a page.
    for (const [i, [address, expected]] of ADDRESSES.entries()) {
        await tab.goto(`${server.url}/documentation-${i}`);
        await tab.waitForFunction(() => document.querySelector('scopes-picker').shadowRoot);
        const links = tab.locator('scopes-picker').getByRole('link');
        equal(await links.count(), expected ? boxes.length : 0, `links for ${address}`);
        equal(faults.splice(0), expected === undefined ? ['scopes-picker: documentation is not a link'] : [], `messages for ${address}`);
        if (!expected) continue;
        const link = tab.locator('scopes-picker').getByRole('link', { name: 'Docs of users.read', exact: true });
        equal(await link.getAttribute('href'), new URL(expected, server.url).href, address);
    }

    // By keyboard only.
    await open();
    await search.focus();
    await tab.keyboard.type('jobs');
    await tab.keyboard.press('Enter');
    equal(new URL(tab.url()).pathname, '/', 'Enter in the search does not send the form');
    await tab.keyboard.press('ArrowDown');
    await tab.keyboard.press('ArrowDown');
    await tab.keyboard.press('Space');
    equal(await value(), ['events.read', 'jobs.run'], 'chosen by keyboard');
    await tab.keyboard.press('ArrowUp');
    await tab.keyboard.press('ArrowUp');
    await tab.keyboard.press('Escape');
    equal(await search.inputValue(), '', 'Escape clears the search');

    await tab.click('scopes-picker >> summary >> nth=0');
    await accessible(tab, 'the picker');
    await tab.emulateMedia({ colorScheme: 'dark' });
    await accessible(tab, 'the dark picker');
    equal(faults, [], 'the console');

    // If the file cannot be read, the check boxes work.
    await tab.goto(`${server.url}/broken`);
    await tab.waitForLoadState('networkidle');
    await tab.check('input[value="users.read"]');
    equal(await sent(), ['users.read', 'events.read'], 'the check boxes');
    await context.close();
}

try {
    await withBrowser(check);
    console.log(`the picker: ${links.length} links, ${data.routes.length} routes`);
} finally {
    server.close();
}
