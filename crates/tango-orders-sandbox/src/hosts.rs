//! For whom the sandbox answers: names that only its own user can have chosen.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, Ipv6Addr};

use axum::http::uri::Authority;
use axum::http::{Request, StatusCode, header};

use crate::error_response::ErrorResponse;

/// The names under which a sandbox is asked.
///
/// A page of the web can let its own name lead to this machine once it is loaded (DNS rebinding), and
/// would then read what is served here. Such a request has that name in `Host`. Addresses, `localhost`
/// and names without a dot, as machines and containers have, are no names that a page could have.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hosts {
    allowed: BTreeSet<String>,
}

impl Hosts {
    pub(crate) fn allow(&mut self, name: &str) {
        self.allowed.insert(name.trim_end_matches('.').to_ascii_lowercase());
    }

    /// Whether the request is for this server.
    pub(crate) fn check<B>(&self, request: &Request<B>) -> Result<(), ErrorResponse> {
        let host = request.headers().get(header::HOST);
        let host = host.map(|host| host.to_str().unwrap_or("."));
        // An address that is whole counts more than `Host` (RFC 9112, section 3.2.2); both are held to
        // the same rule.
        let asked = request.uri().authority().map(Authority::as_str);
        if [host, asked].into_iter().flatten().all(|host| self.knows(host)) {
            return Ok(());
        }
        let message = "The sandbox does not answer for this host. If the name is yours, start it with \
                       `--host NAME`.";
        let status = StatusCode::MISDIRECTED_REQUEST;
        Err(ErrorResponse::whole_request(status, "421.001", message, Vec::new()))
    }

    fn knows(&self, host: &str) -> bool {
        if let Some((address, port)) = host.strip_prefix('[').and_then(|it| it.split_once(']')) {
            return address.parse::<Ipv6Addr>().is_ok()
                && (port.is_empty() || port.starts_with(':'));
        }
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        let name = name.trim_end_matches('.').to_ascii_lowercase();
        name.parse::<Ipv4Addr>().is_ok()
            || !name.contains(['.', '['])
            || name.ends_with(".localhost")
            || self.allowed.contains(&name)
    }
}
