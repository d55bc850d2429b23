//! The hidden macro from which `#[requires]`, expanded elsewhere, learns what the catalogue
//! declares.
//!
//! Other code calls it by the paths of the modules of top-level groups, because macros have a name
//! space of their own. It calls the macro that asks, and passes the catalogue as one or two string
//! literals, which are far cheaper than tokens.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{format_ident, quote};
use scopes_core::{Access, Route, ScopeId, UntypedCatalogue};
use syn::ext::IdentExt as _;

use super::{Entry, unwritten};
use crate::parse::CatalogueInput;
use crate::requires::wire::names::{NameTable, ScopeLine};
use crate::requires::wire::routes::{Demand, RouteLine, RouteTable};

/// Macros of the standard library that code calls without a path. A group of such a name gets no
/// hidden macro of that name, because `use api::write;` would replace the library's macro.
/// `#[requires(write.all)]` without a path is refused, because it would call the library's macro.
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

/// Names of other macros: a module with such a name gets no macro beside it.
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
pub(super) struct HiddenMacro {
    name: Ident,
    /// The number that distinguishes catalogues in types.
    number: u64,
    /// Whether other crates see the macro: a macro is exported as a whole or not at all.
    exported: bool,
    /// Whether the catalogue has mistakes, so that names and routes that were written may be
    /// missing.
    pub(super) incomplete: bool,
}

impl HiddenMacro {
    pub(super) fn new(input: &CatalogueInput, fingerprint: &str) -> Self {
        // Exported macros of a crate share one name space, so two catalogues called `api` need
        // different names.
        let mut hasher = DefaultHasher::new();
        fingerprint.hash(&mut hasher);
        let number = hasher.finish();
        format!("{:?}", Span::call_site()).hash(&mut hasher);
        let name = format_ident!("__scopes_{}_{:016x}", input.name.unraw(), hasher.finish());
        Self { name, number, exported: input.is_public(), incomplete: false }
    }

    /// The number of the catalogue. Two catalogues have the same one only if their texts are equal.
    pub(super) const fn number(&self) -> u64 {
        self.number
    }

    /// Prints `assert_covered!`, which gets everything it needs through its arguments: a macro does
    /// not know the path of its module.
    pub(super) fn assert_covered(&self, number: &Literal) -> TokenStream {
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

            #[doc = "Merges parts of the API's routes (each a `Routes`, or a part that was merged before) to the \
                     whole. It does not compile unless every group of the catalogue is among them, once."]
            #visibility use #name as assert_covered;
        }
    }

    /// Prints the macro, and its name `__check` in the module.
    pub(super) fn print(&self, catalogue: &UntypedCatalogue, entries: &[Entry<'_>]) -> TokenStream {
        let names = names(catalogue, entries, self.incomplete).write();
        let routes = routes(catalogue).write();
        let name = &self.name;
        let export = self.exported.then(|| quote!(#[macro_export]));
        let alias = self.import(&Ident::new("__check", Span::mixed_site()));
        quote! {
            #[doc(hidden)]
            #export
            macro_rules! #name {
                (@same $($tokens:tt)*) => { $($tokens)* };
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

    /// Prints the macro's name for a top-level group or scope, unless another macro has that name.
    pub(super) fn alias(&self, name: &str, identifier: &Ident) -> Option<TokenStream> {
        // With `routes;` this is the name of the macro `assert_covered!`.
        (is_free(name) && name != "assert_covered").then(|| self.import(identifier))
    }

    /// Prints the macro's name for the catalogue itself, beside its module, so that the error for
    /// `#[requires(api.users.read)]` explains the mistake.
    pub(super) fn beside_the_module(input: &CatalogueInput) -> Option<TokenStream> {
        let CatalogueInput { cfg, visibility, name: module, .. } = input;
        let name = module.unraw().to_string();
        (is_free(&name) && !OTHER_MACROS.contains(&&*name)).then(|| {
            let (path, alias) = (unwritten(module), unwritten(module));
            quote! {
                #cfg
                #[doc(hidden)]
                #[allow(
                    deprecated,
                    unreachable_pub,
                    unused_imports,
                    clippy::pub_use,
                    reason = "for names that are written wrong"
                )]
                #visibility use #path::__check as #alias;
            }
        })
    }

    /// Prints the macro's name for a group within another one. If code imports `users` from there,
    /// the error for `#[requires(users.read)]` explains the mistake.
    pub(super) fn alias_below(&self, name: &str, identifier: &Ident) -> Option<TokenStream> {
        let visibility = self.visibility();
        let alias = unwritten(identifier);
        is_free(name).then(|| quote!(#[doc(hidden)] #visibility use self::__check as #alias;))
    }

    /// Prints the names `__check` and `__scopes` in a module below the catalogue's. In a hidden
    /// module they need no attribute.
    pub(super) fn reexport(&self, is_hidden: bool) -> TokenStream {
        let hidden = (!is_hidden).then(|| quote!(#[doc(hidden)]));
        let names = if self.exported {
            quote!(#hidden pub use super::{__check, __scopes};)
        } else {
            quote!(pub(crate) use super::__check; #hidden pub use super::__scopes;)
        };
        let unknown = self.incomplete.then(|| quote!(#hidden pub use super::__Unknown;));
        quote!(#names #unknown)
    }

    fn import(&self, alias: &Ident) -> TokenStream {
        let (name, alias) = (&self.name, unwritten(alias));
        // The import comes right after the definition, in the same module: any other path will
        // become an error in a later Rust (rust#52234).
        let visibility = self.visibility();
        quote!(#[doc(hidden)] #visibility use #name as #alias;)
    }

    /// The visibility of the macro itself.
    fn visibility(&self) -> TokenStream {
        if self.exported { quote!(pub) } else { quote!(pub(crate)) }
    }
}

/// Whether no macro of the standard library has this name.
fn is_free(name: &str) -> bool {
    !STANDARD_MACROS.contains(&name.strip_prefix("r#").unwrap_or(name))
}

/// The table of names. If the catalogue is incomplete, a scope gets only the flags that are
/// certain.
fn names(catalogue: &UntypedCatalogue, entries: &[Entry<'_>], incomplete: bool) -> NameTable {
    let scope = |entry: &Entry<'_>| ScopeLine {
        dotted: entry.path.iter().map(|segment| segment.unraw().to_string()).collect::<Vec<_>>().join("."),
        asks_for_tenant: entry.asks_for_tenant(incomplete),
        old_names: entry.info.old_names().map(str::to_owned).collect(),
    };
    NameTable { catalogue: catalogue.name().to_owned(), incomplete, scopes: entries.iter().map(scope).collect() }
}

fn routes(catalogue: &UntypedCatalogue) -> RouteTable {
    let route = |route: Route<'_>| RouteLine {
        method: route.method().to_owned(),
        template: route.template(),
        demand: demand(route),
    };
    let base = Some(catalogue.base()).filter(|base| !base.is_empty());
    RouteTable { base: base.map(str::to_owned), routes: catalogue.routes().map(route).collect() }
}

fn demand(route: Route<'_>) -> Demand {
    match route.access() {
        Access::Public(_) => Demand::Public,
        Access::Authenticated(_) => Demand::Authenticated,
        Access::External(_) => Demand::External,
        Access::Scoped => {
            let position = |id: ScopeId| id.index();
            Demand::Scopes(route.requirement().iter().map(|term| term.ids().map(position).collect()).collect())
        }
    }
}
