//! The table from endpoints to scopes.

use scopes_core::Route;

use super::super::source::{Source, visible_spans};
use super::super::words::open_to;
use super::super::writer::{Html, scope_link};
use super::cards;

/// The number of rows of one table. Browsers lay out only the tables that can be seen.
const ROWS: usize = 100;

/// Writes all endpoints. Links to a route lead here.
pub(super) fn endpoints(page: &Source<'_>, routes: &[Route<'_>], html: &mut Html) {
    html.raw("<section id=\"endpoints\" aria-labelledby=\"endpoints-heading\">\n");
    html.raw(
        "<h2 id=\"endpoints-heading\">Endpoints</h2>\n<p class=\"note\">Each endpoint with the scopes that it needs",
    );
    html.raw(". Where several ways are named, the first gives a token the least power.</p>\n");
    let is_one = routes.len() <= 2 * ROWS;
    let size = if is_one { routes.len().max(1) } else { ROWS };
    for (index, part) in routes.chunks(size).enumerate() {
        html.raw("<div class=\"chunk\"><table class=\"endpoints\">\n");
        html.raw("<caption class=\"unseen\">Endpoints");
        if !is_one {
            html.raw(" from ").number(index * size + 1).raw(" to ").number(index * size + part.len());
        }
        html.raw("</caption>\n<thead><tr><th scope=\"col\">Method</th><th scope=\"col\">Path</th>");
        html.raw("<th scope=\"col\">Needs</th></tr></thead>\n<tbody>\n");
        for route in part {
            row(page, *route, html);
        }
        html.raw("</tbody>\n</table></div>\n");
    }
    html.raw("</section>\n");
}

fn row(page: &Source<'_>, route: Route<'_>, html: &mut Html) {
    html.raw("<tr id=\"").raw(route.anchor().id()).raw("\">");
    cards::endpoint(route, false, html);
    html.raw("<td>");
    match open_to(route.access()) {
        None => {
            let needs = page.reference.phrase(route, scope_link);
            html.raw("<p class=\"needs\">").raw(&needs).raw("</p>");
        }
        Some((class, who, why)) => {
            html.raw("<p class=\"needs open ").raw(class).raw("\"><b>").text(who).raw(":</b> ");
            html.spans(&visible_spans(why)).raw("</p>");
        }
    }
    cards::about(route, html);
    cards::remarks(route, html);
    html.raw("</td></tr>\n");
}
