// Document 004, steps 1 to 6, in a browser: a person signs in, makes a token, uses and revokes it.
// Then what must not work: a form that is sent again, other sites, links that choose too much.
// Takes the built program; with a folder as second argument, it leaves screenshots there.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accessible, equal, serve, withBrowser } from './browser.mjs';

const [program, pictures] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'dashboard-page-'));
const server = spawn(program, ['--port', '0', '--database', join(folder, 'dashboard.db'), '--address-rate', '0'], {
    env: { PATH: process.env.PATH }, stdio: ['ignore', 'pipe', 'pipe'],
});
let printed = '';
let log = '';
server.stdout.on('data', (data) => { printed += data; });
server.stderr.on('data', (data) => { log += data; });

async function started() {
    for (let waited = 0; !printed.includes('Ctrl-C stops'); waited += 50) {
        if (waited > 30_000 || server.exitCode !== null) throw new Error(`the server did not start: ${log}`);
        await new Promise((done) => setTimeout(done, 50));
    }
    return {
        root: /(http:\S+)\/dashboard\/developer\/api/.exec(printed)[1],
        code: /code_\w+/.exec(printed)[0],
        live: /live +([0-9a-f-]{36})/.exec(printed)[1],
    };
}

/** The text of the clipboard. The dashboard's own policy does not let its pages read it. */
async function pasted(context) {
    const site = await serve(() => ['text/html', '<!doctype html>']);
    const tab = await context.newPage();
    try {
        await tab.goto(site.url);
        return await tab.evaluate(() => navigator.clipboard.readText());
    } finally {
        await tab.close();
        site.close();
    }
}

