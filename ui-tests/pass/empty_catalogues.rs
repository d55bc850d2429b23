#![deny(warnings)]

scopes::scopes! {
    mod nothing;
}

scopes::scopes! {
    mod no_scopes;
    public("liveness probe") { GET "/health"; }
}

scopes::scopes! {
    #![strict]
    mod no_routes;
    users.read;
}

fn main() {
    assert_eq!(
        nothing::CATALOGUE.routes().count() + no_scopes::Scope::ALL.len() + no_routes::CATALOGUE.routes().count(),
        0
    );
}
