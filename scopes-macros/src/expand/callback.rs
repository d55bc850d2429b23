//! The hidden macro by which `#[requires]`, expanded elsewhere, learns what the catalogue declares.
//!
//! It stands under the same path as the module of each top-level group, in the macros' name space, and calls back
//! whoever asks, with the catalogue as one or two string literals (far cheaper than tokens).

use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{format_ident, quote};
use scopes_core::{Access, Catalogue, Route, Tenancy};
use syn::ext::IdentExt as _;

use super::Entry;
use crate::parse::CatalogueInput;

/// Macros that everybody calls by their bare name: `use api::write;` must not take their place, and `write.all` in an
/// attribute would call the library's.
pub(crate) const STANDARD_MACROS: [&str; 41] = [
    "assert",
    "assert_eq",
    "assert_matches",
    "assert_ne",
    "cfg",
    "cfg_select",
    "column",
    "compile_error",
    "concat",
    "concat_bytes",
    "concat_idents",
    "dbg",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_matches",
    "debug_assert_ne",
    "env",
    "eprint",
    "eprintln",
    "file",
    "format",
    "format_args",
    "include",
    "include_bytes",
    "include_str",
    "line",
    "matches",
    "module_path",
    "option_env",
    "panic",
    "print",
    "println",
    "stringify",
    "thread_local",
    "todo",
    "try",
    "unimplemented",
    "unreachable",
    "vec",
    "write",
    "writeln",
];

/// Names that mean something else as a macro: a module of one gets no macro beside it.
const OTHER_MACROS: [&str; 29] = [
    "allow",
    "bench",
    "cold",
    "coverage",
    "deny",
    "deprecated",
    "derive",
    "doc",
    "expect",
    "feature",
    "forbid",
    "global_allocator",
    "ignore",
    "inline",
    "link",
    "macro_export",
    "macro_use",
    "must_use",
    "optimize",
    "path",
    "repr",
    "requires",
    "routes",
    "scopes",
    "target_feature",
    "test",
    "used",
    "warn",
    "wasm_import_module",
];

/// The hidden macro of one catalogue.
pub(super) struct Callback {
    name: Ident,
    /// By which catalogues are told apart in types.
    number: u64,
    /// Visible in other crates, which macros are or are not as a whole.
    exported: bool,
    /// Something is wrong with the catalogue, so that names and routes may be missing although they were written.
    pub(super) incomplete: bool,
}

impl Callback {
    pub(super) fn new(input: &CatalogueInput, fingerprint: &str) -> Self {
        // Exported macros of a crate share one name space, so two catalogues called `api` need two names.
        let mut hasher = DefaultHasher::new();
        fingerprint.hash(&mut hasher);
        let number = hasher.finish();
        format!("{:?}", Span::call_site()).hash(&mut hasher);
        let name = format_ident!("__scopes_{}_{:016x}", input.name.unraw(), hasher.finish());
        Self { name, number, exported: input.is_public(), incomplete: false }
    }

    /// Another one for each catalogue, unless they are the same word by word.
    pub(super) const fn number(&self) -> u64 {
        self.number
    }

