scopes::scopes! {
    pub mod api;
    images.read { GET "/image(width={w},height={h})"; }
}

fn main() {}
