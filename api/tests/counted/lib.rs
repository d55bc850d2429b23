//! A crate for the test of the count. Modules do not count: this `assert_eq!` belongs to no item.
//!
//! ```
//! assert_eq!(counted::Type::of_the_type(), 1);
//! ```

mod private {
    /// Reached by its re-export, which documents it.
    pub struct ReExported;

    /// Not reached.
    pub fn unreachable() {}
}

/// With an example:
///
/// ```
/// assert!(matches!(counted::ReExported, counted::ReExported));
/// ```
pub use private::ReExported;

/// Once more, which counts once.
pub use private::ReExported as Again;

/// With an example.
///
/// ```
/// assert_eq!(counted::function(), 1);
/// ```
pub fn function() -> u8 {
    1
}

/// Without one.
pub fn bare() {}

/// A field and variants are not counted, nor are derived methods.
#[derive(Clone, Debug)]
pub struct Type {
    /// A field.
    pub field: u8,
}

impl Type {
    /// A constant is not counted.
    pub const ZERO: u8 = 0;

    /// With an example.
    ///
    /// ```
    /// println!("{}", counted::Type::of_the_type());
    /// ```
    pub fn of_the_type() -> u8 {
        1
    }

    /// Without one.
    ///
    /// ```ignore
    /// assert_eq!(counted::Type::ignored(), ());
    /// ```
    pub fn ignored() {}

    /// Hidden.
    #[doc(hidden)]
    pub fn hidden() {}

    fn private() {}
}

/// Its methods are counted here, not where it is implemented.
pub trait Trait {
    /// Required.
    fn required();

    /// Provided.
    fn provided() {}
}

impl Trait for Type {
    /// ```
    /// assert_eq!(<counted::Type as counted::Trait>::required(), ());
    /// ```
    fn required() {}
}

/// An enum.
pub enum Enum {
    /// A variant.
    Variant,
}

/// An alias.
pub type Alias = Type;

/// A macro.
///
/// ```compile_fail
/// counted::a_macro!(1);
/// ```
#[macro_export]
macro_rules! a_macro {
    () => {};
}
