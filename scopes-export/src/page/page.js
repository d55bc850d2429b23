// The box, the filters and the copy buttons. Texts reach the page as text only, and what is typed
// or pasted is kept nowhere: not in the address, not in a storage, not in a message.

const byId = (id) => document.getElementById(id);
const catalogue = JSON.parse(byId('catalogue').textContent);
const ACCESS_SCOPED = 0;

/** Makes an element. Children are elements or texts. */
function make(name, attributes, ...children) {
    const element = document.createElement(name);
    for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
    element.append(...children);
    return element;
}

/** The same anchors as in the pages that Rust writes. */
function anchor(kind, name) {
    const isPlain = (byte) => /[A-Za-z0-9._~/:-]/.test(String.fromCharCode(byte));
    const escape = (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    const encode = (text) => Array.from(new TextEncoder().encode(text), (byte) => (isPlain(byte) ? String.fromCharCode(byte) : escape(byte)));
    return `${encode(kind).join('')}-${encode(name).join('')}`;
}

const templateOf = (route) => catalogue.base + route[1];
const routeAnchor = (route) => anchor(catalogue.methods[route[0]], templateOf(route));
const scopeLink = (id) => {
    const name = catalogue.scopes[id];
    return make('a', { href: `#${anchor('scope', name)}` }, make('code', {}, name));
};

/** Joins elements as in a sentence: `a, b and c`. */
function sentence(elements, last = ' and ') {
    return elements.flatMap((element, index) => {
        if (index === 0) return [element];
        return [index === elements.length - 1 ? last : ', ', element];
    });
}

// The copy buttons.

function copyButton(text, label) {
    const button = make('button', { type: 'button', class: 'copy', 'aria-label': label }, 'Copy');
    button.addEventListener('click', async () => {
        try {
            await navigator.clipboard.writeText(text);
            button.textContent = 'Copied';
        } catch {
            button.textContent = 'Not allowed';
        }
        setTimeout(() => button.replaceChildren('Copy'), 1500);
    });
    return button;
}

function addCopyButtons() {
    if (!navigator.clipboard) return;
    for (const heading of document.querySelectorAll('.card .name')) {
        const name = heading.textContent;
        heading.after(copyButton(name, `Copy ${name}`));
    }
}

// The box.

const REMARKS = {
    below: () => `Found below ${catalogue.base}, where all paths are.`,
    slash: (asked) => `The path is declared ${asked.endsWith('/') ? 'without' : 'with'} a slash at the end, and requests must have the same.`,
};

/** The answer about one endpoint. What the table of endpoints says about it is shown again. */
function describe(id, { method }) {
    const route = catalogue.routes[id];
    const [methodId, , access, alternatives] = route;
    const declared = catalogue.methods[methodId];
    const row = byId(routeAnchor(route));
    const pill = row.querySelector('.method').cloneNode(true);
    const link = make('a', { class: 'path', href: `#${routeAnchor(route)}` }, catalogue.base);
    link.append(...Array.from(row.querySelector('.path').childNodes, (part) => part.cloneNode(true)));
    const found = [make('p', { class: 'found' }, pill, ' ', link)];
    if (method === 'HEAD' && declared === 'GET') found.push(make('p', { class: 'note' }, 'The endpoint for GET answers HEAD as well.'));
    const copies = (selector) => Array.from(row.querySelectorAll(selector), (paragraph) => paragraph.cloneNode(true));
    found.push(...copies('td > p:not([class])'));
    found.push(...(access === ACCESS_SCOPED ? demand(alternatives) : copies('.needs')), ...copies('.remark'));
    return make('div', { class: 'result' }, ...found);
}

function demand(alternatives) {
    const [least, ...others] = alternatives;
    const names = least.map((id) => catalogue.scopes[id]);
    const shown = make('p', { class: 'least' }, make('span', {}, least.length === 1 ? 'Least scope' : 'Least scopes, together'));
    shown.append(...sentence(least.map(scopeLink)));
    if (navigator.clipboard) shown.append(copyButton(names.join(' '), `Copy ${names.join(' and ')}`));
    const parts = [shown];
    if (others.length > 0) {
        const ways = others.map((ids) => make('li', {}, ...sentence(ids.map(scopeLink))));
        parts.push(make('p', { class: 'label' }, 'Or instead'), make('ul', { class: 'ways' }, ...ways));
    }
    const holders = [...new Set(alternatives.filter((ids) => ids.length === 1).flatMap(([id]) => catalogue.included[id] ?? []))];
    if (holders.length > 0) {
        parts.push(make('p', { class: 'label' }, 'Included in ', ...sentence(holders.slice(0, 8).map(scopeLink), holders.length > 8 ? ', ' : ' and ')));
        if (holders.length > 8) parts.at(-1).append(` and ${holders.length - 8} more`);
    }
    return parts;
}

// What is wrong with a target, for the words of `find`.
const MALFORMED = {
    character: 'The path has a character that must be escaped.',
    dots: 'The path has a “.” or “..” segment.',
    escape: 'The path has a “%” without two hexadecimal digits after it.',
    forbidden: 'The path has an escape of a control character, “/”, “\\”, “%” or “;”.',
    text: 'The path is not valid UTF-8 once it is decoded.',
    edge: 'A segment of the path begins or ends with white space.',
    semicolon: 'The path has a “;”.',
    delimiter: 'The path has a “|”, “[”, “]” or “^” that is not escaped.',
    slash: 'The path does not begin with “/”.',
};

function refusal({ reason }) {
    if (reason?.malformed) return `The server refuses this path (400). ${MALFORMED[reason.malformed]}`;
    if (reason?.tooLong) return 'The server refuses this path (414), because it is too long.';
    if (reason?.allowed) return `No endpoint with this method. The path has ${reason.allowed.join(', ')}.`;
    return 'No endpoint has this path.';
}

function showAnswer(text) {
    const request = readRequest(text);
    if (request === null || request.target === '/' && text.trim().length < 2) {
        byId('answer').replaceChildren();
        return;
    }
    const found = answer(catalogue, request);
    if (found.routes.length === 0) {
        byId('answer').replaceChildren(make('p', { class: 'none' }, refusal(found)));
        return;
    }
    const results = found.routes.slice(0, 12).map((id) => describe(id, request));
    const remark = REMARKS[found.is]?.(request.target);
    if (remark) results.push(make('p', { class: 'note' }, remark));
    byId('answer').replaceChildren(...results);
}

/** Keeps the method and the path, and nothing else of what was typed. */
function settle(box, text) {
    const request = readRequest(text);
    box.value = request === null ? '' : shownRequest(request);
    showAnswer(box.value);
}

function startBox() {
    const box = byId('request');
    const receive = (event, text) => {
        if (!text) return;
        event.preventDefault();
        settle(box, text);
    };
    // The text of the clipboard never gets into the box, not even into its history of changes.
    box.addEventListener('paste', (event) => receive(event, event.clipboardData?.getData('text')));
    box.addEventListener('drop', (event) => receive(event, event.dataTransfer?.getData('text')));
    box.addEventListener('input', () => {
        if (isCurl(box.value) && box.value.length > 40) settle(box, box.value);
        else if (isCurl(box.value)) byId('answer').replaceChildren();
        else showAnswer(box.value);
    });
    box.addEventListener('change', () => settle(box, box.value));
    box.addEventListener('keydown', (event) => {
        if (event.key === 'Enter') settle(box, box.value);
        if (event.key === 'Escape') settle(box, '');
    });
    for (const example of document.querySelectorAll('.example')) {
        example.addEventListener('click', () => settle(box, example.textContent));
    }
    // Browsers that restore the fields of a page restore nothing here.
    addEventListener('pagehide', () => settle(box, ''));
    box.value = '';
    byId('ask').hidden = false;
}

// The filters.

/** The texts to search in, which are collected when a filter is used first. */
function collect() {
    const words = (element) => element.textContent.toLowerCase();
    const cards = Array.from(document.querySelectorAll('.card'), (element) => {
        const rows = Array.from(element.querySelectorAll('tbody tr'), (row) => ({ element: row, text: words(row) }));
        const head = Array.from(element.querySelectorAll('.name, .title, .about, .relations'), words).join(' ');
        return { element, rows, head, badges: element.dataset.badges.split(' '), list: element.querySelector('details') };
    });
    const groups = Array.from(document.querySelectorAll('.group'), (element) => ({ element, cards: [] }));
    for (const card of cards) groups.find(({ element }) => element === card.element.parentElement).cards.push(card);
    const chunks = Array.from(document.querySelectorAll('.chunk'), (element) => ({
        element,
        rows: Array.from(element.querySelectorAll('tbody tr'), (row) => ({ element: row, text: words(row) })),
    }));
    return { cards, groups, chunks };
}

let collected = null;

function hide(element, isHidden) {
    if (element.hidden !== isHidden) element.hidden = isHidden;
}

/** Shows the rows that have all words, or all rows. Rows of a hidden table are left as they are. */
function showRows(container, rows, words) {
    const fits = rows.map(({ text }) => words.every((word) => text.includes(word)));
    hide(container, !fits.includes(true));
    if (!container.hidden) rows.forEach(({ element }, index) => hide(element, !fits[index]));
    return fits.filter(Boolean).length;
}

function applyFilter() {
    collected ??= collect();
    const words = byId('filter').value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = Array.from(document.querySelectorAll('.chip[aria-pressed="true"]'), (chip) => chip.dataset.badge);
    let count = 0;
    for (const card of collected.cards) {
        const isInHead = words.every((word) => card.head.includes(word));
        const hasBadges = wanted.every((badge) => card.badges.includes(badge));
        const fits = card.rows.map(({ text }) => isInHead || words.every((word) => text.includes(word) || card.head.includes(word)));
        card.isShown = hasBadges && (isInHead || fits.includes(true));
        hide(card.element, !card.isShown);
        if (!card.isShown) continue;
        count += 1;
        card.rows.forEach(({ element }, index) => hide(element, !fits[index]));
        if (words.length > 0 && !isInHead && card.list) card.list.open = true;
    }
    for (const { element, cards } of collected.groups) hide(element, !cards.some((card) => card.isShown));
    let rows = 0;
    for (const { element, rows: all } of collected.chunks) rows += showRows(element, all, words);
    const isFiltering = words.length > 0 || wanted.length > 0;
    const counted = (number, noun) => `${number} ${noun}${number === 1 ? '' : 's'}`;
    const found = words.length > 0 ? `${counted(count, 'scope')} and ${counted(rows, 'endpoint')} found` : `${counted(count, 'scope')} found`;
    byId('count').textContent = isFiltering ? found : '';
}

function startFilters() {
    byId('filter').addEventListener('input', applyFilter);
    byId('filter').addEventListener('keydown', (event) => {
        if (event.key !== 'Escape') return;
        byId('filter').value = '';
        applyFilter();
    });
    for (const chip of document.querySelectorAll('.chip')) {
        chip.addEventListener('click', () => {
            chip.setAttribute('aria-pressed', String(chip.getAttribute('aria-pressed') !== 'true'));
            applyFilter();
        });
    }
    byId('filter').value = '';
    byId('filters').hidden = false;
}

/** Shows the place that a link leads to, also if a filter hides it. */
function reveal() {
    const place = byId(location.hash.slice(1));
    if (!place) return;
    if (place.closest('[hidden]')) {
        byId('filter').value = '';
        for (const chip of document.querySelectorAll('.chip')) chip.setAttribute('aria-pressed', 'false');
        applyFilter();
        place.scrollIntoView();
    }
    const list = place.querySelector('details');
    if (list) list.open = true;
}

startBox();
startFilters();
addCopyButtons();
addEventListener('hashchange', reveal);
addEventListener('beforeprint', () => {
    for (const list of document.querySelectorAll('details')) list.open = true;
});
reveal();
