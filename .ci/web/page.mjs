// What a browser does with the pages of the permission reference: `node page.mjs FOLDER`. The test
// `page` of scopes-export has written them. Screenshots of them are written beside them.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { withBrowser } from './browser.mjs';

const folder = resolve(process.argv[2]);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SECRET = 'dash_5ecret0fNobody';
const DESKTOP = { width: 1360, height: 900 };
const PHONE = { width: 390, height: 844 };

/** Opens a page. It fails at the end if the page asked for anything or reported anything. */
async function opened(browser, name, options, check) {
    const context = await browser.newContext({ viewport: DESKTOP, reducedMotion: 'reduce', ...options });
    const page = await context.newPage();
    const seen = [];
    page.on('console', (message) => seen.push(`console: ${message.text()}`));
    page.on('pageerror', (error) => seen.push(`error: ${error.message}`));
    page.on('dialog', (dialog) => seen.push(`dialog: ${dialog.message()}`));
    page.on('request', (request) => seen.push(`request: ${request.url()}`));
    page.on('popup', (popup) => seen.push(`popup: ${popup.url()}`));
    const address = `file://${folder}/${name}.html`;
    await page.goto(address);
    await check(page, seen);
    assert.deepEqual(seen.filter((entry) => entry !== `request: ${address}`), [], name);
    await context.close();
}

