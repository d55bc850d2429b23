//! Objects with named fields, and the macro that declares them.

use serde_json::{Map, Value, json};

use super::fault::{Fault, shown};
use super::field::Field;

/// An object with named fields. Declared with `record!`.
pub trait Record: Sized {
    /// The name of its schema.
    const NAME: &'static str;

    /// Returns the name of the schema of the whole object.
    #[must_use]
    fn name() -> String {
        Self::NAME.to_owned()
    }

    /// Adds the schemas of its fields.
    fn describe(properties: &mut Properties);

    /// Takes its fields out of an object.
    ///
    /// # Errors
    ///
    /// If a field is missing or wrong.
    fn take(fields: &mut Fields) -> Result<Self, Fault>;

    /// Adds its fields to an object.
    fn put(&self, fields: &mut Map<String, Value>);
}

impl<R: Record> Field for R {
    fn schema() -> Value {
        let mut properties = Properties::default();
        R::describe(&mut properties);
        properties.schema()
    }

    fn read(value: Value) -> Result<Self, Fault> {
        let Value::Object(fields) = value else { return Err(Fault::new("must be an object")) };
        let mut fields = Fields { rest: fields, known: Vec::new() };
        let read = R::take(&mut fields)?;
        fields.finish()?;
        Ok(read)
    }

    fn write(&self) -> Option<Value> {
        let mut fields = Map::new();
        self.put(&mut fields);
        Some(Value::Object(fields))
    }
}

/// The schemas of an object's fields.
#[derive(Clone, Debug, Default)]
pub struct Properties {
    schemas: Map<String, Value>,
    required: Vec<String>,
}

impl Properties {
    /// Adds a field.
    pub fn field<T: Field>(&mut self, name: &str, description: &str) {
        self.described(&json_name(name), T::schema(), T::absent().is_none(), description);
    }

    /// Adds a field by its name in JSON and its schema.
    pub fn described(&mut self, name: &str, mut schema: Value, is_required: bool, description: &str) {
        if let Value::Object(schema) = &mut schema {
            schema.insert("description".to_owned(), json!(description.trim()));
        }
        if is_required {
            self.required.push(name.to_owned());
        }
        self.schemas.insert(name.to_owned(), schema);
    }

    /// Returns the schema of the object. It has no other fields.
    #[must_use]
    pub fn schema(self) -> Value {
        let mut schema = json!({"type": "object", "properties": self.schemas, "additionalProperties": false});
        if !self.required.is_empty() {
            schema["required"] = json!(self.required);
        }
        schema
    }
}

/// The fields of an object that are not read yet.
#[derive(Debug)]
pub struct Fields {
    rest: Map<String, Value>,
    known: Vec<String>,
}

impl Fields {
    /// Takes a field.
    ///
    /// # Errors
    ///
    /// If the field is missing or wrong.
    pub fn field<T: Field>(&mut self, name: &str) -> Result<T, Fault> {
        let name = json_name(name);
        let read = match self.rest.remove(&name) {
            Some(value) => T::read(value),
            None => T::absent().ok_or_else(|| Fault::new("is required")),
        };
        let read = read.map_err(|fault| fault.in_field(&name))?;
        self.known.push(name);
        Ok(read)
    }

    /// Refuses the fields that no record has taken.
    fn finish(self) -> Result<(), Fault> {
        match self.rest.keys().next() {
            None => Ok(()),
            Some(name) => {
                let known = self.known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
                let known = if known.is_empty() { "it has no fields".to_owned() } else { format!("known: {known}") };
                // The path of an empty name would be that of the object.
                if name.is_empty() {
                    return Err(Fault::new(format!("has a field without a name; {known}")));
                }
                Err(Fault::of(shown(name), format!("is not a field here; {known}")))
            }
        }
    }
}

/// The name in JSON of a Rust field: `first_name` is `firstName`.
#[must_use]
pub fn json_name(name: &str) -> String {
    let mut parts = name.trim_start_matches("r#").split('_');
    let mut written = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let mut characters = part.chars();
        written.extend(characters.next().map(|first| first.to_ascii_uppercase()));
        written.push_str(characters.as_str());
    }
    written
}

