// Starts Debian's Chromium for a check, with an empty profile, and ends it afterwards.
import { chromium } from 'playwright-core';

const FLAGS = [
    '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync',
];

export async function withBrowser(check) {
    const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
    const browser = await chromium.launch({ executablePath, headless: true, args: FLAGS });
    try {
        return await check(browser);
    } finally {
        await browser.close();
    }
}
