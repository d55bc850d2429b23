#![deny(warnings)]

//! Tokens with an old name hold the scope of today, wherever a name is read.

scopes::scopes! {
    pub mod api;
    #[title = "Read users"]
    #[was("users.view", "people:read")]
    #[was("users")]
    users.read { GET "/users"; }
    users.write { POST "/users"; }
}

use api::{Scope, Scopes};

fn main() {
    for old in ["users.view", "people:read", "users"] {
        assert_eq!(old.parse(), Ok(Scope::UsersRead));
        assert_eq!(Scope::try_from(old), Ok(Scope::UsersRead));
        assert_eq!(serde_json::from_str::<Scope>(&format!("{old:?}")).unwrap(), Scope::UsersRead);
        let both: Scopes = format!("users.write {old}").parse().unwrap();
        assert_eq!(both.to_string(), "users.read users.write");
        let stored: Scopes = serde_json::from_str(&format!("[{old:?}]")).unwrap();
        assert_eq!(serde_json::to_string(&stored).unwrap(), r#"["users.read"]"#);
        let claims = scopes::from_claims::<Scope>(&serde_json::json!({"scope": old}), &[scopes::Claim::Scope]);
        assert_eq!((claims.scopes, claims.unknown.len()), (Scope::UsersRead.into(), 0));
        assert_eq!((claims.renamed[0].old, claims.renamed[0].scope), (old, Scope::UsersRead));
    }
    assert_eq!(Scope::UsersRead.to_string(), "users.read");
    assert!("people:raed".parse::<Scope>().unwrap_err().nearest.is_none());
    let info = Scope::UsersRead.info();
    assert_eq!(info.title(), Some("Read users"));
    assert!(info.old_names().eq(["users.view", "people:read", "users"]));
}
