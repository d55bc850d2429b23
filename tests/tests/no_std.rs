//! A crate without the standard library decides from a catalogue in JSON.

const CATALOGUE: &str = r#"{
    "name": "devices", "tenant": "device",
    "scopes": [
        {"scope": "logs.read", "routes": [["GET", "/devices/{device}/logs"]]},
        {"scope": "logs.write", "routes": [["POST", "/devices/{device}/logs"]]},
        {"scope": "all.read", "includes": ["*.read"], "routes": []}
    ]
}"#;

#[test]
fn a_device_decides() {
    for (scope, tenant, method, target, allowed) in [
        ("logs.read", "D1", "GET", "/devices/D1/logs", true),
        ("all.read", "D1", "GET", "/devices/D1/logs?from=0", true),
        ("logs.read", "D2", "GET", "/devices/D1/logs", false),
        ("logs.read", "D1", "POST", "/devices/D1/logs", false),
        ("nothing", "D1", "GET", "/devices/D1/logs", false),
        ("logs.read", "D1", "GET", "/devices/D1/../D2/logs", false),
    ] {
        let found = scopes_fixture_no_std::is_allowed(CATALOGUE, scope, tenant, method, target);
        assert_eq!(found, Ok(allowed), "{scope} {tenant} {method} {target}");
    }
}
