scopes::scopes! {
    #![strict]
    pub mod api;
    users.read {
        GET "/users/:userId";
        GET "/users/:userId/{page}";
        GET "/users/me/{page}";
    }
    // One path set contains the other: no overlap.
    admin.read { GET "/users/admin"; GET "/users/{*rest}"; }
    // Other methods never meet.
    users.write { POST "/users/:userId/settings"; PUT "/users/admin/:page"; }
    // Nor do routes that demand the same.
    files.read { GET "/files/:owner/settings"; GET "/files/trash/:page"; }
}

fn main() {
    assert_eq!(api::CATALOGUE.overlaps().len(), 0);
}
