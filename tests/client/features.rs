//! Features that nobody switches on for anybody else.

use std::process::Command;

#[test]
fn the_sandbox_lets_no_response_of_its_users_be_written_with_secrets() {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--package", "tango-orders-sandbox"])
        .args(["--edges", "normal,features", "--invert", "openapi-client"])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .output()
        .unwrap();
    let tree = String::from_utf8(output.stdout).unwrap();
    assert!(tree.contains("openapi-client feature \"utoipa\""), "{tree}");
    assert!(!tree.contains("openapi-client feature \"serialize\""), "{tree}");
}
