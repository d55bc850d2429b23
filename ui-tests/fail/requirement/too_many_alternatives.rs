scopes::scopes! {
    pub mod api;
    a.x; b.x; c.x; d.x; e.x; f.x; g.x; h.x; i.x; j.x; k.x; l.x; m.x; n.x;
}

#[scopes::requires(all(
    any(api::a.x, api::b.x), any(api::c.x, api::d.x), any(api::e.x, api::f.x), any(api::g.x, api::h.x),
    any(api::i.x, api::j.x), any(api::k.x, api::l.x), any(api::m.x, api::n.x),
))]
fn list() {}

fn main() {}
