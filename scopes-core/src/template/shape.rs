//! Templates without the names of their parameters: the form in which a router and the catalogue
//! mean the same route.

use crate::hash::fnv;

/// A template's bytes with the parameters' names (and patterns) left out: `/users/{}/files/{*}`.
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

/// 48 bits over method and shape.
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
