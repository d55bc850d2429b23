//! The module `permits`: one type for each scope, with which handlers declare their demand.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::hidden_macro::HiddenMacro;
use super::{Entry, spanned};

pub(super) fn print(entries: &[Entry<'_>], hidden_macro: &HiddenMacro) -> TokenStream {
    let markers = entries.iter().zip(0_u16..).map(|(entry, id)| {
        let (docs, marker) = (entry.docs.brief(), &entry.variant);
        // With the user's span, rustc points at the scope in errors about the marker.
        let declaration = quote_spanned!(spanned(marker)=> pub enum #marker {});
        quote! {
            #docs
            #declaration
            impl __ScopeMarker for #marker {
                type Scope = __Scope;
                const ID: __ScopeId = __ScopeId::new(#id);
            }
        }
    });
    // `#[requires(api::permits::UsersRead)]` finds this macro, and reports an error that explains
    // the mistake.
    let check = hidden_macro.reexport(false);
    // A mistake in the declaration may have removed a scope. This type stands in for it, because a
    // handler that names the scope may be right.
    let unknown = hidden_macro.incomplete.then(|| {
        quote! {
            #[doc(hidden)]
            pub enum __Unknown {}
            impl __scopes::__private::ScopeMarker for __Unknown {
                type Scope = Scope;
                const ID: __scopes::ScopeId = __scopes::ScopeId::new(0);
            }
        }
    });
    quote! {
        #unknown
        /// A type for each scope, for `Permit<permits::UsersRead>`. It has no values.
        pub mod permits {
            // Short names, because each marker should need as few tokens as possible.
            use super::Scope as __Scope;
            use super::__scopes::ScopeId as __ScopeId;
            use super::__scopes::__private::ScopeMarker as __ScopeMarker;
            #check
            #(#markers)*
        }
    }
}
