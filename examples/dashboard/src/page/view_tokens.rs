//! The pages with tokens: the list, the form, and the text of a new token.

use jiff::Timestamp;
use maud::{Markup, html};
use scopes::ScopeInfo;
use scopes::export::picker::{Choice, LinkError, Picker};
use scopes::export::reference::{Level, Reference, ScopeFacts};
use scopes_store::{Made, Token, TokenPage};
use std::time::SystemTime;

use super::TOKENS;
use super::session::Visitor;
use super::view::{hidden, page};
use crate::catalogue::api;
use crate::wire::NOTE_LENGTH;

/// The lifetimes that the form offers, in days.
const LIFETIMES: [(u32, &str); 4] = [(7, "7 days"), (30, "30 days"), (90, "90 days"), (365, "1 year")];

/// What the form for a new token is filled in with.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) name: String,
    /// The lifetime; `None` for a token that does not expire.
    pub(super) days: Option<u32>,
    /// What a link chooses.
    pub(super) choice: Option<Choice>,
    /// What the person has chosen before.
    pub(super) chosen: Vec<String>,
    pub(super) refused: Option<LinkError>,
    pub(super) problem: Option<&'static str>,
}

impl Draft {
    fn has(&self, name: &str) -> bool {
        let chosen = self.choice.as_ref().map_or(&self.chosen[..], Choice::chosen);
        chosen.iter().any(|other| other == name)
    }
}

/// Why a token's text is shown.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shown {
    New,
    Rotated { keeps_old: bool },
}

/// The tokens of a person, and the number of the person's other sessions.
pub(super) fn list(
    visitor: &Visitor,
    tokens: &TokenPage<api::Scope>,
    message: Option<&str>,
    others: i64,
    once: &str,
) -> Markup {
    let body = html! {
        div.title {
            h1 { "API tokens" }
            a.button.primary href=(format!("{TOKENS}/new")) { "Create token" }
        }
        p.lead {
            "Tokens that you made for " strong { (visitor.environment_name) } ". Each of them does only what its "
            a href="/docs/permissions" { "permissions" } " allow."
        }
        @if let Some(message) = message { p.done role="status" { (message) } }
        @if tokens.tokens().is_empty() {
            div.empty.card {
                p { "You have no tokens here." }
                p.hint { "Create one for each system that calls the API, so that you can revoke it alone." }
            }
        } @else {
            ul.tokens {
                @for token in tokens.tokens() { (row(token, once)) }
            }
        }
        @if let Some(next) = tokens.next_cursor() {
            p { a.button href=(format!("{TOKENS}?after={next}")) { "More tokens" } }
        }
        @if others > 0 {
            form.others method="post" action="/dashboard/sign-out-others" {
                (hidden(once))
                p.hint {
                    "You are also signed in with " (others) @if others == 1 { " other browser." } @else { " other browsers." }
                }
                button.quiet { "Sign out there" }
            }
        }
    };
    page("API tokens", Some((visitor, once)), &body)
}

fn row(token: &Token<api::Scope>, once: &str) -> Markup {
    let id = token.id();
    let count = token.scope_names().count();
    html! {
        li.card.token {
            div.head {
                h2 { (token.name()) }
                span.mono.dim { "dyn_…" (token.checksum()) }
            }
            dl {
                div { dt { "Created" } dd { (time(Some(token.created_at()), "")) } }
                div { dt { "Last used" } dd { (time(token.last_used(), "never")) } }
                div { dt { "Expires" } dd { (time(token.expires_at(), "never")) } }
            }
            details {
                summary { (count) @if count == 1 { " permission" } @else { " permissions" } }
                ul.names { @for name in token.scope_names() { li { code { (name) } } } }
            }
            div.actions {
                button type="button" popovertarget=(format!("rotate-{id}")) { "Rotate" span.hidden { " " (token.name()) } }
                button type="button" popovertarget=(format!("revoke-{id}")) { "Revoke" span.hidden { " " (token.name()) } }
            }
            (dialog("rotate", token, once, &html! {
                p { "The token gets a new text. Its name, permissions and expiry stay." }
                label for=(format!("grace-{id}")) { "The old text still works for" }
                select id=(format!("grace-{id}")) name="grace" {
                    option value="none" { "no time" }
                    option value="hour" selected { "1 hour" }
                    option value="day" { "1 day" }
                    option value="week" { "7 days" }
                }
            }))
            (dialog("revoke", token, once, &html! {
                p {
                    "What uses this token stops working at once, and so do the tokens that were made with it. "
                    "This cannot be undone."
                }
            }))
        }
    }
}

/// What a person confirms before a token changes. Browsers that do not know popovers show it in its
/// place in the list.
fn dialog(what: &str, token: &Token<api::Scope>, once: &str, body: &Markup) -> Markup {
    let id = format!("{what}-{}", token.id());
    let (verb, class) = if what == "revoke" { ("Revoke", "danger") } else { ("Rotate", "primary") };
    html! {
        div id=(id) popover role="dialog" aria-labelledby=(format!("{id}-title")) {
            h2 id=(format!("{id}-title")) { (verb) " “" (token.name()) "”" }
            form method="post" action=(format!("{TOKENS}/{}/{what}", token.id())) {
                (hidden(once))
                (body)
                div.send {
                    button class=(class) { (verb) " token" }
                    button type="button" popovertarget=(id) popovertargetaction="hide" autofocus { "Cancel" }
                }
            }
        }
    }
}

