//! The shape of templates: the form without the names of parameters. If the shapes of a router's
//! template and of a route are equal, both mean the same route.

use crate::hash::fnv;

/// The bytes of a template without the parameters' names and patterns: `/users/{}/files/{*}`.
pub(crate) fn shape(template: &str) -> impl Iterator<Item = u8> + Clone + '_ {
    let mut inside = false;
    let mut first = false;
    template.bytes().filter(move |&byte| {
        let keep = match byte {
            b'{' => {
                inside = true;
                first = true;
                return true;
            }
            b'}' => {
                inside = false;
                true
            }
            b'*' if inside && first => true,
            _ => !inside,
        };
        first = false;
        keep
    })
}

/// A 48-bit hash of method and shape.
pub(crate) fn shape_hash(method: &str, template: &str) -> u64 {
    let hash = fnv(method.bytes().chain([0]).chain(shape(template)));
    (hash ^ (hash >> 29)) >> 16
}

#[cfg(test)]
mod tests {
    use super::shape;
    use std::string::String;

    #[test]
    fn shapes_forget_names() {
        for (template, expected) in
            [("/a/{b}", "/a/{}"), ("/{a}:x/{*r}", "/{}:x/{*}"), ("/a*b", "/a*b"), ("/{id:[0-9]*}", "/{}")]
        {
            assert_eq!(String::from_utf8(shape(template).collect()).unwrap(), expected);
        }
    }
}
