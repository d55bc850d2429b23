//! Inputs of the macros, and requirements.

use super::routes::path;
use crate::Random;

pub(crate) fn requirement(random: &mut Random) -> Vec<u8> {
    // In an `all` of `any`s the alternatives multiply.
    if random.once_in(6) {
        let members = 4 + random.below(3);
        let mut bytes = vec![128 | 8 | members as u8];
        for member in 0..members {
            bytes.push(128 | 16 | 3);
            bytes.extend((0..3).map(|of| (member * 3 + of) as u8 % 12));
        }
        return bytes;
    }
    let length = random.below(64);
    (0..length)
        .map(|_| match random.below(8) {
            0 => (128 | 16 | (2 + random.below(4))) as u8,
            1 => (128 | 8 | (2 + random.below(4))) as u8,
            2 if random.once_in(8) => 128,
            _ => random.below(130) as u8,
        })
        .collect()
}

pub(crate) fn dsl(random: &mut Random) -> Vec<u8> {
    let pieces = [
        "scopes",
        "pub mod api;",
        "a.b",
        ";",
        "{",
        "}",
        "(",
        ")",
        "includes",
        "*.read",
        "GET",
        "\"/x\"",
        "#[raw(x)]",
        "under",
        "all(",
        "any(",
        "as",
        ",",
        "..",
        "#![strict]",
        "tenant x;",
        "base \"/b\";",
        "r#type",
        "0.1",
        "'a",
        "\"",
        "!",
        "->",
        "&self",
    ];
    let text = if random.once_in(3) { requires(random) } else { catalogue(random) };
    if random.once_in(2) { random.mutated(text.as_bytes(), &pieces) } else { text.into_bytes() }
}

fn catalogue(random: &mut Random) -> String {
    let route = |random: &mut Random| {
        let attribute = random.pick(&[
            "",
            "",
            "",
            "/// Text.\n",
            "#[deprecated = \"x\"] ",
            "#[deprecated(since = \"2026-11-01\", sunset = \"2027-05-01\", note = \"x\")] ",
            "#[global(\"why\")] ",
            "#[trailing_slash] ",
            "#[raw(p0)] ",
        ]);
        let method = random.pick(&["GET", "POST", "PUT", "\"PURGE\"", "get"]);
        let own = random.below(60);
        let name = if random.once_in(6) { format!(" as name_{own}") } else { String::new() };
        format!("{attribute}{method} \"/r{own}{}\"{name};", path(random))
    };
    let item = |random: &mut Random| {
        let routes = random.pieces(0, 3, " ", route);
        match random.below(10) {
            0 => format!("all(users.read, \"x-y\") {{ {routes} }}"),
            1 => format!("public(\"why\") {{ {routes} }}"),
            2 => format!("s{}.read {{ under \"/u/:u\" {{ {routes} }} }}", random.below(9)),
            3 => format!("s{} includes *.read;", random.below(9)),
            5 => {
                let end =
                    random.pick(&["2027-05-01", "2027-05-01", "2027-05-01\", use = g1.s1, note = \"", "2027-02-29"]);
                let (old, own) = (random.below(30), random.below(9));
                format!(
                    "#[was(\"old:{old}\")] #[title = \"T\"] #[deprecated(sunset = \"{end}\")] h{own}.s {{ {routes} }}"
                )
            }
            _ => format!("g{}.s{} {{ {routes} }}", random.below(5), random.below(30)),
        }
    };
    let head = random.pick(&[
        "pub mod api;",
        "mod api;",
        "#![strict] /// T\n pub(crate) mod r#type;",
        "#[non_exhaustive] pub mod api; base \"/b\";",
    ]);
    format!("{head} {}", random.pieces(0, 6, "\n", item))
}

fn requires(random: &mut Random) -> String {
    let arguments = random.pick(&[
        "api::users.read",
        "users.read",
        "any(api::a.b, api::c)",
        "all(api::a, any(api::b, api::c.d))",
        "api::a as permit",
        "api::a, GET \"/x/:id\"",
        "api::a, from = grant",
        "api::a, stricter",
        "api::a, tenant = t",
        "api::a, api::b",
        "",
        "api::a, unchecked_route(\"why\")",
        "api::a, via = my::Permit",
        "api::a, unbound = \"why\", from = g",
        "!api::a",
        "api::a | api::b",
    ]);
    let item = random.pick(&[
        "async fn f() -> u8 { 1 }",
        "pub fn f(x: u8) {}",
        "fn f<T: A>(#[grant] r: Request<T>) -> Result<(), Denied> where T: B { Ok(()) }",
        "struct S;",
        "fn f(a: impl Fn(u8) -> u8, b: [u8; 3]) -> impl Sized {}",
        "/// Doc.\n#[get(\"/x\")] fn f() {}",
        "const fn f() {}",
        "fn f<const N: usize>(x: [u8; N]) -> ! { loop {} }",
        "impl S { fn f(&self) {} }",
        "fn f(grant: &G) -> R { Ok(1) }",
    ]);
    format!("{arguments}\n---\n{item}")
}