async function accessible(page, what) {
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
    const shown = violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes[0].html}\n  ${nodes[0].failureSummary}`);
    assert.deepEqual(shown, [], what);
}

async function fitsInWidth(page, what) {
    const [wide, width] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert.ok(wide <= width, `${what}: ${wide} px in ${width} px`);
}

const answer = (page) => page.locator('#answer').innerText();

async function ask(page, text) {
    await page.fill('#request', text);
    await page.press('#request', 'Enter');
    return answer(page);
}

const checks = {
    async 'no finding of axe-core, no wide page'(browser) {
        const phone = { viewport: PHONE };
        const small = { viewport: { width: 320, height: 640 } };
        const kinds = [{}, phone, { colorScheme: 'dark' }];
        for (const [name, all] of [['dashboard', kinds], ['hostile', kinds], ['full', [phone]], ['odd', [{}]], ['empty', [{}]]]) {
            for (const options of [...all, small]) {
                await opened(browser, name, options, async (page) => {
                    const what = `${name}, ${JSON.stringify(options)}`;
                    const check = async (state) => {
                        await fitsInWidth(page, `${what}, ${state}`);
                        if (options !== small) await accessible(page, `${what}, ${state}`);
                    };
                    await check('opened');
                    if (name === 'empty') return;
                    const { base, methods, routes } = JSON.parse(await page.locator('#catalogue').textContent());
                    const [method, path] = routes.at(-1);
                    await ask(page, `${methods[method]} ${base}${path}`);
                    await page.fill('#filter', path.slice(1, 3));
                    await check('in use');
                });
            }
        }
    },

    async 'the box answers'(browser) {
        await opened(browser, 'dashboard', {}, async (page) => {
            const one = await ask(page, 'GET /api/v0/environments/7/users/7?full=1');
            assert.match(one, /GET \/api\/v0\/environments\/\{environmentId\}\/users\/\{userId\}/);
            assert.match(one, /Least scope\s+environment\.users\.read/);
            assert.match(one, /Included in all\.read/);
            assert.equal(await page.inputValue('#request'), 'GET /api/v0/environments/7/users/7');
            assert.match(await ask(page, 'delete /environments/7/tokens/7'), /environment\.apiTokens\.write[^]*Found below \/api\/v0/);
            assert.match(await ask(page, '/environments/7/tokens'), /apiTokens\.read[^]*apiTokens\.write/);
            assert.match(await ask(page, 'HEAD /api/v0/eventTypes'), /environment\.events\.read[^]*answers HEAD as well[^]*|answers HEAD as well[^]*environment\.events\.read/);
            assert.match(await ask(page, 'GET /environments/{id}/exports/{x}'), /environment\.users\.read/);
            assert.match(await ask(page, 'PATCH /api/v0/environments/7/tokens'), /No endpoint with this method\. The path has GET, POST, HEAD\./);
            assert.match(await ask(page, 'GET /api/v0/nothing'), /No endpoint has this path\./);
            assert.match(await ask(page, 'GET /api/v0/eventTypes/%2F'), /refuses this path \(400\)/);
            assert.match(await ask(page, 'GET /api/v0/user/tokens'), /Checked outside of these scopes/);
            assert.match(await ask(page, 'GET /api/v0/users/7'), /Unbound:/);
            await page.press('#request', 'Escape');
            assert.equal(await answer(page), '');
        });
        await opened(browser, 'full', {}, async (page) => {
            const catalogue = JSON.parse(await page.locator('#catalogue').textContent());
            for (const [method, path, access, alternatives] of catalogue.routes) {
                const shown = await ask(page, `${catalogue.methods[method]} ${catalogue.base}${path}`);
                const names = alternatives.flat().map((id) => catalogue.scopes[id]);
                for (const name of names) assert.ok(shown.includes(name), `${path}: ${name}`);
                assert.equal(shown.includes('Or instead'), access === 0 && alternatives.length > 1, path);
            }
        });
    },

    async 'a pasted secret is not kept'(browser) {
        await opened(browser, 'dashboard', {}, async (page) => {
            const command = `curl -X POST 'https://u:${SECRET}@h/api/v0/environments/7/users?key=${SECRET}' \\\n -H 'Authorization: Bearer ${SECRET}' -d '{"a":"${SECRET}"}'`;
            const before = page.url();
            const clean = async (how) => {
                assert.equal(await page.inputValue('#request'), 'POST /api/v0/environments/7/users', how);
                assert.match(await answer(page), /environment\.users\.write/, how);
                const kept = await page.evaluate(() => [
                    document.documentElement.outerHTML, location.href, document.cookie, document.title, JSON.stringify(history.state),
                    JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage }), window.name,
                    Array.from(document.querySelectorAll('input'), (field) => field.value).join(' '),
                ].join('\n'));
                assert.ok(!kept.includes(SECRET), how);
                assert.equal(page.url(), before, how);
            };
            for (const kind of ['paste', 'drop']) {
                await page.evaluate(([type, text]) => {
                    const data = new DataTransfer();
                    data.setData('text', text);
                    const event = type === 'paste'
                        ? new ClipboardEvent('paste', { clipboardData: data, cancelable: true, bubbles: true })
                        : new DragEvent('drop', { dataTransfer: data, cancelable: true, bubbles: true });
                    if (document.querySelector('#request').dispatchEvent(event)) throw new Error('the text got into the box');
                }, [kind, command]);
                await clean(kind);
                await page.press('#request', 'Control+z');
                assert.ok(!(await page.inputValue('#request')).includes(SECRET), `${kind}, undone`);
                await page.press('#request', 'Escape');
            }
            // A browser that fills the field without an event of the clipboard.
            await page.fill('#request', command.replaceAll('\\\n', ''));
            await clean('fill');
            // Typed, letter by letter, and left.
            await page.press('#request', 'Escape');
            await page.locator('#request').pressSequentially(`POST /api/v0/environments/7/users?key=${SECRET}`);
            await page.press('#request', 'Tab');
            await clean('typed');
            await page.reload();
            assert.equal(await page.inputValue('#request'), '');
        });
    },

    async 'the filters'(browser) {
        await opened(browser, 'dashboard', {}, async (page) => {
            const cards = () => page.locator('.card:visible .name').allInnerTexts();
            const all = await cards();
            assert.equal(all.length, 18);
            await page.fill('#filter', 'tokens');
            assert.deepEqual(await cards(), ['all.read', 'environment.apiTokens.read', 'environment.apiTokens.write']);
            assert.match(await page.innerText('#count'), /3 scopes and \d+ endpoints found/);
            // Several words, in the text of a scope and in the path of an endpoint.
            await page.fill('#filter', 'DELETE tokens');
            assert.deepEqual(await cards(), ['environment.apiTokens.write']);
            assert.equal(await page.locator('.card:visible tbody tr:visible').count(), 1);
            await page.press('#filter', 'Escape');
            assert.equal((await cards()).length, 18);
            // The chips by the keyboard.
            await page.focus('.chip[data-badge="deletes"]');
            await page.keyboard.press('Space');
            assert.equal((await cards()).length, 4);
            assert.equal(await page.getAttribute('.chip[data-badge="deletes"]', 'aria-pressed'), 'true');
            await page.focus('.chip[data-badge="tokens"]');
            await page.keyboard.press('Enter');
            assert.deepEqual(await cards(), ['environment.apiTokens.write']);
            // A link to what is hidden shows it.
            await page.evaluate(() => { location.hash = '#scope-environment.users.read'; });
            await page.waitForFunction(() => !document.querySelector('[id="scope-environment.users.read"]').hidden);
            assert.equal((await cards()).length, 18);
        });
    },

    async 'the keyboard'(browser) {
        await opened(browser, 'dashboard', {}, async (page) => {
            await page.keyboard.press('Tab');
            assert.equal(await page.evaluate(() => document.activeElement.className), 'skip');
            assert.ok(await page.locator('.skip').evaluate((link) => link.getBoundingClientRect().top >= 0), 'the link is visible');
            await page.keyboard.press('Enter');
            await page.keyboard.press('Tab');
            assert.equal(await page.evaluate(() => document.activeElement.id), 'request');
            await page.keyboard.type('GET /eventTypes');
            assert.match(await answer(page), /environment\.events\.read/);
            // Each place that has the focus shows it.
            for (let count = 0; count < 25; count += 1) {
                await page.keyboard.press('Tab');
                const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
                assert.notEqual(outline, 'none', await page.evaluate(() => document.activeElement.outerHTML));
            }
            await page.focus('.card summary');
            await page.keyboard.press('Enter');
            assert.equal(await page.locator('.card details').first().getAttribute('open'), null);
        });
    },

    async 'links lead to their places'(browser) {
        for (const name of ['dashboard', 'hostile', 'large']) {
            await opened(browser, name, {}, async (page) => {
                const anchors = await page.locator('.card[id], .endpoints tr[id]').evaluateAll((places) => places.map((place) => place.id));
                const step = Math.max(1, Math.floor(anchors.length / 12));
                for (let at = 0; at < anchors.length; at += step) {
                    await page.evaluate((id) => { location.hash = `#${id}`; }, anchors[at]);
                    await page.waitForTimeout(name === 'large' ? 300 : 30);
                    const [top, bottom] = await page.evaluate((id) => {
                        const { top, bottom } = document.getElementById(id).getBoundingClientRect();
                        return [top, bottom];
                    }, anchors[at]);
                    assert.ok(bottom > 0 && top < DESKTOP.height, `${name}: ${anchors[at]} is at ${top}`);
                    assert.equal(await page.evaluate(() => document.querySelector(':target')?.id), anchors[at]);
                }
            });
        }
    },

    async 'the policy allows nothing else'(browser) {
        await opened(browser, 'dashboard', {}, async (page, seen) => {
            const refused = await page.evaluate(async () => {
                const found = [];
                document.addEventListener('securitypolicyviolation', (event) => found.push(event.effectiveDirective));
                const add = (name, attributes, text) => document.body.append(Object.assign(document.createElement(name), attributes, { textContent: text }));
                add('script', {}, 'globalThis.ran = true');
                add('style', {}, 'body { display: none }');
                add('img', { src: 'data:image/gif;base64,R0lGODlhAQABAAAAACw=' }, '');
                document.body.setAttribute('onclick', 'globalThis.ran = true');
                document.body.click();
                await fetch('data:text/plain,x').catch(() => {});
                const form = document.createElement('form');
                form.action = 'https://example.com/';
                document.body.append(form);
                form.submit();
                await new Promise((done) => { setTimeout(done, 200); });
                return [found.toSorted(), globalThis.ran === undefined, getComputedStyle(document.body).display];
            });
            assert.deepEqual(refused, [['connect-src', 'form-action', 'img-src', 'script-src-attr', 'script-src-elem', 'style-src-elem'], true, 'block']);
            seen.length = 0;
        });
    },

    async 'texts stay texts'(browser) {
        await opened(browser, 'hostile', {}, async (page) => {
            const catalogue = JSON.parse(await page.locator('#catalogue').textContent());
            for (const [method, path] of catalogue.routes) {
                const shown = await ask(page, `${catalogue.methods[method]} ${path.replace(/\{[^}]*\}/g, '7')}`);
                assert.ok(shown.includes(path), `${path}: ${shown}`);
            }
            const counts = await page.evaluate(() => Array.from(document.querySelectorAll('script, style, img, iframe, object, embed, svg, form, base'), ({ localName }) => localName));
            assert.deepEqual(counts.toSorted(), ['script', 'script', 'style']);
            const text = await page.innerText('main');
            for (const name of catalogue.scopes) assert.ok(text.includes(name), name);
            assert.ok(text.includes('<img src=x onerror=alert(1)>') && text.includes('&lt;b&gt; &#60;i&#62;'));
            assert.ok(text.includes('\\u{202e}'), 'what cannot be seen is escaped');
            const links = await page.locator('[href]').evaluateAll((found) => found.map((link) => link.getAttribute('href')));
            assert.deepEqual(links.filter((link) => !link.startsWith('#')), []);
            for (const word of ['<script>', "'onload", '__proto__', '[a](b)']) await page.fill('#filter', word);
        });
    },

    async 'without JavaScript'(browser) {
        await opened(browser, 'dashboard', { javaScriptEnabled: false }, async (page) => {
            const { scopes, routes } = JSON.parse(await page.locator('#catalogue').textContent());
            assert.equal(await page.locator('.card:visible').count(), scopes.length);
            assert.equal(await page.locator('.card tbody tr:visible').count(), 128);
            assert.equal(await page.locator('.endpoints tbody tr:visible').count(), routes.length);
            assert.equal(await page.locator('#ask:visible, #filters:visible').count(), 0);
        });
    },

    async 'on paper'(browser) {
        await opened(browser, 'dashboard', { colorScheme: 'dark' }, async (page) => {
            await page.locator('details').first().evaluate((list) => { list.open = false; });
            const pdf = await page.pdf({ format: 'A4', margin: { top: '15mm', bottom: '15mm', left: '15mm', right: '15mm' } });
            assert.ok(pdf.length > 20_000);
            assert.equal(await page.locator('details:not([open])').count(), 0, 'all lists are printed');
            await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
            assert.equal(await page.locator('#ask:visible, .side:visible, #filters:visible, .copy:visible').count(), 0);
            const [ground, text] = await page.evaluate(() => {
                const { backgroundColor, color } = getComputedStyle(document.body);
                return [backgroundColor, color];
            });
            assert.deepEqual([ground, text], ['rgb(255, 255, 255)', 'rgb(22, 25, 29)']);
        });
    },

    async '10,000 endpoints'(browser) {
        const began = performance.now();
        await opened(browser, 'large', {}, async (page) => {
            const loaded = performance.now() - began;
            const keystrokes = await page.evaluate(async () => {
                const field = document.getElementById('filter');
                const times = [];
                for (const text of ['r', 're', 'res', 'resource12', 'resource123', 'delete resource123', '']) {
                    const start = performance.now();
                    field.value = text;
                    field.dispatchEvent(new Event('input'));
                    await new Promise((done) => { requestAnimationFrame(() => setTimeout(done)); });
                    times.push(Math.round(performance.now() - start));
                }
                return times;
            });
            const answered = await page.evaluate(async () => {
                const box = document.getElementById('request');
                const start = performance.now();
                box.value = 'GET /service3/resource528/7/action4/7';
                box.dispatchEvent(new Event('input'));
                await new Promise((done) => { requestAnimationFrame(() => setTimeout(done)); });
                return Math.round(performance.now() - start);
            });
            assert.match(await answer(page), /service3\.resource528\.access/);
            console.log(`    loaded in ${Math.round(loaded)} ms, keystrokes of the filter ${keystrokes.join(', ')} ms, an answer ${answered} ms`);
            assert.ok(Math.max(...keystrokes) < 3000 && keystrokes.toSorted((a, b) => a - b)[3] < 500, 'a keystroke takes too long');
        });
    },

    async screenshots(browser) {
        for (const [name, options] of Object.entries({
            desktop: {}, dark: { colorScheme: 'dark' }, phone: { viewport: PHONE, deviceScaleFactor: 2 },
        })) {
            await opened(browser, 'dashboard', options, async (page) => {
                await ask(page, 'DELETE /api/v0/environments/7/tokens/7');
                writeFileSync(`${folder}/${name}.png`, await page.screenshot());
                await page.evaluate(() => { location.hash = '#scope-environment.apiTokens.write'; });
                writeFileSync(`${folder}/${name}-scope.png`, await page.screenshot());
                await page.evaluate(() => { location.hash = '#GET-/api/v0/environments/%7BenvironmentId%7D/users/%7BuserId%7D'; });
                writeFileSync(`${folder}/${name}-endpoints.png`, await page.screenshot());
            });
        }
        await opened(browser, 'dashboard', { viewport: { width: 680, height: 960 } }, async (page) => {
            await page.emulateMedia({ media: 'print' });
            writeFileSync(`${folder}/print.png`, await page.screenshot({ fullPage: false }));
        });
    },
};

const wanted = process.argv[3];
await withBrowser(async (browser) => {
    for (const [name, check] of Object.entries(checks)) {
        if (wanted && !name.includes(wanted)) continue;
        const began = performance.now();
        await check(browser);
        console.log(`${name}: ${Math.round(performance.now() - began)} ms`);
    }
});