async function check(browser) {
    const { root, code, live } = await started();
    const page = `${root}/dashboard/developer/api`;
    const context = await browser.newContext({ viewport: { width: 1100, height: 900 } });
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const tab = await context.newPage();
    const faults = [];
    tab.on('pageerror', (error) => faults.push(error.message));
    tab.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
    const show = (name, of = tab) => pictures && of.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
    const picker = (of = tab) => of.locator('scopes-picker').locator('input[type=search]');
    const use = async (token) => {
        const headers = { authorization: `Bearer ${token}` };
        return (await fetch(`${root}/api/v0/environments/${live}/users`, { headers })).status;
    };
    const count = async () => {
        await tab.goto(page);
        return tab.locator('.token').count();
    };

    // Step 1: the page leads to the sign-in. A wrong code says so, the printed one works once.
    await tab.goto(page);
    equal(new URL(tab.url()).pathname, '/dashboard/sign-in', 'without a session');
    await accessible(tab, 'the sign-in');
    await show('sign-in');
    await tab.keyboard.type('code_wrong');
    await tab.keyboard.press('Enter');
    await tab.getByRole('alert').waitFor();
    faults.length = 0; // The console names the status 401.
    await tab.fill('#code', code);
    await tab.keyboard.press('Enter');
    await tab.waitForURL(page);
    equal(await tab.evaluate(() => document.cookie), '', 'scripts do not see the cookie');
    const before = await count();
    const [{ httpOnly, sameSite }] = await context.cookies();
    equal([httpOnly, sameSite], [true, 'Strict'], 'the cookie');
    await accessible(tab, 'the list');
    await show('list');

    // Steps 2 to 4, by keyboard only.
    await tab.getByRole('link', { name: 'Create token' }).focus();
    await tab.keyboard.press('Enter');
    await tab.waitForURL(`${page}/new`);
    await picker().waitFor();
    equal(await tab.getByRole('textbox', { name: 'Name' }).getAttribute('placeholder'), 'background-job service', 'the example of the document');
    await accessible(tab, 'the form');
    await tab.getByRole('textbox', { name: 'Name' }).focus();
    await tab.keyboard.type('background-job service');
    await picker().focus();
    await tab.keyboard.type(`GET /environments/${live}/users`);
    await tab.keyboard.press('ArrowDown');
    await tab.keyboard.press('ArrowDown');
    await tab.keyboard.press('Space');
    equal(await tab.evaluate(() => document.querySelector('scopes-picker').value), ['environment.users.read'], 'the scope of the request');
    await show('search');
    await tab.keyboard.press('Escape');
    await show('form');
    await tab.getByRole('button', { name: 'Create token' }).focus();
    const [created] = await Promise.all([tab.waitForResponse((response) => response.request().method() === 'POST'), tab.keyboard.press('Enter')]);
    equal([created.status(), created.headers()['cache-control']], [201, 'no-store'], 'the answer to the form');

    // Step 5: copy it now.
    await tab.getByText('Make sure to copy the API token now.').waitFor();
    await tab.getByRole('button', { name: 'Copy' }).click();
    await tab.getByText('Copied. Keep it').waitFor();
    const token = await pasted(context);
    await accessible(tab, 'the token');
    await show('token');
    // Step 6.
    equal(/^dyn_[0-9A-Za-z]{56}$/.test(token), true, `the form of the token`);
    equal(tab.url().includes('dyn_'), false, 'the address');
    equal(await use(token), 200, 'the token');

    // Reloading sends the form again: nothing is created, and the token is not shown.
    await tab.reload();
    await tab.getByRole('heading', { name: 'This form was sent before' }).waitFor();
    equal((await tab.content()).includes(token), false, 'the page after a reload');
    await tab.goBack();
    equal((await tab.content()).includes(token), false, 'the page before');
    faults.length = 0; // The console names the status 409.
    equal(await count(), before + 1, 'tokens after a reload');
    const card = tab.locator('.token', { hasText: 'background-job service' });
    equal(await card.locator('dl div', { hasText: 'Last used' }).getByText('never').count(), 0, 'the last use');
    equal((await tab.content()).includes(token), false, 'the list');

    // Other sites: on another port of this address (the browser sends the cookie), and on another
    // name (it does not).
    const attack = (target, field) => `<!doctype html><form method="post" action="${target}"><input name="name" value="evil">
<input name="expires_in" value="never"><input name="scopes" value="all.read">${field}</form><script>document.forms[0].submit()</script>`;
    const id = await card.locator('[popover] form').first().getAttribute('action').then((action) => action.split('/').at(-2));
    const answers = {
        '/create': ['text/html', attack(page, '')],
        '/guess': ['text/html', attack(page, '<input name="once" value="x">')],
        '/revoke': ['text/html', attack(`${page}/${id}/revoke`, '')],
        '/sign-in': ['text/html', attack(`${root}/dashboard/sign-in`, '<input name="code" value="code_x">')],
        '/frame': ['text/html', `<!doctype html><iframe src="${page}"></iframe>`],
        '/link': ['text/html', `<!doctype html><a href="${page}/new?name=ci&scopes=environment.users.read+environment.users.write+evil.scope&expires_in=14">link</a>`],
    };
    for (const host of ['127.0.0.1', 'localhost']) {
        const site = await serve((path) => answers[path], host);
        try {
            for (const path of ['/create', '/guess', '/revoke', '/sign-in']) {
                const answered = tab.waitForResponse((response) => response.request().method() === 'POST');
                await tab.goto(site.url + path);
                equal((await answered).status(), 403, `${path} of ${host}`);
            }
            await tab.goto(`${site.url}/frame`);
            await tab.waitForLoadState('networkidle');
            equal(tab.frames().slice(1).some((frame) => frame.url().startsWith(root)), false, `a frame of ${host}`);
            // A link arrives, although the browser leaves the cookie out at first.
            await tab.goto(`${site.url}/link`);
            await tab.click('a');
            await picker().waitFor();
            equal(await tab.evaluate(() => document.querySelector('scopes-picker').value), ['environment.users.read'], 'the link');
            const note = await tab.locator('scopes-picker').getByRole('note').textContent();
            for (const words of ['A link chose 1 permission', 'environment.users.write', 'evil.scope']) {
                if (!note.includes(words)) throw new Error(`the banner lacks “${words}”: ${note}`);
            }
            equal([await tab.inputValue('#name'), await tab.inputValue('#expires')], ['ci', '14'], 'the fields of the link');
        } finally {
            site.close();
        }
    }
    await accessible(tab, 'the form of a link');
    await show('link');
    faults.length = 0; // The console names the refusals.
    equal([await count(), await use(token)], [before + 1, 200], 'after the attacks');

    const storageState = await context.storageState();
    await withBrowser((keeping) => goBack(keeping, page, storageState), { keepsPages: true });

    // Dark, on a phone, and without JavaScript.
    const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
    for (const [name, options] of [['dark', { colorScheme: 'dark' }], ['phone', phone], ['no-script', { javaScriptEnabled: false }]]) {
        const other = await browser.newContext({ storageState, ...options });
        const of = await other.newPage();
        for (const path of ['', '/new']) {
            await of.goto(page + path);
            if (path !== '' && name !== 'no-script') await picker(of).waitFor();
            const [width, shown] = await of.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
            equal(width <= shown, true, `${name}${path}: ${width} of ${shown} pixels`);
            if (name !== 'no-script') await accessible(of, `${name}${path}`);
            await show(`${name}${path.replace('/', '-')}`, of);
        }
        if (name === 'no-script') {
            await of.fill('#name', 'without JavaScript');
            await of.check('input[value="environment.users.read"]');
            await of.click('text=Create token');
            equal(await use(await of.locator('#token').textContent()), 200, 'without JavaScript');
            equal(await of.getByRole('button', { name: 'Copy' }).isVisible(), false, 'a button that only a script can serve');
        }
        await other.close();
    }

    // Revoke it, and use it again.
    await tab.goto(page);
    await tab.getByRole('button', { name: 'Revoke background-job service' }).focus();
    await tab.keyboard.press('Enter');
    await tab.getByRole('dialog').waitFor();
    await accessible(tab, 'the question');
    await show('revoke');
    equal(await tab.evaluate(() => document.activeElement.textContent), 'Cancel', 'the focus is on what does no harm');
    await tab.keyboard.press('Shift+Tab');
    await tab.keyboard.press('Enter');
    await tab.getByText('The token is revoked.').waitFor();
    equal(await use(token), 401, 'the revoked token');

    await tab.getByRole('button', { name: 'Sign out' }).click();
    await tab.waitForURL('**/dashboard/sign-in');
    await context.addCookies(storageState.cookies);
    await tab.goto(page);
    equal(new URL(tab.url()).pathname, '/dashboard/sign-in', 'the cookie after signing out');
    equal(faults, [], 'the console');
    for (const secret of [token, code, storageState.cookies[0].value]) {
        if (log.includes(secret)) throw new Error('the log has a secret');
    }
}

