use super::*;
use crate::requires::tokens::squeezed;
use quote::quote;

fn parse(text: &str) -> Result<Function, String> {
    let mut errors = Errors::default();
    let function = Function::parse(text.parse().unwrap(), &mut errors);
    function.ok_or_else(|| errors.messages().join(" + "))
}

fn printed(function: Function) -> String {
    squeezed(&function.into_tokens().to_string())
}

fn plain(text: &str) -> String {
    squeezed(&text.parse::<TokenStream>().unwrap().to_string())
}

#[test]
fn where_the_parameter_goes() {
    for (before, after) in [
        ("fn f() {}", "fn f(p: P) {}"),
        ("fn f(a: A) {}", "fn f(p: P, a: A) {}"),
        ("fn f(a: A,) {}", "fn f(p: P, a: A,) {}"),
        ("fn f(self) {}", "fn f(self, p: P) {}"),
        ("fn f(&self) {}", "fn f(&self, p: P) {}"),
        ("fn f(&self,) {}", "fn f(&self, p: P) {}"),
        ("fn f(mut self, a: A) {}", "fn f(mut self, p: P, a: A) {}"),
        ("fn f<'a>(&'a mut self, a: A) {}", "fn f<'a>(&'a mut self, p: P, a: A) {}"),
        ("fn f(self: Arc<Self>, a: A) {}", "fn f(self: Arc<Self>, p: P, a: A) {}"),
        ("fn f(self: ::std::sync::Arc<Self>, a: A) {}", "fn f(self: ::std::sync::Arc<Self>, p: P, a: A) {}"),
        ("fn f(self::A { a }: A) {}", "fn f(p: P, self::A { a }: A) {}"),
        ("fn f(#[x] &self, a: A) {}", "fn f(#[x] &self, p: P, a: A) {}"),
        ("fn f(self: Map<A, B>) {}", "fn f(self: Map<A, B>, p: P) {}"),
        ("fn f(self_: A) {}", "fn f(p: P, self_: A) {}"),
        (
            "fn f<F: Fn(A) -> B, const N: usize = { 1 + 2 }>(g: F) -> C<{ N }> where F: X {}",
            "fn f<F: Fn(A) -> B, const N: usize = { 1 + 2 }>(p: P, g: F) -> C<{ N }> where F: X {}",
        ),
        (
            "fn f<T: Into<Vec<u8>>>(Path((a, b)): Path<(A, B)>) {}",
            "fn f<T: Into<Vec<u8>>>(p: P, Path((a, b)): Path<(A, B)>) {}",
        ),
        (
            "#[get(\"/x\")] pub(crate) async unsafe extern \"C\" fn f(a: A) -> impl R + '_ { a.. }",
            "#[get(\"/x\")] pub(crate) async unsafe extern \"C\" fn f(p: P, a: A) -> impl R + '_ { a.. }",
        ),
        ("default async fn r#type() {}", "default async fn r#type(p: P) {}"),
        ("/// doc\n pub fn f() {}", "/// doc\n pub fn f(p: P) {}"),
    ] {
        let mut function = parse(before).unwrap();
        function.insert_parameter(0, quote! { p: P });
        assert_eq!(printed(function), plain(after), "{before}");
    }
}

#[test]
fn eight_parameters_are_allowed_if_we_added_the_eighth() {
    for (written, allowed) in [(5, false), (6, false), (7, true), (8, false)] {
        let list: Vec<String> = (0..written).map(|index| format!("a{index}: Map<A, B>")).collect();
        let mut function = parse(&format!("#[doc = \"d\"] fn f({}) {{}}", list.join(", "))).unwrap();
        function.insert_parameter(0, quote! { p: P });
        assert_eq!(printed(function).starts_with("#[allow(clippy::too_many_arguments"), allowed, "{written}");
    }
    let mut method = parse("fn f(&self, a: A, b: A, c: A, d: A, e: A, g: A) {}").unwrap();
    method.insert_parameter(0, quote! { p: P });
    assert!(printed(method).starts_with("#[allow"));
}

#[test]
fn what_comes_first_in_the_body() {
    for (before, items, statements) in [
        ("fn f() {}", "fn f() { m! {} }", "fn f() { m! {} s; {} }"),
        ("fn f() { a.b }", "fn f() { m! {} a.b }", "fn f() { m! {} s; { a.b } }"),
        (
            "fn f() { #![allow(x)] #![warn(y)] #[z] a }",
            "fn f() { #![allow(x)] #![warn(y)] m! {} #[z] a }",
            "fn f() { #![allow(x)] #![warn(y)] m! {} s; { #[z] a } }",
        ),
    ] {
        for (statement, expected) in [(quote! {}, items), (quote! { s; }, statements)] {
            let mut function = parse(before).unwrap();
            function.insert(quote! { m! {} }, statement);
            assert_eq!(printed(function), plain(expected), "{before}");
        }
    }
}

#[test]
fn names_of_ours() {
    for (parameters, expected) in [
        ("", "_permit"),
        ("a: A", "_permit"),
        ("_permit: P", "_permit1"),
        ("_permit1: P, _permit: P", "_permit2"),
        ("Path(_permit): Path<A>", "_permit1"),
    ] {
        assert_eq!(parse(&format!("fn f({parameters}) {{}}")).unwrap().free_name(), expected, "{parameters}");
    }
}

