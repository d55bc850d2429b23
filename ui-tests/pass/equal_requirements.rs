use scopes::{Permit, requires};

scopes::scopes! {
    pub mod api;
    a.read; b.read; c.read; d.read;
}

use api::permits::{ARead, BRead, CRead};

#[requires(any(api::a.read, api::b.read, api::c.read))]
fn in_order() {}

#[requires(any(api::c.read, any(api::b.read, api::a.read)))]
fn in_another_order() {}

#[requires(any(any(api::a.read), any(api::b.read, api::b.read), api::c.read, all(api::c.read, api::d.read)))]
fn with_more_words() {}

#[requires(all(api::c.read, any(api::b.read, api::a.read)))]
fn factored() {}

#[requires(any(all(api::a.read, api::c.read), all(api::c.read, api::b.read)))]
fn multiplied() {}

#[requires(all(api::a.read), stricter)]
fn stricter() {}

type Either = scopes::Any<ARead, scopes::Any<BRead, CRead>>;
type Product = scopes::Any<scopes::All<ARead, CRead>, scopes::All<BRead, CRead>>;

fn main() {
    // All permits have one type, however the attribute was written.
    for handler in [in_order, in_another_order, with_more_words] {
        let handler: fn(Permit<Either>) = handler;
        handler(scopes::test::permit(None));
    }
    for handler in [factored, multiplied] {
        let handler: fn(Permit<Product>) = handler;
        handler(scopes::test::permit(None));
    }
    let _: fn(Permit<scopes::Stricter<ARead>>) = stricter;
}
