//! The HTML is one closed file whose texts stay texts. What a browser does with it is tested by
//! `.ci/web/page`.

use std::collections::BTreeSet;
use std::time::Instant;

use scopes_core::UntypedCatalogue;
use scopes_core::declaration::Declaration;
use scopes_export::page::{Page, content_security_policy};

use crate::catalogues::{dashboard, folder, full, hostile, large, odd};
use crate::matcher::data;

/// The tags that the page may have, and their attributes.
const TAGS: [&str; 43] = [
    "a", "article", "b", "body", "button", "caption", "code", "dd", "details", "div", "dl", "dt", "h1", "h2", "h3",
    "h4", "head", "header", "html", "i", "input", "label", "li", "link", "main", "meta", "nav", "p", "script",
    "section", "span", "style", "summary", "table", "tbody", "td", "th", "thead", "title", "tr", "ul", "wbr",
    "!doctype",
];
const ATTRIBUTES: [&str; 31] = [
    "aria-describedby",
    "aria-label",
    "aria-labelledby",
    "aria-live",
    "aria-pressed",
    "autocapitalize",
    "autocomplete",
    "autocorrect",
    "charset",
    "class",
    "content",
    "data-badge",
    "data-badges",
    "enterkeyhint",
    "for",
    "hidden",
    "href",
    "html",
    "http-equiv",
    "id",
    "lang",
    "name",
    "open",
    "placeholder",
    "rel",
    "role",
    "scope",
    "spellcheck",
    "tabindex",
    "translate",
    "type",
];

/// A tag with its attributes, which this writer always quotes with `"`.
struct Element<'h> {
    tag: &'h str,
    attributes: Vec<(&'h str, &'h str)>,
}

/// Reads the tags of a page, without the contents of script and style.
fn elements(html: &str) -> Vec<Element<'_>> {
    let mut elements = Vec::new();
    let mut rest = html;
    while let Some((_, after)) = rest.split_once('<') {
        let (inside, next) = after.split_once('>').unwrap();
        let (tag, mut left) = inside.split_once(' ').unwrap_or((inside, ""));
        let mut attributes = Vec::new();
        while !left.trim().is_empty() {
            let end = left.find([' ', '=']).unwrap_or(left.len());
            let (name, value) = left.split_at(end);
            if let Some(quoted) = value.strip_prefix("=\"") {
                let (value, others) = quoted.split_once('"').unwrap();
                attributes.push((name, value));
                left = others.trim_start();
            } else {
                attributes.push((name, ""));
                left = value.trim_start();
            }
        }
        elements.push(Element { tag, attributes });
        rest = match tag {
            "script" | "style" => next.split_once(&format!("</{tag}>")).unwrap().1,
            _ => next,
        };
    }
    elements
}

fn assert_closed(name: &str, catalogue: &UntypedCatalogue) {
    let html = Page::new(catalogue).html();
    std::fs::write(folder().join(format!("{name}.html")), &html).unwrap();
    let elements = elements(&html);
    let count = |tag: &str| elements.iter().filter(|element| element.tag == tag).count();
    assert_eq!((count("script"), count("style")), (2, 1), "{name}: the data, one script, one style");
    let mut ids = BTreeSet::new();
    let mut links = BTreeSet::new();
    for element in &elements {
        let tag = element.tag.trim_start_matches('/');
        assert!(TAGS.contains(&tag), "{name}: <{tag}>");
        for (attribute, value) in &element.attributes {
            assert!(ATTRIBUTES.contains(attribute), "{name}: <{tag} {attribute}>");
            match *attribute {
                "id" => {
                    let is_closed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/:%".contains(&byte);
                    assert!(value.bytes().all(is_closed), "{name}: {value}");
                    assert!(ids.insert(*value), "{name}: {value} is there twice");
                }
                "href" => {
                    links.insert(value.strip_prefix('#').unwrap_or_else(|| panic!("{name}: {value}")));
                }
                _ => {}
            }
        }
    }
    for link in links {
        assert!(ids.contains(link), "{name}: no place for #{link}");
    }
    for scope in catalogue.scopes() {
        assert!(ids.contains(scope.anchor().id()), "{name}: {scope}");
    }
    for route in catalogue.routes() {
        assert!(ids.contains(route.anchor().id()), "{name}: {route}");
    }
    assert!(
        html.chars().all(|character| character == '\n' || !scopes_export::shown::is_invisible(character)),
        "{name}"
    );
    // The data cannot end its element.
    let (_, json) = html.split_once("id=\"catalogue\">").unwrap();
    assert!(!json.split_once("</script>").unwrap().0.contains('<'), "{name}");
    assert_eq!(data(&html)["routes"].as_array().unwrap().len(), catalogue.routes().len());
    let policy = html.split_once("Content-Security-Policy\" content=\"").unwrap().1.split_once('"').unwrap().0;
    assert_eq!(format!("{}; frame-ancestors 'none'", policy.replace("&#39;", "'")), content_security_policy());
}

#[test]
fn pages_are_closed() {
    let empty = UntypedCatalogue::from_declaration(&Declaration::new("empty")).unwrap();
    for (name, catalogue) in
        [("dashboard", dashboard()), ("full", full()), ("odd", odd()), ("hostile", hostile()), ("empty", empty)]
    {
        assert_closed(name, &catalogue);
    }
}

#[test]
fn texts_of_the_catalogue_are_in_the_html() {
    let catalogue = dashboard();
    let html = Page::new(&catalogue).html();
    let (visible, _) = html.split_once("<script").unwrap();
    for scope in catalogue.scopes() {
        assert!(visible.contains(scope.name()), "{scope}");
        assert!(visible.contains(&scope.description().replace('\'', "&#39;")), "{scope}");
    }
    for route in catalogue.routes() {
        assert!(visible.contains(&route.description().replace('\'', "&#39;")), "{route}");
    }
    // What needs the script is hidden without it.
    for hidden in ["<section class=\"ask\" id=\"ask\" hidden>", "aria-label=\"Filter\" hidden>"] {
        assert!(visible.contains(hidden), "{hidden}");
    }
}

#[test]
fn a_page_of_128_routes_is_small() {
    let size = Page::new(&dashboard()).html().len();
    println!("dashboard: {size} bytes");
    assert!(size < 300_000, "{size} bytes");
}

#[test]
fn a_page_of_10_000_routes_is_usable() {
    let catalogue = large(10_000);
    let began = Instant::now();
    let html = Page::new(&catalogue).html();
    println!("10,000 routes: {} bytes in {} ms", html.len(), began.elapsed().as_millis());
    std::fs::write(folder().join("large.html"), &html).unwrap();
    assert!(html.len() < 12_000_000, "{} bytes", html.len());
    assert!(html.contains("<body class=\"large\">") && !html.contains("<details open>"));
}

#[test]
fn the_scripts_write_texts_only() {
    let html = Page::new(&dashboard()).html();
    let (_, script) = html.rsplit_once("<script>").unwrap();
    for forbidden in [
        "innerHTML",
        "outerHTML",
        "insertAdjacent",
        "document.write",
        "eval(",
        "Function(",
        "import(",
        "setAttribute('on",
        "fetch(",
        "XMLHttpRequest",
        "sendBeacon",
        "WebSocket",
        "localStorage",
        "sessionStorage",
        "indexedDB",
        "cookie =",
        "pushState",
        "replaceState",
        "location.hash =",
        "location.href",
        "console.",
        "postMessage",
        "window.name",
    ] {
        assert!(!script.contains(forbidden), "{forbidden}");
    }
}
