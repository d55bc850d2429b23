//! Values of JSON bodies: how each is read, checked and written, and its JSON Schema.
//!
//! One type does all four, so that a schema never promises what the server refuses.

use serde_json::{Map, Value, json};

use super::fault::Fault;
use super::text::FieldName;

/// A value of a body.
pub trait Field: Sized {
    /// The JSON Schema of the value: what [`read`](Self::read) accepts and [`write`](Self::write)
    /// returns.
    fn schema() -> Value;

    /// Reads and checks a value.
    ///
    /// # Errors
    ///
    /// If the value does not fit the schema.
    fn read(value: Value) -> Result<Self, Fault>;

    /// Returns the value as JSON, or `None` if its field is left out.
    fn write(&self) -> Option<Value>;

    /// Returns the value of a field that is left out, if it may be left out.
    #[must_use]
    fn absent() -> Option<Self> {
        None
    }
}

impl Field for bool {
    fn schema() -> Value {
        json!({"type": "boolean"})
    }

    fn read(value: Value) -> Result<Self, Fault> {
        value.as_bool().ok_or_else(|| Fault::new("must be true or false"))
    }

    fn write(&self) -> Option<Value> {
        Some(json!(self))
    }
}

/// A field that may be left out. It cannot be null.
impl<T: Field> Field for Option<T> {
    fn schema() -> Value {
        T::schema()
    }

    fn read(value: Value) -> Result<Self, Fault> {
        T::read(value).map(Some)
    }

    fn write(&self) -> Option<Value> {
        self.as_ref().and_then(T::write)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

/// A whole number within limits, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Number<const MIN: u64, const MAX: u64>(pub u64);

impl<const MIN: u64, const MAX: u64> Field for Number<MIN, MAX> {
    fn schema() -> Value {
        json!({"type": "integer", "minimum": MIN, "maximum": MAX})
    }

    fn read(value: Value) -> Result<Self, Fault> {
        // JSON Schema counts 1.0 among the integers.
        let number = value.as_u64().or_else(|| {
            let number = value.as_f64().filter(|number| number.fract() == 0.0 && (0.0..=9e15).contains(number))?;
            Some(number as u64)
        });
        match number {
            Some(number) if (MIN..=MAX).contains(&number) => Ok(Self(number)),
            _ => Err(Fault::new(format!("must be a whole number from {MIN} to {MAX}"))),
        }
    }

    fn write(&self) -> Option<Value> {
        Some(json!(self.0))
    }
}

/// A list with a least and a greatest number of items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List<T, const MIN: usize, const MAX: usize>(pub Vec<T>);

impl<T: Field, const MIN: usize, const MAX: usize> Field for List<T, MIN, MAX> {
    fn schema() -> Value {
        json!({"type": "array", "items": T::schema(), "minItems": MIN, "maxItems": MAX})
    }

    fn read(value: Value) -> Result<Self, Fault> {
        let wrong = || Fault::new(format!("must be a list of {MIN} to {MAX} items"));
        let Value::Array(items) = value else { return Err(wrong()) };
        if !(MIN..=MAX).contains(&items.len()) {
            return Err(wrong());
        }
        let items = items.into_iter().enumerate().map(|(at, item)| T::read(item).map_err(|fault| fault.in_item(at)));
        items.collect::<Result<_, _>>().map(Self)
    }

    fn write(&self) -> Option<Value> {
        Some(Value::Array(self.0.iter().filter_map(T::write).collect()))
    }
}

/// An object whose names are those of custom fields. All values have one type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named<T, const MAX: usize>(pub Vec<(String, T)>);

impl<T: Field, const MAX: usize> Field for Named<T, MAX> {
    fn schema() -> Value {
        json!({"type": "object", "propertyNames": FieldName::schema(), "additionalProperties": T::schema(), "maxProperties": MAX})
    }

    fn read(value: Value) -> Result<Self, Fault> {
        let Value::Object(fields) = value else { return Err(Fault::new("must be an object")) };
        if fields.len() > MAX {
            return Err(Fault::new(format!("must have at most {MAX} names")));
        }
        let fields = fields.into_iter().map(|(name, value)| {
            let in_field = |fault: Fault| fault.in_field(super::fault::shown(&name));
            FieldName::read(json!(name)).map_err(|_| in_field(Fault::new("is not a name of letters, digits and _")))?;
            let read = T::read(value).map_err(in_field)?;
            Ok((name, read))
        });
        fields.collect::<Result<_, _>>().map(Self)
    }

    fn write(&self) -> Option<Value> {
        let fields = self.0.iter().filter_map(|(name, value)| Some((name.clone(), value.write()?)));
        Some(Value::Object(fields.collect()))
    }
}

/// Any object, such as the data of an event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AnyObject(pub Map<String, Value>);

impl Field for AnyObject {
    fn schema() -> Value {
        json!({"type": "object"})
    }

    fn read(value: Value) -> Result<Self, Fault> {
        match value {
            Value::Object(fields) => Ok(Self(fields)),
            _ => Err(Fault::new("must be an object")),
        }
    }

    fn write(&self) -> Option<Value> {
        Some(Value::Object(self.0.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_include_both_ends() {
        type Small = Number<1, 5>;
        for (value, expected) in [
            (json!(1), Some(1)),
            (json!(5), Some(5)),
            (json!(5.0), Some(5)),
            (json!(0), None),
            (json!(6), None),
            (json!(1.5), None),
            (json!(-1), None),
            (json!("1"), None),
            (json!(1e300), None),
            (json!(null), None),
        ] {
            assert_eq!(Small::read(value.clone()).ok().map(|number| number.0), expected, "{value}");
        }
        type Pair = List<bool, 1, 2>;
        for (value, is_sound) in [
            (json!([true]), true),
            (json!([true, false]), true),
            (json!([]), false),
            (json!([true, true, true]), false),
            (json!({"0": true}), false),
        ] {
            assert_eq!(Pair::read(value.clone()).is_ok(), is_sound, "{value}");
        }
        let fault = Pair::read(json!([true, 1])).unwrap_err();
        assert_eq!(fault.to_string(), "`[1]` must be true or false");
    }

    #[test]
    fn names_are_shown_cut() {
        type Flags = Named<bool, 1>;
        assert!(Flags::read(json!({"a": true, "b": true})).is_err());
        assert_eq!(Flags::read(json!({"a": 1})).unwrap_err().field(), "a");
        for name in ["", "a b", "a\u{84}", "é"] {
            let fault = Flags::read(json!({ name: true })).unwrap_err();
            assert!(fault.to_string().contains("is not a name of letters, digits and _"), "{fault}");
        }
        let long = "x".repeat(5000);
        assert_eq!(Flags::read(json!({ long: 1 })).unwrap_err().field().len(), 40);
    }
}
