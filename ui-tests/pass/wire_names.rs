scopes::scopes! {
    pub mod api;
    "users:read" { GET "/users"; }
    "https://example.com/auth/drive.readonly" as drive.read { GET "/files"; }
    "2fa" as secondFactor { POST "/second-factor"; }
    "3d:models:read" { GET "/models"; }
    "*" as everything includes *.read, drive.read;
    "user:read!#$%&'()+,-./:;<=>?@[]^_`{|}~" as odd.characters;
    "type:self" as type.own;
}

#[scopes::requires(api::users.read, GET "/users")]
fn users() {}

#[scopes::requires(api::drive.read, GET "/files")]
fn files() {}

#[scopes::requires(any(api::secondFactor, api::_3d.models.read))]
fn digits() {}

#[scopes::requires(all(api::everything, api::odd.characters, api::type.own))]
fn others() {}

fn main() {
    let _ = (users, files, digits, others);
    assert_eq!(api::Scope::DriveRead.as_str(), "https://example.com/auth/drive.readonly");
    assert_eq!(api::Scope::_3dModelsRead.as_str(), "3d:models:read");
    assert_eq!("2fa".parse(), Ok(api::Scope::SecondFactor));
    let grant = api::Grant::new(api::Scope::Everything);
    assert!(grant.effective().contains(api::Scope::DriveRead));
}
