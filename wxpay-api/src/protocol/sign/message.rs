//! The exact bytes that signatures cover.

/// Builds the message of a request's signature ([protocol §1.1]): five values, with a line feed after each.
///
/// * `target` is the request target as sent: path and raw query ([§1.2]).
/// * `body` is the body as sent, empty without one. For an upload it is the text of the `meta` part ([§1.3]).
///
/// [protocol §1.1]: crate::docs::protocol::signing#11-the-message
/// [§1.2]: crate::docs::protocol::signing#12-the-canonical-url
/// [§1.3]: crate::docs::protocol::signing#13-the-body
#[must_use]
pub fn request(method: &str, target: &str, timestamp: &str, nonce: &str, body: &[u8]) -> Vec<u8> {
    lines(&[method.as_bytes(), target.as_bytes(), timestamp.as_bytes(), nonce.as_bytes(), body])
}

/// Builds the message of the signature of a response or a notification ([protocol §2.2]).
///
/// `timestamp` and `nonce` are the exact header texts, and `body` is the raw body before any parsing.
///
/// [protocol §2.2]: crate::docs::protocol::verification#22-the-message
#[must_use]
pub fn response(timestamp: &str, nonce: &str, body: &[u8]) -> Vec<u8> {
    lines(&[timestamp.as_bytes(), nonce.as_bytes(), body])
}

/// Builds the message of the `paySign` with which a front end pays ([protocol §9.1]).
///
/// `package` is `prepay_id=…` for JSAPI and mini programs, and the prepay id alone for apps.
///
/// [protocol §9.1]: crate::docs::protocol::invocation#91-paysign
#[must_use]
pub fn payment(appid: &str, timestamp: &str, nonce: &str, package: &str) -> Vec<u8> {
    lines(&[appid.as_bytes(), timestamp.as_bytes(), nonce.as_bytes(), package.as_bytes()])
}

fn lines(values: &[&[u8]]) -> Vec<u8> {
    let mut message = Vec::with_capacity(values.iter().map(|value| value.len() + 1).sum());
    for value in values {
        message.extend_from_slice(value);
        message.push(b'\n');
    }
    message
}
