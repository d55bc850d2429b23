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
    // These do, and the one that yields says why.
    jobs.read {
        #[overlaps("no owner is called `all`")]
        #[overlaps("nor `new`")]
        GET "/jobs/:owner/logs";
    }
    jobs.write { GET "/jobs/all/:job"; GET "/jobs/new/:form"; }
}

fn main() {
    let overlaps = api::CATALOGUE.overlaps();
    let paths: Vec<_> = overlaps.iter().map(|overlap| (overlap.winner(), overlap.loser())).collect();
    assert_eq!(paths, [("/jobs/all/{job}", "/jobs/{owner}/logs"), ("/jobs/new/{form}", "/jobs/{owner}/logs")]);
    assert_eq!((overlaps[0].winner_needs(), overlaps[0].loser_needs()), ("jobs.write", "jobs.read"));
}