    /// `assert_covered!`, which finds everything it needs through its arguments: a macro does not know the path of the
    /// module that it stands in.
    pub(super) fn covering(&self, number: &Literal) -> TokenStream {
        let name = format_ident!("{}_covered", self.name);
        let export = self.exported.then(|| quote!(#[macro_export]));
        let visibility = self.visibility();
        quote! {
            #[doc(hidden)]
            #export
            macro_rules! #name {
                ($first:expr $(, $more:expr)* $(,)?) => {
                    $first.partial() $(.merge($more.partial()))* .__covered::<#number, _>()
                };
            }

            #[doc = "Merges parts of the API's routes (each a `Routes` or what was merged of them) to the whole. It does not \
                     compile unless every group of the catalogue is among them, once."]
            #visibility use #name as assert_covered;
        }
    }

    /// The macro itself, and its name `__check` in the module.
    pub(super) fn print(&self, catalogue: &Catalogue, entries: &[Entry<'_>]) -> TokenStream {
        let (names, routes) = (names(catalogue, entries, self.incomplete), routes(catalogue));
        let name = &self.name;
        let export = self.exported.then(|| quote!(#[macro_export]));
        let alias = self.import(&Ident::new("__check", Span::mixed_site()));
        quote! {
            #[doc(hidden)]
            #export
            macro_rules! #name {
                (@names { $($callback:tt)* } $($rest:tt)*) => {
                    $($callback)* ! { #names $($rest)* }
                };
                (@routes { $($callback:tt)* } $($rest:tt)*) => {
                    $($callback)* ! { #names #routes $($rest)* }
                };
            }
            #alias
        }
    }

    /// The macro under the name of a top-level group or scope, unless that is a macro's already.
    pub(super) fn alias(&self, name: &str, identifier: &Ident) -> Option<TokenStream> {
        // With `routes;` this name is the macro of that name.
        (is_free(name) && name != "assert_covered").then(|| self.import(identifier))
    }

    /// The macro under the name of the catalogue itself, beside its module, so that `#[requires(api.users.read)]` gets an error of
    /// ours.
    pub(super) fn beside(input: &CatalogueInput) -> Option<TokenStream> {
        let CatalogueInput { cfg, visibility, name: module, .. } = input;
        let name = module.unraw().to_string();
        (is_free(&name) && !OTHER_MACROS.contains(&&*name)).then(|| {
            quote! {
                #cfg
                #[doc(hidden)]
                #[allow(deprecated, unreachable_pub, unused_imports, reason = "for names that are written wrong")]
                #visibility use #module::__check as #module;
            }
        })
    }

    /// The macro under the name of a group below, so that `#[requires(users.read)]`, with `users` imported from there, gets an
    /// error of ours.
    pub(super) fn alias_below(&self, name: &str, identifier: &Ident) -> Option<TokenStream> {
        let visibility = self.visibility();
        is_free(name).then(|| quote!(#[doc(hidden)] #visibility use self::__check as #identifier;))
    }

    /// The name `__check` in a module below.
    pub(super) fn passed_on(&self) -> TokenStream {
        let visibility = self.visibility();
        let unknown = self.incomplete.then(|| {
            quote!(
                #[doc(hidden)]
                pub use super::__Unknown;
            )
        });
        quote!(
            #[doc(hidden)]
            #visibility use super::__check;
            #unknown
        )
    }

    fn import(&self, alias: &Ident) -> TokenStream {
        let name = &self.name;
        // Right after the definition, in the same module: by any other path this would be an error one day (rust#52234).
        let visibility = self.visibility();
        quote!(#[doc(hidden)] #visibility use #name as #alias;)
    }

    /// As far as the macro itself can be seen.
    fn visibility(&self) -> TokenStream {
        if self.exported { quote!(pub) } else { quote!(pub(crate)) }
    }
}

/// Not the name of a macro that everybody has.
fn is_free(name: &str) -> bool {
    !STANDARD_MACROS.contains(&name.strip_prefix("r#").unwrap_or(name))
}

/// The catalogue's name, `-`, and `!` if it is incomplete; then a line for each scope: its path, and `t` if a check without a
/// request must be told the tenant.
fn names(catalogue: &Catalogue, entries: &[Entry<'_>], incomplete: bool) -> String {
    let mut text = format!("{} -{}", catalogue.name(), if incomplete { "!" } else { "" });
    for entry in entries {
        text.push('\n');
        for (index, segment) in entry.path.iter().enumerate() {
            if index > 0 {
                text.push('.');
            }
            text.push_str(&segment.unraw().to_string());
        }
        text.push(' ');
        if entry.asks_for_tenant(incomplete) {
            text.push('t');
        }
    }
    text
}

/// `base` and the base path, if there is one; then a line for each route: method, template, requirement, tenancy.
fn routes(catalogue: &Catalogue) -> String {
    let mut text = String::new();
    if !catalogue.base().is_empty() {
        let _ = write!(text, "base {}", catalogue.base());
    }
    for route in catalogue.routes() {
        if !text.is_empty() {
            text.push('\n');
        }
        let tenancy = match route.tenancy() {
            Tenancy::NotApplicable => "none",
            Tenancy::Bound => "bound",
            Tenancy::Global(_) => "global",
            Tenancy::Unbound(_) => "unbound",
        };
        let _ = write!(text, "{} {} {} {tenancy}", route.method(), route.template(), requirement(route));
    }
    text
}

/// `0,3;5`: ids, `;` for "or", `,` for "and".
fn requirement(route: Route<'_>) -> String {
    match route.access() {
        Access::Public(_) => return "public".to_owned(),
        Access::Authenticated(_) => return "authenticated".to_owned(),
        Access::External(_) => return "external".to_owned(),
        Access::Scoped => {}
    }
    let mut text = String::new();
    for (index, term) in route.requirement().iter().enumerate() {
        if index > 0 {
            text.push(';');
        }
        for (index, id) in term.ids().enumerate() {
            let _ = write!(text, "{}{}", if index > 0 { "," } else { "" }, id.0);
        }
    }
    // Only in a catalogue with mistakes: nobody satisfies a requirement without alternatives.
    if text.is_empty() { "never".to_owned() } else { text }
}
