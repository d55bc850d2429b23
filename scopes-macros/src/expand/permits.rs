//! `permits`: one type for each scope, by which handlers say what they demand.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::{Entry, spanned};

pub(super) fn print(entries: &[Entry<'_>]) -> TokenStream {
    let markers = entries.iter().zip(0_u16..).map(|(entry, id)| {
        let (docs, marker) = (&entry.docs, &entry.variant);
        // The user's span makes rustc point at the scope where it speaks of the marker.
        let declaration = quote_spanned!(spanned(marker)=> pub enum #marker {});
        quote! {
            #[doc = #docs]
            #declaration
            impl super::__scopes::__private::ScopeMarker for #marker {
                type Scope = super::Scope;
                const ID: super::__scopes::ScopeId = super::__scopes::ScopeId(#id);
            }
        }
    });
    quote! {
        /// One type for each scope, for parameters such as `Permit<permits::UsersRead>`; never a value.
        pub mod permits {
            #(#markers)*
        }
    }
}
