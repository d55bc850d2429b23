//! The catalogue in OpenAPI documents.
//!
//! [`Document`] writes a document of a catalogue's routes: paths, operations, `security`, the
//! answers that the guard can give, and the member `x-scopes` with everything that OpenAPI cannot
//! say. So the document can be read back without a loss. [`Document::merge_into`] changes a
//! document that exists.
//!
//! | the catalogue has | the document has |
//! |---|---|
//! | alternatives of scopes | `security` as OR of ANDs, in bearer form or with `oauth2` flows |
//! | `authenticated` | `security` with the scheme and no scopes |
//! | `public`, `external` | `security: []`, and the reason in `x-scopes` |
//! | a tenant, `global`, `unbound`, a catch-all, `includes` | `x-scopes` |
//! | a deprecated route | `deprecated`, and the headers `Deprecation` and `Sunset` of its answers |
//! | a guard | the answers 400, 401, 403, 404, 414, 500 and 503, with their headers and bodies |
//!
//! [`read`] makes a catalogue of any OpenAPI document, and says what it could not take over.

mod depth;
#[cfg(any(feature = "aide", feature = "utoipa"))]
mod hooks;
mod merge;
mod ours;
pub mod read;
mod write;

pub use merge::{Conflict, MergeError, Merged};
pub use write::{Document, Errors, Scheme, UnknownVersion, Unsaid, Version, Written};

/// The member of documents and operations that holds what OpenAPI cannot say.
pub const EXTENSION: &str = "x-scopes";

/// The beginning of the part of a description that [`Document::show_scopes`] writes.
pub const BLOCK_BEGIN: &str = "<!-- scopes:begin -->";

/// The end of the part of a description that [`Document::show_scopes`] writes.
pub const BLOCK_END: &str = "<!-- scopes:end -->";

/// A description without the part that [`Document::show_scopes`] has written, and without the blank
/// line before that part.
///
/// ```
/// use scopes_export::openapi::without_block;
///
/// let shown = "Lists users.\n\n<!-- scopes:begin -->\n**Required scopes**: `users.read`\n<!-- scopes:end -->";
/// assert_eq!(without_block(shown), "Lists users.");
/// assert_eq!(without_block("Lists users."), "Lists users.");
/// ```
#[must_use]
pub fn without_block(description: &str) -> String {
    let Some((before, after)) = block_of(description) else { return description.to_owned() };
    let text = before.strip_suffix("\n\n").or_else(|| before.strip_suffix('\n')).unwrap_or(before);
    // White space after the block is the end of the text before it.
    if after.trim_start().is_empty() {
        return format!("{text}{after}");
    }
    let after = after.strip_prefix('\n').unwrap_or(after);
    if text.is_empty() { after.to_owned() } else { format!("{text}\n{after}") }
}

/// The texts before and after the block, if there is one.
fn block_of(description: &str) -> Option<(&str, &str)> {
    let begin = description.rfind(BLOCK_BEGIN)?;
    let (before, block) = (description.get(..begin)?, description.get(begin..)?);
    let end = block.find(BLOCK_END)? + BLOCK_END.len();
    Some((before, block.get(end..)?))
}

/// A description with this block in the place of an older one, or after its last word. White space
/// at its end stays at its end, so that [`without_block`] gives the description itself.
pub(crate) fn with_block(description: &str, block: &str) -> String {
    let bare = without_block(description);
    let (text, end) = bare.split_at(bare.trim_end().len());
    let blank = if text.is_empty() { "" } else { "\n\n" };
    format!("{text}{blank}{BLOCK_BEGIN}\n{block}\n{BLOCK_END}{end}")
}
