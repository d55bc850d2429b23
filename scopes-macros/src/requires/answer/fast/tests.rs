use super::*;

const NAMES: &str = "api -\nusers.read t\nusers.write t\nusers.write.all \nall.read ";
const ROUTES: &str = "base /v1\nGET /v1/users 0;3\nPOST /v1/users 1\nPUT /v1/users/{id} 0,1\n\
    GET /v1/v1/users 0\nGET /v1/health public\nDELETE /v1/users never";

#[test]
fn routes() {
    let tied = |routes: &str, alternatives: &str, method: &str, path: &str| {
        is_served(&Literal::string(NAMES), &Literal::string(routes), alternatives, method, path)
    };
    for (alternatives, method, path, expected) in [
        ("all.read;users.read", "GET", "/v1/v1/users", false),
        ("users.write", "POST", "/users", true),
        ("users.write", "POST", "/v1/users", true),
        ("users.write,users.read", "PUT", "/users/:id", true),
        ("users.write,users.read", "PUT", "/users/{id}", true),
        // Read whole: they are right or wrong, but not at sight.
        ("users.write,users.read", "PUT", "/users/{user}", false),
        ("users.read;all.read", "GET", "/v1/users", false),
        ("users.read", "PUT", "/users/{id}", false),
        ("users.read;users.write", "PUT", "/users/{id}", false),
        ("users.reed", "POST", "/users", false),
        ("users.write", "POST", "users", false),
        ("users.write", "OST", "/users", false),
        ("users.read", "GET", "/health", false),
        ("users.read", "DELETE", "/users", false),
    ] {
        assert_eq!(tied(ROUTES, alternatives, method, path), expected, "{alternatives} {method} {path}");
    }
    let without_base = "GET /users 0;3\nPOST /users/{id}:lock 1";
    assert!(tied(without_base, "all.read;users.read", "GET", "/users"));
    assert!(tied(without_base, "users.write", "POST", "/users/{id}:lock"));
    assert!(!tied(without_base, "users.write", "GET", "/users"));
}
