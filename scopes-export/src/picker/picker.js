// <scopes-picker name="scopes" src="picker.json" link required documentation="/permissions"> picks the
// scopes of a token, as a field of a form. Its children are check boxes for browsers without
// JavaScript. Texts of picker.json become text nodes only. From scopes-export, MIT OR Apache-2.0.
(() => {
  const style = new CSSStyleSheet();
  // `picker.css`. `.ci/web/element.mjs` puts it in this place.
  style.replaceSync(STYLE);

  const make = (tag, properties, ...children) => {
    const element = document.createElement(tag);
    for (const key in properties) {
      if (key in element) element[key] = properties[key];
      else element.setAttribute(key, properties[key]);
    }
    element.append(...children.flat(9).filter((child) => child));
    return element;
  };
  const div = (className, ...children) => make("div", { className }, children);
  const span = (className, ...children) => make("span", { className }, children);
  const p = (...children) => make("p", {}, children);
  const li = (className, ...children) => make("li", { className }, children);
  const code = (text) => make("code", {}, text);
  const joined = (items, word) => items.map((item, i) => [i > 0 && word, item]);
  const names = (items) => joined(items.slice(0, 12).map(code), ", ").concat(items.length > 12 && `, and ${items.length - 12} more`);
  const count = (n, noun) => `${n} ${noun}${n === 1 ? "" : "s"}`;

  // What a link asks for: ?scopes=a+b&preset=read-only. Names are exact, and a link that is refused
  // asks for nothing. What deletes or issues tokens is named and not chosen.
  const readLink = (query, { presets }, scopes) => {
    const fields = new URLSearchParams(query), all = ["name", "scopes", "preset", "expires_in"].map((key) => fields.getAll(key));
    const [[name = ""], [asked = ""], [id], [days = "1"]] = all, wanted = new Set(asked.split(" ").filter((name) => name));
    const link = { chosen: [], held: [], unknown: [], refused: [
      [all.flat().length && new TextEncoder().encode(query).length > 4096, "it is too long"],
      [all.some((values) => values.length > 1), "it names a field twice"],
      [wanted.size > 200, "it has too many names"],
      [[...name].length > 100 || /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(name), "its name is not a name"],
      [!/^\d+$/.test(days) || days < 1 || days > 3660, "its lifetime is not a number of days"],
    ].find(([is]) => is)?.[1] };
    if (!link.refused && !wanted.size && id === undefined) return null;
    if (link.refused) return link;
    const preset = presets.find((preset) => preset.preset === id);
    if (id !== undefined && !preset) link.unknown.push(id);
    for (const name of preset?.scopes ?? []) wanted.add(name);
    for (const name of wanted) {
      const scope = scopes.get(name);
      (!scope ? link.unknown : scope.deletes || scope.issues_tokens || scope.may_give === false ? link.held : link.chosen).push(name);
    }
    return link;
  };

  // Finds what the catalogue finds, in picker.json.
  const finder = ({ base, routes }) => {
    const catalogue = { base, methods: routes.map((route) => route.method), routes: routes.map((route, i) => [i, route.path.slice(base.length), 0, 0, route.raw]) };
    return (method, target) => find(catalogue, method, target);
  };

  // The page to whose anchors the scopes link, or nothing.
  const pageOf = (address) => {
    if (!address) return;
    const page = URL.canParse(address, document.baseURI) && new URL(address, document.baseURI);
    if (/^https?:$/.test(page.protocol)) return page;
    console.error("scopes-picker: documentation is not a link");
  };

  const banner = ({ refused, chosen, held, unknown }) => make("div", { className: "box note", role: "note" },
    refused ? p(`The link to this page chose nothing, because ${refused}.`) : chosen.length ? p(make("strong", {}, `A link chose ${count(chosen.length, "permission")} here.`), " Check that you want to give each of them.") : p("The link to this page chose nothing."),
    held.length > 0 && p("Choose these yourself, because they delete, issue tokens or are not yours to give: ", names(held), "."),
    unknown.length > 0 && p("This API does not have ", names(unknown), "."));

  const build = (host, internals, data) => {
    const scopes = new Map(data.groups.flatMap((group) => group.scopes).map((scope) => [scope.scope, scope]));
    const endpoint = finder(data), page = pageOf(host.getAttribute("documentation") ?? data.documentation);
    const mayGive = (name) => scopes.has(name) && scopes.get(name).may_give !== false;
    const field = host.getAttribute("name") ?? "scopes", fallback = [...host.querySelectorAll("input[type=checkbox]")].filter((box) => box.name === field);
    const link = host.hasAttribute("link") ? readLink(location.search.slice(1), data, scopes) : null;
    const first = link ? link.chosen : fallback.filter((box) => box.checked).map((box) => box.value);
    let chosen = new Set(first.filter(mayGive)), disabled = false;

    const words = (scope) => (scope.words ??= [scope.scope, scope.title, scope.text, scope.routes.map((i) => data.routes[i]).map(({ method, path, text }) => [method, path, text])].flat(9).join(" ").toLowerCase());
    // The chosen scopes with all that they include.
    const held = () => new Set([...chosen].flatMap((name) => [name, ...scopes.get(name).includes]));
    const choose = (change) => {
      change();
      show();
      for (const type of ["input", "change"]) host.dispatchEvent(new Event(type, { bubbles: true }));
    };
    const choice = (box, list) => box.addEventListener("change", () => choose(() => list().forEach((name) => chosen[box.checked ? "add" : "delete"](name))));
    const button = (text, list) => {
      const element = make("button", { type: "button" }, text);
      element.addEventListener("click", () => choose(() => { chosen = new Set(list.filter(mayGive)); }));
      return element;
    };

    const rowOf = (scope, id) => {
      const box = make("input", { type: "checkbox", id, "aria-describedby": `${id}d` }), state = span("dim");
      const tag = (shown, text, risk) => shown && span(risk ? "tag risk" : "tag dim", text);
      const also = (all) => all.length > 1 && all.includes(scope.scope) && [" with ", names(all.filter((name) => name !== scope.scope))];
      const details = scope.routes.length > 0 && make("details", {}, make("summary", {}, count(scope.routes.length, "endpoint")));
      // Made when the user looks at them, because there may be thousands.
      details && details.addEventListener("toggle", () => details.append(make("ul", { className: "routes" }, scope.routes.map((i) => data.routes[i]).map((route) => li("", code(`${route.method} ${route.path}`), route.any_of.map(also))))), { once: true });
      const element = div(mayGive(scope.scope) ? "row" : "row off", box, div("",
        div("name", make("label", { htmlFor: id }, scope.title && make("strong", {}, scope.title, " "), code(scope.scope)),
          tag(scope.access !== "unknown", scope.access === "read-by-name" ? "read, and more" : scope.access), tag(scope.deletes, "deletes", true), tag(scope.issues_tokens, "issues tokens", true), tag(scope.global || scope.unbound, "not tenant-bound"), tag(scope.deprecated, "deprecated", true), state),
        make("p", { className: "dim", id: `${id}d` }, scope.text, scope.deprecated?.use && [" Use ", code(scope.deprecated.use), " instead."]), details),
        page && make("a", { href: new URL(scope.anchor, page), target: "_blank", "aria-label": `Docs of ${scope.scope}` }, "Docs"));
      choice(box, () => [scope.scope]);
      return { scope, box, element, state };
    };
    const groups = data.groups.map((group, i) => {
      const box = make("input", { type: "checkbox", id: `g${i}` }), counted = span("dim");
      const rows = group.scopes.map((scope, j) => rowOf(scope, `s${i}-${j}`)), shown = () => rows.filter((row) => !row.element.hidden);
      choice(box, () => shown().filter((row) => !row.box.disabled).map((row) => row.scope.scope));
      const head = div("row head", box, make("label", { htmlFor: `g${i}`, id: `t${i}` }, group.title), counted);
      return { element: make("div", { role: "group", "aria-labelledby": `t${i}` }, head, rows.map((row) => row.element)), box, counted, rows, shown };
    });
    const search = make("input", { type: "search", autocomplete: "off", placeholder: "Search: users, delete, or GET /path", "aria-label": "Search by name, words or METHOD /path" });
    const presets = data.presets.map((preset) => ({ ...preset, button: button(preset.title, preset.scopes) }));
    const hit = make("div", { className: "box hit", role: "status" }), none = div("row dim", "No permission fits.");
    const line = make("strong", { role: "status" }), list = div("");

    // Which scopes the search shows.
    const filter = (asked) => {
      const [, method, url] = /^([!#$%&\x27*+.^_\x60|~\w-]+)\s+((?:\/|[a-z][a-z0-9+.-]*:\/\/)\S*)/i.exec(asked) ?? [];
      hit.hidden = !url;
      if (!url) return (scope) => asked.toLowerCase().split(/\s+/).every((word) => words(scope).includes(word));
      const target = targetOf(url), found = [target, data.base + target].map((target) => endpoint(method.toUpperCase(), target));
      const route = data.routes[found.find((one) => one.id >= 0)?.id], missed = found.find((one) => one.allowed) ?? found[0];
      const wanted = route?.any_of.flat() ?? [];
      hit.replaceChildren(route ? p(code(`${route.method} ${route.path}`), " ", route.text) : p(missed.allowed ? `This path has only ${missed.allowed.join(", ")}.` : missed.notFound ? "This API has no such endpoint." : "The server refuses this path."),
        route ? p(wanted.length ? ["It needs ", joined(route.any_of.map((all) => joined(all.map(code), " and ")), ", or "), "."] : "A token needs no permission for it.") : "");
      return (scope) => [scope.scope, ...scope.includes].some((name) => wanted.includes(name));
    };
    const show = () => {
      const has = held(), fits = filter(search.value.trim());
      for (const { element, box, counted, rows, shown } of groups) {
        for (const { scope, box, element, state } of rows) {
          const implied = has.has(scope.scope) && !chosen.has(scope.scope);
          element.hidden = !fits(scope);
          box.checked = has.has(scope.scope);
          box.disabled = disabled || implied || !mayGive(scope.scope);
          state.textContent = implied ? "included in another" : mayGive(scope.scope) ? "" : "not yours to give";
        }
        const all = shown(), on = all.filter((row) => row.box.checked).length;
        element.hidden = !all.length;
        box.checked = on > 0 && all.every((row) => row.box.checked || row.box.disabled);
        box.indeterminate = on > 0 && !box.checked;
        box.disabled = all.every((row) => row.box.disabled);
        counted.textContent = `${on} of ${all.length}`;
      }
      none.hidden = groups.some((group) => !group.element.hidden);
      for (const preset of presets) preset.button.setAttribute("aria-pressed", chosen.size > 0 && String(preset.scopes.filter(mayGive).sort()) === String([...chosen].sort()));
      const can = [...chosen].map((name) => scopes.get(name)), opened = data.routes.filter((route) => route.any_of.some((all) => all.every((name) => has.has(name))));
      const risk = (is, text) => can.some(is) && li("risk", text);
      line.textContent = can.length ? `This token can call ${opened.length} of ${count(data.routes.filter((route) => route.any_of.length).length, "endpoint")}:` : "This token can do nothing yet.";
      list.replaceChildren(make("ul", {}, can.slice(0, 12).map((scope) => li("", scope.text || scope.title || scope.scope)), can.length > 12 && li("", `and ${can.length - 12} more`),
        risk((scope) => scope.deletes, "It can delete."), risk((scope) => scope.issues_tokens, "It can issue other tokens.")));
      const value = new FormData();
      for (const name of chosen) value.append(field, name);
      internals.setFormValue(value);
      internals.setValidity({ valueMissing: host.hasAttribute("required") && !chosen.size }, "Choose a permission.", search);
    };

    // From here on the element is the field, and not the check boxes in it.
    for (const box of fallback) box.disabled = true;
    search.addEventListener("input", show);
    // Arrow keys go from box to box, Escape clears the search, Enter does not send the form.
    const onkeydown = (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key], boxes = [search, ...root.querySelectorAll("[type=checkbox]:enabled")].filter((box) => box.offsetParent);
      if (event.key === "Escape") search.value = "", show();
      if (event.key === "Enter" && event.target === search || step && boxes.includes(event.target)) event.preventDefault(), boxes[boxes.indexOf(event.target) + step]?.focus();
    };
    const root = host.shadowRoot ?? host.attachShadow({ mode: "open", delegatesFocus: true });
    root.adoptedStyleSheets = [style];
    root.replaceChildren(make("div", { onkeydown }, link ? banner(link) : "", search, make("div", { className: "bar" }, span("dim", "Start with"), presets.map((preset) => preset.button), button("Nothing", [])),
      hit, div("box groups", groups.map((group) => group.element), none), div("box sum", line, list)));
    show();
    return { first, get: () => [...chosen], set: (list) => { chosen = new Set([...list].filter(mayGive)); show(); }, disable: (is) => { disabled = is; show(); } };
  };

  customElements.define("scopes-picker", class extends HTMLElement {
    static formAssociated = true;
    #internals = this.attachInternals();
    #picker;
    connectedCallback() {
      if (document.readyState === "loading") addEventListener("DOMContentLoaded", () => this.#load());
      else this.#load();
    }
    async #load() {
      try {
        const answer = this.getAttribute("src") && await fetch(this.getAttribute("src"));
        if (answer) this.data = await answer.json();
      } catch (error) {
        // The check boxes still work.
        console.error("scopes-picker:", error);
      }
    }
    // The contents of picker.json.
    set data(data) {
      if (data.version !== 1) throw new TypeError("not version 1 of picker.json");
      this.#picker = build(this, this.#internals, data);
    }
    // The names of the chosen scopes.
    get value() { return this.#picker?.get() ?? []; }
    set value(names) { this.#picker?.set(names); }
    formResetCallback() { this.#picker?.set(this.#picker.first); }
    formDisabledCallback(is) { this.#picker?.disable(is); }
    formStateRestoreCallback(state) { if (state instanceof FormData) this.#picker?.set([...state.values()]); }
  });
})();