/** A browser may keep a page that a person leaves, also one that no cache may store. */
async function goBack(browser, page, storageState) {
    const tab = await (await browser.newContext({ storageState })).newPage();
    const create = async () => {
        await tab.goto(`${page}/new`);
        await tab.locator('scopes-picker').locator('input[type=search]').waitFor();
        await tab.fill('#name', 'left');
        await tab.evaluate(() => { document.querySelector('scopes-picker').value = ['environment.users.read']; });
        await tab.getByRole('button', { name: 'Create token' }).click();
        return tab.locator('#token').textContent();
    };
    const leaveAndReturn = async () => {
        await tab.goto(`${page}/new`);
        // Not `goBack`, which waits for a page to load. A kept page does not.
        await Promise.all([tab.waitForEvent('framenavigated'), tab.evaluate(() => { history.back(); })]);
    };

    // Chromium keeps no answer to a form. It asks whether to send the form again.
    const token = await create();
    await leaveAndReturn();
    equal((await tab.content()).includes(token), false, 'the page of the token, after going back to it');
    // What other browsers would keep.
    const other = await create();
    await tab.evaluate(() => { dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })); });
    equal((await tab.content()).includes(other), false, 'the page of the token, as a browser keeps it');
    await tab.getByText('The token was shown once.').waitFor();
    equal(await tab.getByRole('button', { name: 'Copy' }).isVisible(), false, 'nothing is left to copy');

    // The list shows what is true now, and not what was true when the person left it. The mark lives
    // as long as the page that a browser keeps.
    await tab.goto(page);
    await tab.evaluate(() => {
        window.isKept = true;
        addEventListener('pageshow', ({ persisted }) => { sessionStorage.setItem('was kept', persisted); });
    });
    await leaveAndReturn();
    await tab.waitForFunction(() => window.isKept === undefined && document.querySelectorAll('.token').length > 0);
    equal(await tab.evaluate(() => sessionStorage.getItem('was kept')), 'true', 'the browser has kept the list');
}

try {
    await withBrowser(check);
    console.log('the pages of the dashboard: signed in, created, copied, used, attacked, revoked');
} finally {
    server.kill();
    rmSync(folder, { recursive: true });
}
