//! `permits`: one type for each scope, by which handlers say what they demand.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::hidden_macro::HiddenMacro;
use super::{Entry, spanned};

pub(super) fn print(entries: &[Entry<'_>], hidden_macro: &HiddenMacro) -> TokenStream {
    let markers = entries.iter().zip(0_u16..).map(|(entry, id)| {
        let (docs, marker) = (entry.docs.brief(), &entry.variant);
        // The user's span makes rustc point at the scope where it speaks of the marker.
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
    // For `#[requires(api::permits::UsersRead)]`, which gets an error of ours.
    let check = hidden_macro.reexport(false);
    // Where the declaration has mistakes a scope may be missing through no fault of those who name
    // it.
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
            // For each of them the fewest tokens.
            use super::Scope as __Scope;
            use super::__scopes::ScopeId as __ScopeId;
            use super::__scopes::__private::ScopeMarker as __ScopeMarker;
            #check
            #(#markers)*
        }
    }
}