/// Declares a record: a struct whose fields have types that implement `Field`.
///
/// `extends common: Base` begins the record with the fields of another record, which JSON shows
/// side by side.
macro_rules! record {
    (
        $(#[doc = $doc:literal])*
        pub struct $Name:ident $(extends $base:ident: $Base:ty)? {
            $($(#[doc = $about:literal])+ $field:ident: $type:ty,)*
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug, PartialEq)]
        #[allow(unreachable_pub, reason = "the records of tests are in private modules")]
        pub struct $Name {
            $(#[doc = "The fields shared with another record."] pub $base: $Base,)?
            $($(#[doc = $about])+ pub $field: $type,)*
        }

        impl $crate::kinds::record::Record for $Name {
            const NAME: &'static str = stringify!($Name);

            #[allow(unused_variables, reason = "a record may have no fields")]
            fn describe(properties: &mut $crate::kinds::record::Properties) {
                $(<$Base as $crate::kinds::record::Record>::describe(properties);)?
                $(properties.field::<$type>(stringify!($field), concat!($($about),+));)*
            }

            #[allow(unused_variables, reason = "a record may have no fields")]
            fn take(
                fields: &mut $crate::kinds::record::Fields,
            ) -> Result<Self, $crate::kinds::fault::Fault> {
                Ok(Self {
                    $($base: <$Base as $crate::kinds::record::Record>::take(fields)?,)?
                    $($field: fields.field(stringify!($field))?,)*
                })
            }

            #[allow(unused_variables, reason = "a record may have no fields")]
            fn put(&self, fields: &mut serde_json::Map<String, serde_json::Value>) {
                $($crate::kinds::record::Record::put(&self.$base, fields);)?
                $(if let Some(value) = $crate::kinds::field::Field::write(&self.$field) {
                    fields.insert($crate::kinds::record::json_name(stringify!($field)), value);
                })*
            }
        }
    };
}

pub(crate) use record;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::text::Text;

    record! {
        /// What two records share.
        pub struct Base {
            /// A name.
            first_name: Text<5>,
        }
    }

    record! {
        /// A record that extends another one.
        pub struct Whole extends base: Base {
            /// A flag.
            r#type: Option<bool>,
            /// Another record.
            inner: Option<Base>,
        }
    }

    #[test]
    fn a_record_is_read_and_written() {
        for body in [
            json!({"firstName": "Ada"}),
            json!({"firstName": "Ada", "type": true}),
            json!({"firstName": "Ada", "type": false, "inner": {"firstName": "B"}}),
        ] {
            let read = Whole::read(body.clone()).unwrap();
            assert_eq!(read.write(), Some(body));
        }
        assert_eq!(Whole::NAME, "Whole");
        assert_eq!(
            Base::schema(),
            json!({
                "type": "object",
                "properties": {
                    "firstName": {
                        "type": "string", "minLength": 1, "maxLength": 5, "pattern": crate::kinds::hidden::LINE.new,
                        "description": "A name.",
                    },
                },
                "additionalProperties": false,
                "required": ["firstName"],
            })
        );
    }

    #[test]
    fn a_fault_names_its_field() {
        for (body, text) in [
            (json!({}), "`firstName` is required"),
            (json!({"firstName": null}), "`firstName` must be a text"),
            (json!({"firstName": "Ada", "type": null}), "`type` must be true or false"),
            (json!({"firstName": "Ada", "inner": {}}), "`inner.firstName` is required"),
            (json!({"firstName": "Ada", "inner": ["B"]}), "`inner` must be an object"),
            (json!({"firstName": "Ada", "first_name": "x"}), "`first_name` is not a field here"),
            (json!({"firstName": "Ada", "": 1}), "the body has a field without a name; known: `firstName`"),
            (json!({"firstName": "Ada", "inner": {"firstName": "B", "": 1}}), "`inner` has a field without a name"),
            (json!(["Ada"]), "the body must be an object"),
            (json!(null), "the body must be an object"),
        ] {
            let fault = Whole::read(body.clone()).unwrap_err().to_string();
            assert!(fault.starts_with(text), "{body}: {fault}");
        }
        let long = "é".repeat(3000);
        assert!(Whole::read(json!({"firstName": "a", long: 1})).unwrap_err().to_string().len() < 200);
    }
}
