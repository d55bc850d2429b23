//! A card for each scope.

use scopes_core::{Deprecation, Route, ScopeId};

use super::super::source::{Source, summary, visible_spans};
use super::super::words::{badges, counted, group_name, schedule};
use super::super::writer::{Html, link, scope_link};
use crate::reference::{ScopeFacts, list, tenancy};

/// Writes the groups with their cards.
pub(super) fn cards(page: &Source<'_>, are_open: bool, html: &mut Html) {
    let groups = page.reference.groups();
    for (index, group) in groups.iter().enumerate() {
        html.raw("<section class=\"group\" id=\"group-").number(index).raw("\">\n");
        // Without a heading of the group, the headings of the cards are one level higher.
        let has_heading = groups.len() > 1 || !group.name().is_empty();
        if has_heading {
            html.element("<h3>", group_name(group.name()), "</h3>\n");
        }
        for facts in group.scopes().filter_map(|id| page.reference.scope(id)) {
            card(page, facts, if has_heading { "h4" } else { "h3" }, are_open, html);
        }
        html.raw("</section>\n");
    }
}

fn card(page: &Source<'_>, facts: &ScopeFacts<'_>, heading: &str, is_open: bool, html: &mut Html) {
    let scope = facts.scope();
    let anchor = scope.anchor();
    html.raw("<article class=\"card\" id=\"").raw(anchor.id()).raw("\" data-badges=\"");
    for badge in badges(facts) {
        html.raw(badge.class).raw(" ");
    }
    html.raw("\">\n<header>\n<").raw(heading).raw(" class=\"name\">").raw(&link(&anchor)).name(scope.name());
    html.raw("</a></").raw(heading).raw(">\n<ul class=\"badges\">");
    for badge in badges(facts) {
        html.raw("<li class=\"badge ").raw(badge.class).raw("\">").text(badge.label).raw("</li>");
    }
    html.raw("</ul>\n</header>\n");
    if let Some(title) = scope.title() {
        html.raw("<p class=\"title\">").spans(&visible_spans(title)).raw("</p>\n");
    }
    let about = summary(scope.description());
    if !about.is_empty() {
        html.raw("<p class=\"about\">").spans(&about).raw("</p>\n");
    }
    if let Some(found) = scope.deprecation() {
        html.raw("<p class=\"warning\">");
        deprecation(found, html);
        html.raw("</p>\n");
    }
    relations(page, facts, html);
    routes(page, facts, is_open, html);
    html.raw("</article>\n");
}

/// Which scopes include this one and are included, and its earlier names.
fn relations(page: &Source<'_>, facts: &ScopeFacts<'_>, html: &mut Html) {
    let scope = facts.scope();
    let names = |ids: &mut dyn Iterator<Item = ScopeId>| {
        list(&ids.filter_map(|id| page.catalogue().scope(id)).map(scope_link).collect::<Vec<_>>())
    };
    let code = |name: &str| {
        let mut html = Html::default();
        html.element("<code>", name, "</code>");
        html.finish()
    };
    let rows = [
        ("Includes", names(&mut scope.members())),
        ("Included by", names(&mut facts.included_by())),
        ("Earlier names", list(&scope.old_names().map(code).collect::<Vec<_>>())),
    ];
    if rows.iter().all(|(_, value)| value.is_empty()) {
        return;
    }
    html.raw("<dl class=\"relations\">\n");
    for (name, value) in rows.iter().filter(|(_, value)| !value.is_empty()) {
        html.element("<div><dt>", name, "</dt><dd>").raw(value).raw("</dd></div>\n");
    }
    html.raw("</dl>\n");
}

fn routes(page: &Source<'_>, facts: &ScopeFacts<'_>, is_open: bool, html: &mut Html) {
    let routes = facts.routes();
    if routes.is_empty() {
        return;
    }
    html.raw(if is_open { "<details open>" } else { "<details>" });
    html.element("<summary>", &counted(routes.len(), "endpoint", "endpoints"), "</summary>\n");
    html.raw("<table class=\"routes\">\n<thead class=\"unseen\"><tr><th scope=\"col\">Method</th>");
    html.raw("<th scope=\"col\">Path</th><th scope=\"col\">Description</th></tr></thead>\n<tbody>\n");
    for route in routes {
        html.raw("<tr>");
        endpoint(*route, true, html);
        html.raw("<td>");
        about(*route, html);
        let beside = page.reference.beside(*route, facts.scope().id());
        for (word, names) in
            [("Also needs", beside.also_needs(scope_link)), ("Or instead", beside.or_instead(scope_link))]
        {
            if let Some(names) = names {
                html.element("<p class=\"need\"><b>", word, "</b> ").raw(&names).raw("</p>");
            }
        }
        remarks(*route, html);
        html.raw("</td></tr>\n");
    }
    html.raw("</tbody>\n</table>\n</details>\n");
}

/// The cells with the method and the path. The path in a card leads to the table of all endpoints.
pub(super) fn endpoint(route: Route<'_>, is_link: bool, html: &mut Html) {
    html.raw("<td><span class=\"method ").raw(method_class(route.method())).raw("\">").text(route.method());
    html.raw("</span></td><td class=\"path\">");
    if is_link {
        html.raw(&link(&route.anchor()));
    }
    for (index, part) in route.path().split_inclusive(['{', '}']).enumerate() {
        // Every second part is the name of a parameter, with its closing brace.
        match part.strip_suffix('}').filter(|_| index % 2 == 1) {
            Some(name) => html.element("<i>{", name, "}</i>"),
            None => literal(part.strip_suffix('{').unwrap_or(part), html),
        };
    }
    html.raw(if is_link { "</a></td>" } else { "</td>" });
}

/// Literal text of a path, which may be broken before each slash.
fn literal<'h>(text: &str, html: &'h mut Html) -> &'h mut Html {
    for (index, part) in text.split('/').enumerate() {
        html.raw(if index == 0 { "" } else { "<wbr>/" }).text(part);
    }
    html
}

/// The colour of a method.
fn method_class(method: &str) -> &'static str {
    match method {
        "POST" => "post",
        "PUT" | "PATCH" => "put",
        "DELETE" => "delete",
        _ if crate::reference::is_safe(method) => "get",
        _ => "post",
    }
}

pub(super) fn about(route: Route<'_>, html: &mut Html) {
    let about = summary(route.description());
    if !about.is_empty() {
        html.raw("<p>").spans(&about).raw("</p>");
    }
}

/// What is unusual about a route.
pub(super) fn remarks(route: Route<'_>, html: &mut Html) {
    if let Some((word, why)) = tenancy(route) {
        let word = if word == "global" { "Global:" } else { "Unbound:" };
        html.element("<p class=\"remark\"><b>", word, "</b> ").spans(&visible_spans(why)).raw("</p>");
    }
    if let Some(found) = route.deprecation() {
        html.raw("<p class=\"remark old\">");
        deprecation(found, html);
        html.raw("</p>");
    }
}

fn deprecation(found: Deprecation<'_>, html: &mut Html) {
    let colon = if found.reason().is_empty() { "</b>" } else { ":</b> " };
    html.raw("<b>").raw(&schedule(found, scope_link)).raw(colon).spans(&visible_spans(found.reason()));
}