/// The form for a new token.
pub(super) fn new(visitor: &Visitor, draft: &Draft, once: &str, picker: &Picker<'_>) -> Markup {
    let offered = LIFETIMES.iter().any(|(days, _)| Some(*days) == draft.days);
    let body = html! {
        p.back { a href=(TOKENS) { "API tokens" } }
        h1 { "Create a token" }
        @if let Some(problem) = draft.problem { p.problem role="alert" { (problem) } }
        form #new method="post" action=(TOKENS) {
            (hidden(once))
            section.card {
                label for="name" { "Name" }
                input #name name="name" value=(draft.name) required maxlength=(NOTE_LENGTH) autocomplete="off" placeholder="background-job service" aria-describedby="name-hint";
                p.hint #name-hint {
                    "Name it after the system that will use it, such as “Mycompany Admin”, “Ben's personal token” or “background-job service”."
                }
                label for="expires" { "Expires" }
                select #expires name="expires_in" {
                    @for (days, text) in LIFETIMES {
                        option value=(days) selected[Some(days) == draft.days] { "in " (text) }
                    }
                    @if let (Some(days), false) = (draft.days, offered) {
                        option value=(days) selected { "in " (days) " days" }
                    }
                    option value="never" selected[draft.days.is_none()] { "never" }
                }
            }
            section {
                h2 { "Permissions" }
                p.hint {
                    "Choose the least that the system needs. "
                    a href="/docs/permissions" target="_blank" rel="noopener" { "What each permission allows" }
                }
                scopes-picker name="scopes" src="/dashboard/developer/picker.json" link[draft.problem.is_none()] required {
                    (check_boxes(draft, picker))
                }
            }
            div.send {
                button.primary { "Create token" }
                a.button href=(TOKENS) { "Cancel" }
                p.hint { "The token acts in " strong { (visitor.environment_name) } " only." }
            }
        }
    };
    page("Create a token", Some((visitor, once)), &body)
}

/// What browsers without JavaScript show.
fn check_boxes(draft: &Draft, picker: &Picker<'_>) -> Markup {
    let reference = Reference::new(api::CATALOGUE.untyped());
    html! {
        @if let Some(refused) = draft.refused {
            p.note { "The link to this page chose nothing, because " (refused) "." }
        }
        @if let Some(choice) = &draft.choice { (banner(choice)) }
        @for group in reference.groups() {
            fieldset.card {
                legend { (if group.name().is_empty() { "other" } else { group.name() }) }
                @for facts in group.scopes().filter_map(|id| reference.scope(id)) {
                    (check_box(facts, draft, picker.may_give(facts.scope().name())))
                }
            }
        }
    }
}

fn check_box(facts: &ScopeFacts<'_>, draft: &Draft, may_give: bool) -> Markup {
    let scope: ScopeInfo<'_> = facts.scope();
    html! {
        label.check {
            input type="checkbox" name="scopes" value=(scope.name()) checked[draft.has(scope.name())] disabled[!may_give];
            span {
                code { (scope.name()) }
                @if facts.level() == Level::Write { span.tag { "write" } }
                @if facts.deletes() { span.tag.risk { "deletes" } }
                @if facts.issues_tokens() { span.tag.risk { "issues tokens" } }
                @if !may_give { span.tag { "not yours to give" } }
                span.text { (scope.description()) }
            }
        }
    }
}

fn banner(choice: &Choice) -> Markup {
    let names = |names: &[String]| names.iter().take(12).cloned().collect::<Vec<_>>().join(", ");
    let count = choice.chosen().len();
    html! {
        div.note {
            p {
                strong { "A link chose " (count) @if count == 1 { " permission" } @else { " permissions" } " here." }
                " Check that you want to give each of them."
            }
            @if !choice.held_back().is_empty() {
                p { "Choose these yourself, because they delete, issue tokens or are not yours to give: " (names(choice.held_back())) "." }
            }
            @if !choice.unknown().is_empty() {
                p { "This API does not have " (names(choice.unknown())) "." }
            }
        }
    }
}

/// The only page with the text of a token.
pub(super) fn made(visitor: &Visitor, made: &Made<api::Scope>, shown: Shown, once: &str) -> Markup {
    let (title, text) = match shown {
        Shown::New => ("Token created", ""),
        Shown::Rotated { keeps_old: true } => ("Token rotated", "The old text works for the time that you chose."),
        Shown::Rotated { keeps_old: false } => ("Token rotated", "The old text does not work any more."),
    };
    let token = made.token();
    let body = html! {
        h1 { (title) }
        section.card.made {
            p.warning {
                strong { "Make sure to copy the API token now." }
                " This is the last time you have access to its plaintext: the dashboard keeps only a digest of it, and cannot show it again. If you lose the token, you need to create a new one."
            }
            @if !text.is_empty() { p { (text) } }
            div.secret {
                output #token.mono tabindex="0" aria-label="The API token" { (made.secret().reveal()) }
                button.primary type="button" hidden data-copy="token" { "Copy" }
            }
            p.hint #copied role="status" { "Send it as " code { "Authorization: Bearer …" } }
            dl {
                div { dt { "Name" } dd { (token.name()) } }
                div { dt { "Environment" } dd { (visitor.environment_name) } }
                div { dt { "Expires" } dd { (time(token.expires_at(), "never")) } }
            }
            ul.names { @for name in token.scope_names() { li { code { (name) } } } }
        }
        p { a.button href=(TOKENS) { "I have copied it: back to the tokens" } }
    };
    page(title, Some((visitor, once)), &body)
}

/// A time for people, to the minute.
fn time(time: Option<SystemTime>, otherwise: &str) -> Markup {
    match time.and_then(|time| Timestamp::try_from(time).ok()) {
        Some(time) => {
            html! { time datetime=(time.strftime("%Y-%m-%dT%H:%M:%SZ")) { (time.strftime("%-d %b %Y, %H:%M UTC")) } }
        }
        None => html! { span.dim { (otherwise) } },
    }
}
