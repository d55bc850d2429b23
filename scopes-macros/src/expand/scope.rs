//! The enum `Scope` and its implementations.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;
use syn::ext::IdentExt as _;

use super::{Entry, unwritten};
use crate::parse::CatalogueInput;

pub(super) fn print(input: &CatalogueInput, entries: &[Entry<'_>]) -> TokenStream {
    let name = input.name.unraw().to_string();
    let enumeration = enumeration(input, entries);
    let inherent = inherent(entries);
    let traits = traits(entries, input.principal.is_some());
    let scopes_docs = format!("A set of scopes of the catalogue `{name}`.");
    let grant_docs = format!("What a caller may do in the catalogue `{name}`: scopes, tenants, and who they are.");
    let caller_docs =
        format!("The caller of a request to the catalogue `{name}`: one with a `Grant`, or one without credentials.");
    let catalogue_docs = format!(
        "The compiled catalogue `{name}`: its scopes and routes, the routes of requests, and verdicts on them."
    );
    let gate_docs =
        format!("Puts the whole catalogue `{name}` in front of a router: what it does not declare is refused.");
    quote! {
        #enumeration

        #[doc = #scopes_docs]
        pub type Scopes = __scopes::ScopeSet<Scope>;

        #[doc = #grant_docs]
        pub type Grant = __scopes::Grant<Scope>;

        #[doc = #caller_docs]
        pub type Caller = __scopes::Caller<Scope>;

        #[doc = #catalogue_docs]
        pub static CATALOGUE: __scopes::Catalogue<Scope> = __scopes::Catalogue::__new(&__TABLES);

        #inherent
        #traits

        __scopes::__if_axum! {
            #[doc = #gate_docs]
            pub fn gate<Ungated: __scopes::axum::Ungated>(router: Ungated) -> __scopes::axum::Gated<Scope> {
                __scopes::axum::gate(router)
            }
        }
        // Makes rustc name the feature that the function needs.
        __scopes::__if_no_axum! {
            #[doc(hidden)]
            pub fn gate<Ungated: __scopes::__private::NeedsAxum>(router: Ungated) -> Ungated::Gated {
                router.gated()
            }
        }
    }
}

fn enumeration(input: &CatalogueInput, entries: &[Entry<'_>]) -> TokenStream {
    let docs = format!("The scopes of the catalogue `{}`, in declaration order.", input.name.unraw());
    let non_exhaustive = &input.non_exhaustive;
    // With this span, an IDE goes to the catalogue's name.
    let scope = Ident::new("Scope", input.name.span());
    // An enum without variants must not have a representation.
    let representation = (!entries.is_empty()).then(|| quote!(#[repr(u16)]));
    let variants = entries.iter().map(|entry| {
        let (docs, deprecated, variant) = (entry.docs.whole(), entry.docs.deprecated(), &entry.variant);
        quote!(#docs #deprecated #variant,)
    });
    quote! {
        #[doc = #docs]
        #[derive(
            __core::clone::Clone,
            __core::marker::Copy,
            __core::cmp::PartialEq,
            __core::cmp::Eq,
            __core::cmp::PartialOrd,
            __core::cmp::Ord,
            __core::hash::Hash,
            __core::fmt::Debug,
        )]
        #representation
        #non_exhaustive
        pub enum #scope {
            #(#variants)*
        }
    }
}

fn inherent(entries: &[Entry<'_>]) -> TokenStream {
    let variants: Vec<_> = entries.iter().map(|entry| &entry.variant).collect();
    let names = entries.iter().map(|entry| entry.info.name());
    let as_str =
        if entries.is_empty() { quote!(match self {}) } else { quote!(match self { #(Self::#variants => #names,)* }) };
    let words = words(entries);
    let set = if entries.is_empty() {
        quote! {
            let _ = scopes;
            Scopes::EMPTY
        }
    } else {
        quote! {
            let mut words = [0; #words];
            let mut at = 0;
            while at < scopes.len() {
                let id = scopes[at] as __core::primitive::usize;
                words[id / 64] |= 1 << (id % 64);
                at += 1;
            }
            Scopes::from_words(words)
        }
    };
    quote! {
        impl Scope {
            /// Every scope of the catalogue, in declaration order.
            pub const ALL: &'static [Self] = &[#(Self::#variants),*];

            /// The wire name, as tokens carry it.
            #[must_use]
            pub const fn as_str(self) -> &'static __core::primitive::str {
                #as_str
            }

            /// What the scope is for; empty if the declaration does not say.
            #[must_use]
            pub fn description(self) -> &'static __core::primitive::str {
                self.info().description()
            }

            /// Everything that the declaration says about the scope: its title, its old names, its
            /// deprecation, the anchor of its documentation.
            #[must_use]
            pub fn info(self) -> __scopes::ScopeInfo<'static> {
                __TABLES.info(<Self as __scopes::Scope>::id(self))
            }

            /// The routes that name this scope in their requirement.
            pub fn routes(self) -> impl __core::iter::Iterator<Item = __scopes::Route<'static>> + __core::clone::Clone {
                let id = <Self as __scopes::Scope>::id(self);
                __core::iter::Iterator::filter(__TABLES.routes(), move |route| route.requirement().mentions(id))
            }

            fn __named(name: &__core::primitive::str) -> __core::result::Result<Self, __scopes::UnknownScope> {
                let set = Scopes::from_names([name])?;
                match __core::iter::Iterator::next(&mut set.iter()) {
                    __core::option::Option::Some(scope) => __core::result::Result::Ok(scope),
                    __core::option::Option::None => __core::unreachable!("the set of one name is not empty"),
                }
            }

            /// Makes a set of these scopes, also in a constant.
            #[must_use]
            pub const fn set(scopes: &[Self]) -> Scopes {
                #set
            }
        }
    }
}

fn words(entries: &[Entry<'_>]) -> Literal {
    Literal::usize_unsuffixed(entries.len().div_ceil(64))
}

/// The implementations beside the module. There the path of the type resolves as in the user's
/// code, and an error in it points at that code.
pub(super) fn principal(input: &CatalogueInput) -> Option<TokenStream> {
    let CatalogueInput { root, cfg, name, .. } = input;
    let named = &input.principal.as_ref()?.named;
    let name = unwritten(name);
    Some(quote! {
        #cfg
        #[doc(hidden)]
        #[allow(non_local_definitions, reason = "the type may stand in a function")]
        const _: () = {
            impl #root::__private::DeclaresPrincipal for #name::Scope {
                fn declared() -> #root::__private::PrincipalType {
                    #root::__private::PrincipalType::of::<#named>()
                }
            }

            impl #root::PrincipalOf<#name::Scope> for #named {
                fn __declared(_: #root::__private::PrincipalType) {}
            }
        };
    })
}

fn traits(entries: &[Entry<'_>], has_principal: bool) -> TokenStream {
    let words = words(entries);
    let principal = has_principal.then(|| {
        quote! {
            fn principal() -> __core::option::Option<(__core::any::TypeId, &'static __core::primitive::str)> {
                __core::option::Option::Some(<Self as __scopes::__private::DeclaresPrincipal>::declared().into_parts())
            }
        }
    });
    let id = if entries.is_empty() {
        quote!(match self {})
    } else {
        quote!(__scopes::ScopeId::new(self as __core::primitive::u16))
    };
    quote! {
        impl __scopes::Scope for Scope {
            type Words = [__core::primitive::u64; #words];

            fn id(self) -> __scopes::ScopeId {
                #id
            }

            fn from_id(id: __scopes::ScopeId) -> __core::option::Option<Self> {
                Self::ALL.get(id.index()).copied()
            }

            fn as_str(self) -> &'static __core::primitive::str {
                Self::as_str(self)
            }

            fn catalogue() -> &'static __scopes::UntypedCatalogue {
                &__TABLES
            }

            #principal
        }

        impl __core::fmt::Display for Scope {
            fn fmt(&self, formatter: &mut __core::fmt::Formatter<'_>) -> __core::fmt::Result {
                formatter.pad(Self::as_str(*self))
            }
        }

        impl __core::ops::BitOr for Scope {
            type Output = Scopes;

            fn bitor(self, other: Self) -> Scopes {
                <Scopes as __core::convert::From<Self>>::from(self) | other
            }
        }

        impl __core::ops::BitOr<Scopes> for Scope {
            type Output = Scopes;

            fn bitor(self, others: Scopes) -> Scopes {
                others | self
            }
        }

        impl __core::str::FromStr for Scope {
            type Err = __scopes::UnknownScope;

            fn from_str(name: &__core::primitive::str) -> __core::result::Result<Self, __scopes::UnknownScope> {
                Self::__named(name)
            }
        }

        impl __core::convert::TryFrom<&__core::primitive::str> for Scope {
            type Error = __scopes::UnknownScope;

            fn try_from(name: &__core::primitive::str) -> __core::result::Result<Self, __scopes::UnknownScope> {
                Self::__named(name)
            }
        }

        __scopes::__if_serde! {
            impl __scopes::__private::serde::Serialize for Scope {
                fn serialize<Output>(&self, serializer: Output) -> __core::result::Result<Output::Ok, Output::Error>
                where
                    Output: __scopes::__private::serde::Serializer,
                {
                    serializer.serialize_str(Self::as_str(*self))
                }
            }

            impl<'de> __scopes::__private::serde::Deserialize<'de> for Scope {
                fn deserialize<Input>(deserializer: Input) -> __core::result::Result<Self, Input::Error>
                where
                    Input: __scopes::__private::serde::Deserializer<'de>,
                {
                    let name: __scopes::__private::alloc::string::String =
                        __scopes::__private::serde::Deserialize::deserialize(deserializer)?;
                    Self::__named(&name).map_err(<Input::Error as __scopes::__private::serde::de::Error>::custom)
                }
            }
        }
    }
}
