use reqwest::header::HOST;
use tango_orders_sandbox::Sandbox;

use crate::caller::{Response, client};

#[tokio::test]
async fn hosts_that_a_page_of_the_web_could_have_are_refused() {
    let builder = Sandbox::builder().host("api.test.internal");
    let sandbox = builder.start().await.unwrap();
    for (host, is_known) in [
        ("127.0.0.1", true),
        ("127.0.0.1:8080", true),
        ("10.1.2.3:80", true),
        ("[::1]", true),
        ("[::1]:8080", true),
        ("localhost", true),
        ("LOCALHOST:1", true),
        ("localhost.", true),
        ("sandbox.localhost", true),
        ("sandbox:8080", true),
        ("api.test.internal", true),
        ("API.test.internal.:80", true),
        ("attacker.example", false),
        ("attacker.example:8080", false),
        ("127.0.0.1.attacker.example", false),
        ("localhost.attacker.example", false),
        ("notlocalhost.example", false),
        ("api.test.internal.attacker.example", false),
        ("test.internal", false),
        ("[attacker.example]", false),
        ("[::1].attacker.example", false),
    ] {
        for path in ["/", "/openapi.json", "/oauth/token", "/raas/v2/orders/RA260115-1001-01"] {
            let url = format!("http://{}{path}", sandbox.address());
            let call = client().get(url).bearer_auth("sandbox-token").header(HOST, host);
            let status = Response::of(call).await.status;
            assert_eq!(status != 421, is_known, "{host}{path}: {status}");
        }
    }
}
