//! The page as one file of HTML.

mod cards;
mod endpoints;

use scopes_core::template::Template;
use scopes_core::{Access, Route};

use super::data::Data;
use super::policy;
use super::source::{Source, visible_spans};
use super::words::{BADGES, badges, counted, endpoints as sorted, group_name};
use super::writer::Html;

/// The number of routes up to which all lists of endpoints are open at the beginning.
const ALL_OPEN: usize = 400;

/// The number of scopes up to which the navigation names each of them.
const ALL_NAMED: usize = 60;

/// The number of examples below the box.
const MOST_EXAMPLES: usize = 3;

pub(super) fn html(page: &Source<'_>) -> String {
    let routes = sorted(page.catalogue());
    let mut html = Html::default();
    head(page, &mut html);
    html.raw(if routes.len() <= ALL_OPEN { "<body>\n" } else { "<body class=\"large\">\n" });
    html.raw("<a class=\"skip\" href=\"#main\">Skip to the content</a>\n");
    header(page, &mut html);
    html.raw("<div class=\"frame\">\n");
    navigation(page, &mut html);
    html.raw("<main id=\"main\" tabindex=\"-1\">\n");
    question(&routes, &mut html);
    html.raw("<section id=\"scopes\" aria-labelledby=\"scopes-heading\">\n<h2 id=\"scopes-heading\">Scopes</h2>\n");
    filters(page, &mut html);
    cards::cards(page, routes.len() <= ALL_OPEN, &mut html);
    html.raw("</section>\n");
    endpoints::endpoints(page, &routes, &mut html);
    legend(page, &mut html);
    html.raw("</main>\n</div>\n");
    html.raw("<script type=\"application/json\" id=\"catalogue\">");
    html.raw(&Data::of(&page.reference, &routes).script_json());
    html.raw("</script>\n<script>").raw(&policy::script()).raw("</script>\n</body>\n</html>\n");
    html.finish()
}

fn head(page: &Source<'_>, html: &mut Html) {
    html.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    html.element("<meta http-equiv=\"Content-Security-Policy\" content=\"", &policy::policy(), "\">\n");
    html.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    html.raw("<meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"color-scheme\" content=\"light dark\">\n");
    if let Some(markdown) = &page.markdown {
        html.element("<link rel=\"alternate\" type=\"text/markdown\" href=\"", markdown, "\">\n");
    }
    html.raw("<title>");
    for span in page.heading() {
        let (scopes_core::markdown::Span::Text(text) | scopes_core::markdown::Span::Code(text)) = span;
        html.text(&text);
    }
    html.raw("</title>\n<style>").raw(policy::STYLE).raw("</style>\n</head>\n");
}

fn header(page: &Source<'_>, html: &mut Html) {
    let catalogue = page.catalogue();
    html.raw("<header class=\"top\">\n<h1>").spans(&page.heading()).raw("</h1>\n");
    let purpose = visible_spans(catalogue.description());
    if !purpose.is_empty() {
        html.raw("<p class=\"lead\">").spans(&purpose).raw("</p>\n");
    }
    html.raw("<ul class=\"facts\">\n");
    let mut fact = |number: usize, one: &str, many: &str| {
        let text = counted(number, one, many);
        let (number, noun) = text.split_once(' ').unwrap_or((&text, ""));
        html.element("<li><b>", number, "</b> ").text(noun).raw("</li>\n");
    };
    fact(catalogue.scopes().len(), "scope", "scopes");
    fact(catalogue.routes().len(), "endpoint", "endpoints");
    if !catalogue.base().is_empty() {
        html.element("<li>below <code>", catalogue.base(), "</code></li>\n");
    }
    if let Some(tenant) = catalogue.tenant() {
        html.element("<li><code>", tenant, "</code> in a path names the tenant</li>\n");
    }
    if let Some(markdown) = &page.markdown {
        html.element("<li><a href=\"", markdown, "\">This page as Markdown</a></li>\n");
    }
    html.raw("</ul>\n</header>\n");
}

fn navigation(page: &Source<'_>, html: &mut Html) {
    let names_all = page.reference.scopes().len() <= ALL_NAMED;
    html.raw("<nav class=\"side\" aria-label=\"On this page\">\n<ul>\n");
    html.raw("<li><a href=\"#scopes\">Scopes</a>\n<ul>\n");
    for (index, group) in page.reference.groups().iter().enumerate() {
        let is_named = page.reference.groups().len() > 1 || !group.name().is_empty();
        if is_named {
            html.raw("<li><a href=\"#group-").number(index).raw("\">");
            html.text(group_name(group.name())).raw("</a>");
        }
        if names_all {
            html.raw(if is_named { "\n<ul>\n" } else { "" });
            for facts in group.scopes().filter_map(|id| page.reference.scope(id)) {
                let scope = facts.scope();
                let name = scope.name();
                // The heading of the group says how the name begins.
                let short = name.strip_prefix(group.name()).and_then(|rest| rest.strip_prefix('.')).unwrap_or(name);
                html.element("<li><a href=\"", &scope.anchor().to_string(), "\">");
                html.name(short);
                html.raw("</a></li>\n");
            }
            html.raw(if is_named { "</ul>\n" } else { "" });
        }
        html.raw(if is_named { "</li>\n" } else { "" });
    }
    html.raw("</ul>\n</li>\n<li><a href=\"#endpoints\">Endpoints</a></li>\n");
    html.raw("<li><a href=\"#legend\">What the badges mean</a></li>\n</ul>\n</nav>\n");
}

