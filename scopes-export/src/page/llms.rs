//! The index for language models, in the form of <https://llmstxt.org>.

use std::fmt::Write as _;

use super::markdown::human;
use super::source::{Source, summary, visible_spans};
use super::words::{badges, counts};

pub(super) fn llms_txt(page: &Source<'_>) -> String {
    let catalogue = page.catalogue();
    let address = page.markdown.as_deref().unwrap_or("permissions.md");
    let mut text = format!("# {}\n", human(&page.heading()));
    let purpose = human(&visible_spans(catalogue.description()));
    if !purpose.is_empty() {
        let _ = write!(text, "\n> {purpose}\n");
    }
    let _ = write!(
        text,
        "\n{}. Each scope below leads to its endpoints. Grant a token the scopes that it needs and no others. \
         The table of all endpoints says what each of them needs.\n\n## Scopes\n\n",
        counts(catalogue)
    );
    for facts in page.reference.scopes() {
        let scope = facts.scope();
        let name = human(&[scopes_core::markdown::Span::Text(scope.name().to_owned())]);
        let about = human(&summary(scope.description()));
        let colon = if about.is_empty() { "" } else { " " };
        let labels: Vec<String> = badges(facts).map(|badge| badge.label.to_lowercase()).collect();
        let _ = writeln!(text, "- [{name}]({address}{}):{colon}{about} ({})", scope.anchor(), labels.join(", "));
    }
    text
}
