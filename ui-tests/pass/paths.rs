scopes::scopes! {
    pub mod api;
    base "/";
    root { GET "/"; }
    files.read {
        GET "/files/{*path}" as file;
        #[raw(name)]
        GET "/blobs/{name}";
        GET "/v{version}/report.{format}" as report;
        GET "/users/{id}:cancel" as cancel;
        #[trailing_slash]
        GET "/folders/";
        GET "/folders" as folders_without_slash;
        GET "/:a/:b/:c/:d/:e/:f/:g/:h/:i/:j/:k/:l/:m/:n/:o/{p}";
        GET "/~tilde/(parentheses)/a,b/c=d/e+f/@home/it's/$5/!/&";
        under "/users" {
            GET "/";
            GET "/{user-id}";
            GET "/{user-id}/friends/{friend.id}";
        }
        under "/" { GET "/teams"; }
    }
    files.write { POST "/users/:anotherName"; }
}

#[scopes::requires(api::files.read, GET "/users/{id}")]
fn user() {}

fn main() {
    let _ = user;
    let at = |target: &str| api::CATALOGUE.at(&http::Method::GET, target).unwrap().route().template();
    assert_eq!(at("/"), "/");
    assert_eq!(at("/files/a/b"), "/files/{*path}");
    assert_eq!(at("/users"), "/users");
    assert_eq!(at("/folders/"), "/folders/");
    assert_eq!(at("/teams"), "/teams");
    assert_eq!(at("/v2/report.pdf"), "/v{version}/report.{format}");
}