/// The box. The script shows it, because without the script it could not answer.
fn question(routes: &[Route<'_>], html: &mut Html) {
    html.raw("<section class=\"ask\" id=\"ask\" hidden>\n");
    html.raw("<h2><label for=\"request\">What do you want to call?</label></h2>\n");
    html.raw("<input type=\"text\" id=\"request\" spellcheck=\"false\" autocomplete=\"off\" autocapitalize=\"off\" ");
    html.raw("autocorrect=\"off\" translate=\"no\" enterkeyhint=\"search\" aria-describedby=\"request-help\" ");
    html.raw("placeholder=\"GET /users/7, or a whole curl command\">\n");
    html.raw("<p class=\"help\" id=\"request-help\">Nothing leaves this page. Of a curl command, only the method and ");
    html.raw("the path are kept.</p>\n");
    let examples = examples(routes);
    if !examples.is_empty() {
        html.raw("<p class=\"examples\"><span>Try</span>\n");
        for example in examples {
            html.element("<button type=\"button\" class=\"example\">", &example, "</button>\n");
        }
        html.raw("</p>\n");
    }
    html.raw("<div id=\"answer\" role=\"status\" aria-live=\"polite\"></div>\n</section>\n");
}

/// Requests of a few routes of different kinds.
fn examples(routes: &[Route<'_>]) -> Vec<String> {
    let is_scoped = |route: &&Route<'_>| route.access() == Access::Scoped && route.deprecation().is_none();
    let scoped = || routes.iter().filter(is_scoped);
    // A short one with a parameter, because it shows that a request has values there.
    let of = |method: &str| {
        let of_method = scoped().filter(|route| route.method() == method);
        of_method.min_by_key(|route| (route.parameters().len() == 0, route.path().len()))
    };
    let candidates = [of("GET"), of("DELETE"), of("POST"), of("PUT")];
    let example = |route: &Route<'_>| {
        let template = Template::parse(route.path()).ok()?;
        Some(format!("{} {}{}", route.method(), route.catalogue().base(), template.example(|_| "7".into())))
    };
    candidates.into_iter().flatten().filter_map(example).take(MOST_EXAMPLES).collect()
}

/// The filters, which the script shows. A filter that all scopes or no scopes pass is left out.
fn filters(page: &Source<'_>, html: &mut Html) {
    let scopes = page.reference.scopes();
    html.raw("<div class=\"filters\" id=\"filters\" role=\"search\" aria-label=\"Filter\" hidden>\n");
    html.raw("<input type=\"search\" id=\"filter\" aria-label=\"Filter scopes and endpoints\" ");
    html.raw("placeholder=\"Filter scopes and endpoints\" autocomplete=\"off\" spellcheck=\"false\">\n");
    html.raw("<div class=\"chips\" role=\"group\" aria-label=\"Only scopes with these properties\">\n");
    for badge in BADGES.into_iter().filter(|badge| !badge.filter.is_empty()) {
        let count = scopes.iter().filter(|facts| badges(facts).any(|found| found == badge)).count();
        if count > 0 && count < scopes.len() {
            html.raw("<button type=\"button\" class=\"chip\" aria-pressed=\"false\" data-badge=\"").raw(badge.class);
            html.element("\">", badge.filter, " <span>").number(count).raw("</span></button>\n");
        }
    }
    html.raw("</div>\n<p id=\"count\" role=\"status\" aria-live=\"polite\"></p>\n</div>\n");
}

/// What the badges mean, for those that occur.
fn legend(page: &Source<'_>, html: &mut Html) {
    html.raw("<section id=\"legend\" aria-labelledby=\"legend-heading\">\n");
    html.raw("<h2 id=\"legend-heading\">What the badges mean</h2>\n<p class=\"note\">They are derived from methods, ");
    html.raw("paths and names. The server does not read them.</p>\n<dl class=\"legend\">\n");
    for badge in BADGES {
        if page.reference.scopes().iter().any(|facts| badges(facts).any(|found| found == badge)) {
            html.raw("<div><dt><span class=\"badge ").raw(badge.class);
            html.element("\">", badge.label, "</span></dt>");
            html.element("<dd>", badge.meaning, "</dd></div>\n");
        }
    }
    html.raw("</dl>\n</section>\n");
}