#[test]
fn the_grant() {
    for (before, keep, name, after) in [
        ("fn f(#[grant] req: R, b: B) {}", false, Some("req"), "fn f(req: R, b: B) {}"),
        (
            "fn f(&self, #[x] #[grant] mut req: Map<A, B>) {}",
            false,
            Some("req"),
            "fn f(&self, #[x] mut req: Map<A, B>) {}",
        ),
        ("fn f(#[grant] req: ::a::R) {}", false, Some("req"), "fn f(req: ::a::R) {}"),
        ("fn f(#[grant] req: R) {}", true, Some("req"), "fn f(#[grant] req: R) {}"),
        ("fn f(req: R) {}", false, None, "fn f(req: R) {}"),
    ] {
        let mut errors = Errors::default();
        let mut function = parse(before).unwrap();
        let found = function.take_grant(keep, &mut errors);
        assert_eq!(found.map(|name| name.to_string()).as_deref(), name, "{before}");
        assert_eq!(printed(function), plain(after), "{before}");
        assert!(errors.is_empty(), "{before}");
    }
}

#[test]
fn grants_that_are_none() {
    for (text, message) in [
        (
            "fn f(#[grant] Path(id): Path<u8>) {}",
            "`#[grant]` goes on a parameter with a plain name: `#[grant] request: T`",
        ),
        ("fn f(#[grant] a::B { b }: R) {}", "`#[grant]` goes on a parameter with a plain name: `#[grant] request: T`"),
        ("fn f(#[grant] _: R) {}", "`#[grant]` goes on a parameter with a plain name: `#[grant] request: T`"),
        ("fn f(#[grant] &self) {}", "`#[grant]` goes on a parameter with a plain name: `#[grant] request: T`"),
        ("fn f(#[grant] a: A, #[grant] b: B) {}", "one parameter only can carry the grant"),
        ("fn f(#[grant] #[grant] a: A) {}", "one parameter only can carry the grant"),
        ("fn f(#[grant(x)] a: A) {}", "`#[grant]` takes no arguments"),
    ] {
        let mut errors = Errors::default();
        let mut function = parse(text).unwrap();
        function.take_grant(false, &mut errors);
        assert_eq!(errors.messages(), [message], "{text}");
        assert!(!printed(function).contains("grant"), "{text}");
    }
}

#[test]
fn refused() {
    for (text, message) in [
        ("struct S { f: fn() }", "`#[requires]` goes on a function, not on a `struct`"),
        ("pub enum E {}", "`#[requires]` goes on a function, not on an `enum`"),
        ("impl S { fn f() {} }", "`#[requires]` goes on a function, not on an `impl`: write it on each method"),
        ("unsafe impl S { fn f() {} }", "`#[requires]` goes on a function, not on an `impl`: write it on each method"),
        (
            "pub trait T { fn f() {} }",
            "`#[requires]` goes on a function, not on a `trait`: write it on each method that has a body",
        ),
        ("mod m { fn f() {} }", "`#[requires]` goes on a function, not on a `mod`: write it on each function"),
        ("const F: fn() = { f };", "`#[requires]` goes on a function, not on a `const`"),
        ("pub const r#fn: u8 = 0;", "`#[requires]` goes on a function, not on a `const`"),
        ("use a::b;", "`#[requires]` goes on a function, not on a `use`"),
        ("union U { a: u8 }", "`#[requires]` goes on a function, not on a `union`"),
        ("extern crate a;", "`#[requires]` goes on a function, not on an `extern crate`"),
        ("static F: fn() = f;", "`#[requires]` goes on a function, not on a `static`"),
        (
            "unsafe extern \"C\" { fn f(); }",
            "`#[requires]` goes on a function with a body, not on an `extern` block: write it where the function is implemented",
        ),
        ("|x| { x }", "`#[requires]` goes on a function"),
        ("", "`#[requires]` goes on a function"),
        ("fn f(&self);", "`#[requires]` goes on a function with a body: write it where the function is implemented"),
        (
            "fn f(&self) -> C<{ 1 }>;",
            "`#[requires]` goes on a function with a body: write it where the function is implemented",
        ),
        ("fn f", "`#[requires]` goes on a function"),
    ] {
        assert_eq!(parse(text).err().as_deref(), Some(message), "{text}");
    }
}

#[test]
fn wrapped_by_macros() {
    // The parts of `$vis fn f() $body` arrive in groups without delimiters.
    let visibility = TokenTree::Group(Group::new(Delimiter::None, quote! { pub(crate) }));
    let body = TokenTree::Group(Group::new(Delimiter::None, quote! { { a } }));
    let item = quote! { #visibility fn f() #body };
    let mut errors = Errors::default();
    let mut function = Function::parse(item, &mut errors).unwrap();
    function.insert(quote! { s; }, quote! {});
    assert!(printed(function).contains("{s;a}"));
}

#[test]
fn return_types() {
    for (text, expected) in [("fn f() -> X {}", true), ("fn f() where A: B {}", false), ("fn f() {}", false)] {
        assert_eq!(parse(text).unwrap().return_span().is_some(), expected, "{text}");
    }
}
