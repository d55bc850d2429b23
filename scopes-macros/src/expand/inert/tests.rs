use super::*;

#[test]
fn code_is_plain() {
    for (text, expected) in [
        ("", ""),
        ("Read users.", "Read users."),
        ("One.\n\n* a\n* b\n\nTwo.", "One.\n\n* a\n* b\n\nTwo."),
        ("```\na\n```", "```text\na\n```"),
        ("```rust\na\n```\nb\n```http,ignore\nc\n```", "```text\na\n```\nb\n```text\nc\n```"),
        ("~~~~ json\n~~~\n~~~~\n~~~\na\n~~~", "~~~~text\n~~~\n~~~~\n~~~text\na\n~~~"),
        ("Use ``` x ``` so.\n``` x ```", "Use ``` x ``` so.\n``` x ```"),
        ("> ```\n> a\n> ```\n- ```\n  a\n  ```", "> ```text\n> a\n> ```\n- ```text\n  a\n  ```"),
        ("1. x\n\n   ```\n   a\n   ```", "1. x\n\n   ```text\n   a\n   ```"),
        ("Try:\n\n    curl\n      -H\n\nThen.", "Try:\n\n```text\ncurl\n  -H\n```\n\nThen."),
        ("    a\n\n    b\n\n", "```text\na\n\nb\n```\n"),
        ("\ta", "```text\na\n```"),
        ("    ```\n    a\n    ```\n```\nb\n```", "````text\n```\na\n```\n````\n```text\nb\n```"),
        // A line that goes on, and a paragraph of an item.
        ("One\n    two", "One\n    two"),
        ("* a\n\n    more\n\nOne.\n\n    b", "* a\n\n    more\n\nOne.\n\n```text\nb\n```"),
        // Never closed.
        ("```\na", "```text\na\n```"),
        ("- ```\n  a", "- ```text\n  a\n  ```"),
    ] {
        assert_eq!(inert(text), expected, "{text:?}");
    }
}

/// What was made plain stays as it is.
#[test]
fn twice_is_once() {
    for text in ["```\na\n```", "a\n\n    b\n\nc", "- ```\n  a", "* a\n\n    b"] {
        assert_eq!(inert(&inert(text)), inert(text), "{text:?}");
    }
}

#[test]
fn summaries() {
    for (text, expected) in [
        ("", ""),
        ("One.", "One."),
        ("One,\nand more.\n\nTwo.", "One,\nand more."),
        ("One:\n```\na\n```", "One:"),
        ("```\na\n```", ""),
        ("    a", ""),
        ("One\n    two", "One\n    two"),
    ] {
        assert_eq!(summary(text), expected, "{text:?}");
    }
}
