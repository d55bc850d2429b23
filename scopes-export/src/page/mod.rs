//! The permission reference of a catalogue as a page: Markdown, HTML and `llms.txt`.
//!
//! The HTML is one file without external parts. It has a card for each scope, a table of all
//! endpoints, and a box that answers which scope a request needs. Without JavaScript, everything
//! but the box and the filters can be read.
//!
//! The anchors are those of [`Anchor`](scopes_core::Anchor), so links in answers find their places.
//!
//! Names and texts of a catalogue may come from anywhere. They are shown as text on each page: they
//! make no links, no mentions and no HTML, and characters that cannot be seen are escaped.

mod data;
mod html;
mod llms;
mod markdown;
mod policy;
mod source;
mod words;
mod writer;

use scopes_core::UntypedCatalogue;

use self::source::Source;
#[doc(hidden)]
pub use self::source::is_address;

/// Writes the pages of one catalogue.
///
/// ```
/// use scopes_core::{UntypedCatalogue, declaration::Declaration};
/// use scopes_export::page::Page;
///
/// let mut declaration = Declaration::new("api");
/// declaration.scope("users.read").route("GET", "/users/{id}");
/// let catalogue = UntypedCatalogue::from_declaration(&declaration)?;
///
/// let page = Page::new(&catalogue).title("Permissions of the example");
/// assert!(page.html().contains("<article class=\"card\" id=\"scope-users.read\""));
/// assert!(page.markdown().contains("| `GET` `/users/{id}` |"));
/// # Ok::<(), scopes_core::CatalogueErrors>(())
/// ```
#[derive(Debug)]
pub struct Page<'c> {
    source: Source<'c>,
}

impl<'c> Page<'c> {
    /// Collects what the pages of a catalogue show.
    #[must_use]
    pub fn new(catalogue: &'c UntypedCatalogue) -> Self {
        Self { source: Source::new(catalogue) }
    }

    /// Sets the heading of the pages; by default it has the catalogue's name.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # use scopes_export::page::Page;
    /// # let catalogue = UntypedCatalogue::from_declaration(&Declaration::new("api"))?;
    /// assert!(Page::new(&catalogue).markdown().starts_with("# Permissions of `api`\n"));
    /// assert!(Page::new(&catalogue).title("Shop API").markdown().starts_with("# Shop API\n"));
    /// # Ok::<(), scopes_core::CatalogueErrors>(())
    /// ```
    #[must_use]
    pub fn title(mut self, title: &str) -> Self {
        self.source.title = Some(title.to_owned());
        self
    }

    /// Says where the Markdown is, so that the other pages link to it: a file in the same folder or
    /// below, or an `https:` address. Anything else is ignored.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # use scopes_export::page::Page;
    /// # let mut declaration = Declaration::new("api");
    /// # declaration.scope("users.read");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration)?;
    /// let page = Page::new(&catalogue).markdown_at("permissions.md");
    /// assert!(page.llms_txt().contains("[users.read](permissions.md#scope-users.read)"));
    /// assert!(!Page::new(&catalogue).markdown_at("javascript:alert(1)").html().contains("javascript"));
    /// # Ok::<(), scopes_core::CatalogueErrors>(())
    /// ```
    #[must_use]
    pub fn markdown_at(mut self, address: &str) -> Self {
        self.source.markdown = source::is_address(address).then(|| address.to_owned());
        self
    }

    /// The page as one file of HTML. Its `Content-Security-Policy` stands in it.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # use scopes_export::page::Page;
    /// # let mut declaration = Declaration::new("api");
    /// # declaration.scope("users.read").route("GET", "/users");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration)?;
    /// assert!(Page::new(&catalogue).html().starts_with("<!doctype html>"));
    /// # Ok::<(), scopes_core::CatalogueErrors>(())
    /// ```
    #[must_use]
    pub fn html(&self) -> String {
        html::html(&self.source)
    }

    /// The page as Markdown (GitHub's dialect): a section for each scope with a table of its
    /// endpoints, and a table of all endpoints.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # use scopes_export::page::Page;
    /// # let mut declaration = Declaration::new("api");
    /// # declaration.scope("users.read").route("GET", "/users");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration)?;
    /// assert!(Page::new(&catalogue).markdown().contains("### `users.read`"));
    /// # Ok::<(), scopes_core::CatalogueErrors>(())
    /// ```
    #[must_use]
    pub fn markdown(&self) -> String {
        markdown::markdown(&self.source)
    }

    /// The index for language models (<https://llmstxt.org>), which leads to the sections of the
    /// Markdown.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # use scopes_export::page::Page;
    /// # let mut declaration = Declaration::new("api");
    /// # declaration.scope("users.read").route("GET", "/users");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration)?;
    /// assert!(Page::new(&catalogue).llms_txt().contains("](permissions.md#scope-users.read)"));
    /// # Ok::<(), scopes_core::CatalogueErrors>(())
    /// ```
    #[must_use]
    pub fn llms_txt(&self) -> String {
        llms::llms_txt(&self.source)
    }
}

/// The value of the header `Content-Security-Policy` for the HTML page.
///
/// A server that serves the page sends it, because the policy in the page itself cannot forbid that
/// other sites show the page in a frame.
///
/// ```
/// let policy = scopes_export::page::content_security_policy();
/// assert!(policy.starts_with("default-src 'none'; ") && policy.ends_with("; frame-ancestors 'none'"));
/// ```
#[must_use]
pub fn content_security_policy() -> String {
    format!("{}; frame-ancestors 'none'", policy::policy())
}
