//! The exact bytes that are signed.

/// The message a request's signature covers ([protocol §1.1]): five values, a line feed after each, the last included.
///
/// `target` is the request target as it goes on the wire, path and raw query ([§1.2]); `body` the bytes transmitted,
/// empty when there are none, the text of the `meta` part for an upload ([§1.3]).
///
/// [protocol §1.1]: crate::docs::protocol::signing#11-the-message
/// [§1.2]: crate::docs::protocol::signing#12-the-canonical-url
/// [§1.3]: crate::docs::protocol::signing#13-the-body
#[must_use]
pub fn request(method: &str, target: &str, timestamp: &str, nonce: &str, body: &[u8]) -> Vec<u8> {
    lines(&[method.as_bytes(), target.as_bytes(), timestamp.as_bytes(), nonce.as_bytes(), body])
}

/// The message the signature of an answer or a notification covers ([protocol §2.2]).
///
/// `timestamp` and `nonce` are the header texts verbatim, `body` the raw bytes before any parsing.
///
/// [protocol §2.2]: crate::docs::protocol::verification#22-the-message
#[must_use]
pub fn response(timestamp: &str, nonce: &str, body: &[u8]) -> Vec<u8> {
    lines(&[timestamp.as_bytes(), nonce.as_bytes(), body])
}

/// The message that `paySign` covers when a client pays ([protocol §9.1]).
///
/// `package` is `prepay_id=…` for JSAPI and mini programs, and the bare prepay id for apps.
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
