//! Derived names that collide are numbered, whatever the order of the routes.

scopes::scopes! {
    pub mod api;
    users.read {
        GET "/a_b";
        GET "/a-b";
        #[trailing_slash]
        GET "/emails/";
        GET "/emails";
        GET "/x" as get_y;
        GET "/y";
    }
}

fn main() {
    let name = |path: &str| api::CATALOGUE.routes().find(|route| route.path() == path).map(|route| route.name());
    assert_eq!((name("/a-b"), name("/a_b")), (Some("get_a_b"), Some("get_a_b_2")));
    assert_eq!((name("/emails"), name("/emails/")), (Some("get_emails"), Some("get_emails_2")));
    assert_eq!((name("/x"), name("/y")), (Some("get_y"), Some("get_y_2")));
}
