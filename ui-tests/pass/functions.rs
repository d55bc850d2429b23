use std::fmt::Debug;
use std::future::Future;

scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
}

struct Service<T>(T);

impl<T: Debug + Send + Sync> Service<T> {
    #[scopes::requires(api::users.read)]
    fn by_reference(&self) -> String {
        format!("{:?}", self.0)
    }

    #[scopes::requires(api::users.read as permit)]
    async fn by_mutable_reference(&mut self, value: T) -> Option<String> {
        self.0 = value;
        permit.subject().map(str::to_owned)
    }

    #[scopes::requires(api::users.read)]
    fn by_value(self) -> T {
        self.0
    }

    #[scopes::requires(api::users.read)]
    fn by_box(self: ::std::boxed::Box<Self>, _: u8) -> T {
        self.0
    }

    #[scopes::requires(api::users.read)]
    fn by_absolute_path(self: &::std::boxed::Box<Self>) -> &T {
        &self.0
    }

    #[scopes::requires(api::users.read)]
    fn with_lifetime<'a>(&'a self) -> &'a T {
        &self.0
    }

    #[scopes::requires(api::users.read)]
    pub(crate) fn associated(value: T) -> Self {
        Self(value)
    }
}

trait Users {
    #[scopes::requires(api::users.read, GET "/users")]
    fn list(&self) -> usize {
        0
    }

    #[scopes::requires(api::users.read)]
    fn later(&self) -> impl Future<Output = usize> {
        async { 0 }
    }
}

impl Users for u8 {
    #[scopes::requires(api::users.read)]
    fn list(&self) -> usize {
        usize::from(*self)
    }
}

impl Users for u16 {}

#[scopes::requires(api::users.read)]
fn generic<'a, T, const N: usize>(items: [&'a T; N], each: impl Fn(&'a T) -> bool) -> impl Iterator<Item = bool>
where
    T: Debug + PartialOrd<u8> + 'a,
{
    items.map(each).into_iter()
}

#[scopes::requires(api::users.read)]
fn comparison<const A: bool>() -> [u8; 2 + (1 < 2) as usize] {
    [0; 3]
}

#[scopes::requires(api::users.read)]
pub extern "C" fn of_the_c_interface(number: i32) -> i32 {
    number
}

#[scopes::requires(api::users.read)]
fn fifteen(
    a: u8,
    b: u8,
    c: u8,
    d: u8,
    e: u8,
    f: u8,
    g: u8,
    h: u8,
    i: u8,
    j: u8,
    k: u8,
    l: u8,
    m: u8,
    n: u8,
    o: u8,
) -> [u8; 15] {
    [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o]
}

#[scopes::requires(api::users.read)]
fn patterns((a, _): (u8, u8), [b, ..]: [u8; 3], mut c: u8, _: (), #[allow(unused, reason = "an attribute on a parameter")] d: u8) -> u8 {
    c += a + b;
    c
}

/// Documented.
#[inline]
#[must_use]
#[scopes::requires(api::users.read)]
#[cfg(all())]
#[allow(clippy::needless_return, reason = "an attribute of the user's, and an early return")]
fn attributes() -> u8 {
    #![allow(unused_variables, reason = "an inner attribute of the user's")]
    return 1;
}

#[scopes::requires(api::users.read)]
fn with_nested_functions() -> u8 {
    #[scopes::requires(api::users.read as permit)]
    fn nested(_permit: u8) -> u8 {
        let _ = permit.subject();
        _permit
    }
    nested(scopes::test::permit(None), 7)
}

// The generated parameter gets a name that the function does not use.
#[scopes::requires(api::users.read)]
fn with_that_name(_permit: u8, _permit1: u8) -> u8 {
    _permit + _permit1
}

fn main() {
    use scopes::test::permit;
    let _ = (comparison::<true>, fifteen, of_the_c_interface, Service::<u8>::by_mutable_reference);
    let service = Service::associated(permit(None), 7_u8);
    assert_eq!(service.by_reference(permit(None)), "7");
    assert_eq!(*service.with_lifetime(permit(None)), 7);
    assert_eq!(*Box::new(Service(9)).by_absolute_path(permit(None)), 9);
    assert_eq!(Box::new(service).by_box(permit(None), 1), 7);
    assert_eq!(Service(8).by_value(permit(None)), 8);
    assert_eq!((3_u8.list(permit(None)), 3_u16.list(permit(None))), (3, 0));
    let _ = 3_u8.later(permit(None));
    assert!(generic(permit(None), [&1_u8], |item| *item > 0).all(|found| found));
    assert_eq!(patterns(permit(None), (1, 0), [2, 0, 0], 3, (), 0), 6);
    assert_eq!(attributes(permit(None)) + with_nested_functions(permit(None)) + with_that_name(permit(None), 1, 2), 11);
}
