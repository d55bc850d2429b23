scopes::scopes! {
    pub mod api;
    environment.type.list { GET "/types"; }
    environment.move { "MOVE" "/files"; }
    async.fn.await { POST "/async"; }
    match;
    dyn.as.write includes match;
    gen.try.union.macro_rules;
    // Words of the DSL itself. They are reserved only if the tokens after them fit.
    base.read;
    tenant.includes;
    routes.public includes *.read;
    public.all;
    under;
    includes;
    all(async.fn.await, under) { POST "/both"; }
}

use api::{r#async, environment, r#match};

#[scopes::requires(api::environment.type.list, GET "/types")]
fn types() {}

#[scopes::requires(environment.move)]
fn moved() {}

#[scopes::requires(async.fn.await)]
fn asynchronous() {}

#[scopes::requires(match)]
fn matched() {}

#[scopes::requires(api::dyn.as.write as permit)]
fn dynamic() {
    let _ = permit.subject();
}

#[scopes::requires(api::environment.r#type.list)]
fn raw() {}

#[scopes::requires(any(api::base.read, api::tenant.includes, api::routes.public, api::under, api::includes))]
fn words() {}

fn main() {
    let _ = (types, moved, asynchronous, matched, dynamic, raw, words);
    assert_eq!(api::environment::r#type::list.as_str(), "environment.type.list");
    assert_eq!("dyn.as.write".parse(), Ok(api::Scope::DynAsWrite));
}
