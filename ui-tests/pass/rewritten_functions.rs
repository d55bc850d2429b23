// The output of `#[async_trait]`: the future is boxed before the attribute below it runs.
use std::future::Future;
use std::pin::Pin;

use scopes::{Denied, requires};

scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
}

type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
type Local<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

trait Users: Sync {
    fn list<'life0, 'async_trait>(&'life0 self, request: http::Request<()>) -> Boxed<'async_trait, Result<u8, Denied>>
    where
        'life0: 'async_trait,
        Self: 'async_trait;
}

struct Store;

impl Users for Store {
    #[allow(clippy::type_complexity, reason = "as a rewriting macro prints it")]
    #[requires(api::users.read)]
    fn list<'life0, 'async_trait>(
        &'life0 self,
        #[grant] request: http::Request<()>,
    ) -> Pin<Box<dyn Future<Output = Result<u8, Denied>> + Send + 'async_trait>>
    where
        'life0: 'async_trait,
        Self: 'async_trait,
    {
        Box::pin(async move {
            drop(request);
            Ok(0)
        })
    }
}

#[requires(api::users.read, from = grant)]
fn local<'a>(grant: Option<&'a api::Grant>) -> Local<'a, Result<bool, Denied>> {
    Box::pin(async move { Ok(grant.is_some()) })
}

// The output of `macro_rules!`: invisible groups around visibility, block and types.
macro_rules! handler {
    ($visibility:vis $name:ident($($parameter:ident: $type:ty),*) -> $answer:ty $body:block) => {
        #[requires(api::users.read)]
        $visibility fn $name($($parameter: $type),*) -> $answer $body
    };
}

handler! { pub(crate) from_a_macro(number: u8) -> Vec<Vec<u8>> { vec![vec![number]] } }
handler! { also_from_a_macro() -> () {} }

// The name of the scope itself may come through a macro, too.
macro_rules! guarded {
    ($catalogue:ident, $($segment:ident).+, $name:ident) => {
        #[requires($catalogue::$($segment).+)]
        fn $name() {}
    };
}

guarded!(api, users.read, from_another_macro);

fn main() {
    let _ = (Store::list, local);
    assert_eq!(from_a_macro(scopes::test::permit(None), 1), [[1]]);
    also_from_a_macro(scopes::test::permit(None));
    from_another_macro(scopes::test::permit(None));
}
