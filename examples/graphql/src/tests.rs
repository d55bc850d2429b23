//! Checks that each resolver demands its scope and its tenant.

use super::answer;

#[tokio::test]
async fn resolvers_are_guarded() {
    let create = r#"mutation { createUser(environment: "E1", name: "grace") }"#;
    let show = r#"{ showUser(environment: "E1", user: "ada") }"#;
    assert_eq!(answer("reader", show).await.unwrap(), r#"{showUser: "ada of E1, shown to reader"}"#);
    assert_eq!(answer("writer", create).await.unwrap(), r#"{createUser: "grace is now in E1"}"#);
    assert_eq!(answer("reader", create).await.unwrap(), "missing scope `users.write`");
    let other = r#"{ listUsers(environment: "E2") }"#;
    assert!(!answer("reader", other).await.unwrap().contains("the users"));
    assert!(!answer("guessed", show).await.unwrap().contains("ada"));
}
