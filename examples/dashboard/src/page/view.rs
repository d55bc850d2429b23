//! The frame of all pages, and the pages without tokens. `maud` escapes every text.

use maud::{DOCTYPE, Markup, html};

use super::TOKENS;
use super::session::Visitor;

/// The name of the field with the signed value of a form.
pub(super) const FIELD: &str = "once";

/// A whole page.
pub(super) fn page(title: &str, visitor: Option<(&Visitor, &str)>, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex";
                title { (title) " · Dashboard" }
                link rel="stylesheet" href="/dashboard/assets/page.css";
                script src="/dashboard/assets/scopes-picker.js" defer {}
                script src="/dashboard/assets/page.js" defer {}
            }
            body {
                a.skip href="#main" { "Skip to the content" }
                header {
                    div.bar {
                        a.brand href=(TOKENS) { "Dashboard" }
                        @if let Some((visitor, once)) = visitor { (who(visitor, once)) }
                    }
                }
                main #main tabindex="-1" { (body) }
            }
        }
    }
}

fn who(visitor: &Visitor, once: &str) -> Markup {
    html! {
        span.environment {
            (visitor.environment_name) " "
            span.kind.live[visitor.environment_kind == "live"] { (visitor.environment_kind) }
        }
        span.person { (visitor.person) }
        form method="post" action="/dashboard/sign-out" {
            (hidden(once))
            button.quiet { "Sign out" }
        }
    }
}

/// The field that protects a form.
pub(super) fn hidden(once: &str) -> Markup {
    html! { input type="hidden" name=(FIELD) value=(once) autocomplete="off"; }
}

/// The page that begins a session.
pub(super) fn sign_in(problem: Option<&str>) -> Markup {
    let body = html! {
        div.narrow {
            h1 { "Sign in" }
            p.lead { "The server prints a one-time code when it starts. Paste it here." }
            form.card method="post" action="/dashboard/sign-in" {
                @if let Some(problem) = problem {
                    p.problem role="alert" { (problem) }
                }
                label for="code" { "One-time code" }
                input #code.mono name="code" required autofocus maxlength="200" autocomplete="off" autocapitalize="none" spellcheck="false" placeholder="code_…";
                p.hint { "A code works once. The session ends after eight hours, or when you sign out." }
                button.primary { "Sign in" }
            }
        }
    };
    page("Sign in", None, &body)
}

/// A page with a message only.
pub(super) fn message(title: &str, text: &str) -> Markup {
    let body = html! {
        div.narrow {
            h1 { (title) }
            p.lead { (text) }
            p { a.button href=(TOKENS) { "Your tokens" } }
        }
    };
    page(title, None, &body)
}

/// A page that goes on to an address of this server by itself.
pub(super) fn arrive(target: &str) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta http-equiv="refresh" content=(format!("0; url={target}"));
                title { "Dashboard" }
                link rel="stylesheet" href="/dashboard/assets/page.css";
            }
            body { main { div.narrow { p { a.button href=(target) { "Go on to the dashboard" } } } } }
        }
    }
}
