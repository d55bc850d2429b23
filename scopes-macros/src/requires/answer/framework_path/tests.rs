use super::*;

#[test]
fn paths_of_all_frameworks() {
    for (path, expected) in [
        ("/users/{id}", "/users/{id}"),
        ("/users/:id", "/users/{id}"),
        ("/users/<id>", "/users/{id}"),
        ("/users/<_>", "/users/{parameter}"),
        ("/users/<id>?<page>&<q..>", "/users/{id}"),
        ("/files/<path..>", "/files/{*path}"),
        ("/files/<_..>", "/files/{*rest}"),
        ("/users/{id:[0-9]{1,9}}", "/users/{id}"),
        ("/users/{id:a/b?}/x", "/users/{id}/x"),
        ("/files/{tail:.*}", "/files/{*tail}"),
        ("/files/{*rest}", "/files/{*rest}"),
        ("/files/{**rest}", "/files/{*rest}"),
        ("/files/*rest", "/files/{*rest}"),
        ("/v{n}/x", "/v{n}/x"),
        ("/x/", "/x/"),
        ("users", "/users"),
        ("/", "/"),
        ("", "/"),
    ] {
        assert_eq!(translate(path).map(|template| template.to_string()), Ok(expected.to_owned()), "{path}");
    }
    assert!(translate("/{a}-{b}").is_err());
}
