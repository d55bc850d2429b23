//! A page of a list in an answer.

use serde_json::{Map, Value, json};

use crate::kinds::record::{Fields, Properties};
use crate::kinds::{Fault, Field, Kind, Object, Record};

/// Objects of a kind, and the cursor of the next page. `next` is left out on the last page.
#[derive(Clone, Debug)]
pub(crate) struct Page<K> {
    pub(crate) objects: Vec<Object<K>>,
    pub(crate) next: Option<String>,
}

impl<K: Kind> Record for Page<K> {
    const NAME: &'static str = K::NAME;

    fn name() -> String {
        format!("{}List", K::NAME)
    }

    fn describe(properties: &mut Properties) {
        properties.described(K::LIST, json!({"type": "array", "items": Object::<K>::schema()}), true, "The objects.");
        properties.described("next", json!({"type": "string"}), false, "The `cursor` of the next page.");
    }

    fn take(_: &mut Fields) -> Result<Self, Fault> {
        Err(Fault::new("is an answer"))
    }

    fn put(&self, fields: &mut Map<String, Value>) {
        let objects = self.objects.iter().map(Object::to_json).collect();
        fields.insert(K::LIST.to_owned(), objects);
        if let Some(next) = &self.next {
            fields.insert("next".to_owned(), json!(next));
        }
    }
}
