// What the checks of pages share: Debian's Chromium with an empty profile, small servers of files,
// and axe-core.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const FLAGS = [
    '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync',
];
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Runs a check with a browser. With `keepsPages`, it may show a page again that a person has left. */
export async function withBrowser(check, { keepsPages = false } = {}) {
    const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
    const ignoreDefaultArgs = keepsPages ? ['--disable-back-forward-cache'] : [];
    const browser = await chromium.launch({ executablePath, headless: true, args: FLAGS, ignoreDefaultArgs });
    try {
        return await check(browser);
    } finally {
        await browser.close();
    }
}

/** Serves answers by path: `answer(path)` returns `[type, text, headers]`, or nothing for 404. */
export async function serve(answer, host = '127.0.0.1') {
    const server = createServer((request, response) => {
        const path = request.url.split('?', 1)[0];
        // Browsers ask for it at any time, and complain about a 404.
        const icon = path === '/favicon.ico' ? ['image/x-icon', ''] : [];
        const [type, text, headers] = answer(path) ?? icon;
        response.writeHead(type ? 200 : 404, { 'content-type': type ?? 'text/plain', ...headers });
        response.end(text ?? '');
    });
    await new Promise((done) => server.listen(0, host, done));
    return { url: `http://${host}:${server.address().port}`, close: () => server.close() };
}

/** Fails if axe-core finds a serious fault on the page, or if it has checked nothing. */
export async function accessible(page, what) {
    // Past the page's own policy, which forbids scripts of others.
    const session = await page.context().newCDPSession(page);
    await session.send('Runtime.evaluate', { expression: AXE });
    const results = await page.evaluate(() => window.axe.run(document));
    const serious = results.violations.filter(({ impact }) => ['serious', 'critical'].includes(impact));
    const shown = serious.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target} ${node.html}`));
    if (results.passes.length < 10) throw new Error(`${what}: axe-core has checked ${results.passes.length} rules only`);
    if (shown.length > 0) throw new Error(`${what}:\n${shown.join('\n')}`);
}

/** Fails unless both values have the same JSON. */
export function equal(found, expected, what) {
    const [one, other] = [found, expected].map((value) => JSON.stringify(value));
    if (one !== other) throw new Error(`${what}: ${one}, expected ${other}`);
}
