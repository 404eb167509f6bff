//! The verdicts on a refused `Authorization`, each with its code and a sentence.

use serde::{Serialize, Serializer};

/// Why the sandbox refused the `Authorization` of a request.
///
/// It serializes as its [code](SignatureVerdict::code).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum SignatureVerdict {
    /// The request has no `Authorization` header.
    AuthorizationMissing,
    /// The request has the header twice, or it is not text.
    AuthorizationNotOne,
    /// The header has a scheme that WeChat Pay does not have.
    UnknownScheme,
    /// The text after the scheme is not a list of the five pairs.
    AuthorizationMalformed,
    /// No account has this merchant number or brand id.
    UnknownMerchant,
    /// The account signs with another scheme.
    OtherScheme,
    /// A brand called a path of merchants, or a merchant one of brands.
    OtherPath,
    /// No account has a certificate with this serial number.
    UnknownSerial,
    /// The serial number is that of another account's certificate.
    SerialOfOtherAccount,
    /// The serial number is that of a key of WeChat Pay, not of the merchant's certificate.
    SerialOfWechatPay,
    /// The serial number is written in decimal digits.
    SerialInDecimal,
    /// The timestamp is not a whole number of seconds.
    TimestampNotSeconds,
    /// The timestamp counts milliseconds.
    TimestampInMilliseconds,
    /// The clocks differ by more than five minutes.
    ClockDiffers,
    /// The signature is empty.
    SignatureEmpty,
    /// The signature is not Base64.
    SignatureNotBase64,
    /// The signature is in the URL-safe alphabet of Base64.
    SignatureBase64Url,
    /// The signature is Base64 without its `=` at the end.
    SignatureUnpadded,
    /// The signature is in hexadecimal.
    SignatureHex,
    /// The signature was encoded in Base64 twice.
    SignatureBase64Twice,
    /// The signature is percent-encoded.
    SignaturePercentEncoded,
    /// The signature has white space in it, or spaces where `+` was.
    SignatureWhitespace,
    /// The signature has another length than the merchant's key makes.
    SignatureLength,
    /// The key of another account made the signature.
    KeyOfOtherAccount,
    /// Another private key than that of the certificate made the signature.
    OtherKey,
    /// The signature has the padding of PSS, not of PKCS#1 v1.5.
    PssPadding,
    /// The signature contains a digest without its algorithm.
    BareDigest,
    /// The signature is over another digest than SHA-256, such as SHA-1 or MD5.
    OtherDigest,
    /// The digest of the message was signed like a message.
    DigestSigned,
    /// The method was signed differently, for example in lower case.
    OtherMethod,
    /// The URL was signed without its query.
    UrlWithoutQuery,
    /// The URL was signed with its scheme or host.
    UrlWithHost,
    /// The URL was signed before its values were percent-encoded.
    UrlDecoded,
    /// The URL was signed with another percent-encoding.
    UrlOtherEncoding,
    /// The URL was signed with its parameters in another order.
    UrlOtherOrder,
    /// The path was signed differently, for example without `/v3`.
    UrlOtherPath,
    /// The timestamp was signed differently than it is in the header.
    OtherTimestamp,
    /// The nonce was signed differently than it is in the header.
    OtherNonce,
    /// Nothing was signed as the body, although one was sent.
    BodyNotSigned,
    /// Something was signed as the body, although none was sent.
    BodyNotSent,
    /// The body was signed with other white space.
    BodyWhitespace,
    /// The body was signed with other escapes in its texts, such as `\u4e2d` or `\/`.
    BodyEscapes,
    /// The body was signed with its members in another order.
    BodyOrder,
    /// The whole multipart body was signed, not the text of `meta`.
    UploadSigned,
    /// The file of an upload was signed, not the text of `meta`.
    FileSigned,
    /// The line feed after the last line is missing.
    FinalNewlineMissing,
    /// An empty line follows the last one.
    NewlineTooMany,
    /// The lines end with CR LF, not LF.
    LinesEndWithCrLf,
    /// The lines are divided by a backslash and `n`.
    NewlinesEscaped,
    /// The lines are not divided at all, or by another character.
    LinesJoined,
    /// The lines are in another order, such as that of a response.
    LinesOtherOrder,
    /// The merchant's key signed another message, and none of the usual mistakes.
    OtherMessage,
    /// The signature says nothing of what was signed: SM2 does not reveal it.
    Unexplained,
}

impl SignatureVerdict {
    /// Returns the code, such as `url-without-query`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.texts().0
    }

    /// Returns what to do.
    pub(super) const fn sentence(self) -> &'static str {
        self.texts().1
    }

    const fn texts(self) -> (&'static str, &'static str) {
        match self {
            Self::AuthorizationMissing => {
                ("authorization-missing", "Send the header Authorization.")
            }
            Self::AuthorizationNotOne => {
                ("authorization-not-one", "Send the header Authorization once, as visible ASCII.")
            }
            Self::UnknownScheme => {
                ("unknown-scheme", "Begin with `WECHATPAY2-SHA256-RSA2048` and one space.")
            }
            Self::AuthorizationMalformed => (
                "authorization-malformed",
                "After the scheme come the five pairs name=\"value\", with a comma and no space between them.",
            ),
            Self::UnknownMerchant => {
                ("unknown-merchant", "Use the merchant number and keys that this sandbox made.")
            }
            Self::OtherScheme => ("other-scheme", "Use the scheme of the account."),
            Self::OtherPath => ("other-path", "Paths under /brand/ are for brands alone."),
            Self::UnknownSerial => (
                "unknown-serial",
                "`serial_no` is the serial number of the merchant's certificate, apiclient_cert.pem.",
            ),
            Self::SerialOfOtherAccount => (
                "serial-of-other-account",
                "Use the certificate and the key of the merchant that the header names.",
            ),
            Self::SerialOfWechatPay => (
                "serial-of-wechat-pay",
                "`serial_no` is the serial number of the merchant's own certificate, apiclient_cert.pem. The id of WeChat \
                 Pay's key belongs into Wechatpay-Serial.",
            ),
            Self::SerialInDecimal => {
                ("serial-in-decimal", "Write the serial number in hexadecimal digits.")
            }
            Self::TimestampNotSeconds => {
                ("timestamp-not-seconds", "`timestamp` is the seconds since 1970, in digits alone.")
            }
            Self::TimestampInMilliseconds => {
                ("timestamp-in-milliseconds", "`timestamp` counts seconds, not milliseconds.")
            }
            Self::ClockDiffers => ("clock-differs", "Set the clock of this machine."),
            Self::SignatureEmpty => {
                ("signature-empty", "Sign the message with the merchant's key.")
            }
            Self::SignatureNotBase64 => {
                ("signature-not-base64", "Write the bytes of the signature in Base64.")
            }
            Self::SignatureBase64Url => (
                "signature-base64url",
                "Use the standard alphabet of Base64, with `+` and `/`, not the URL-safe one.",
            ),
            Self::SignatureUnpadded => ("signature-unpadded", "Keep the `=` at the end of Base64."),
            Self::SignatureHex => {
                ("signature-hex", "Write the signature in Base64, not in hexadecimal.")
            }
            Self::SignatureBase64Twice => {
                ("signature-base64-twice", "Encode the signature in Base64 once.")
            }
            Self::SignaturePercentEncoded => {
                ("signature-percent-encoded", "Do not percent-encode the signature.")
            }
            Self::SignatureWhitespace => (
                "signature-whitespace",
                "Write the signature on one line, without spaces. Some encoders break lines after 76 characters; some \
                 decoders turn `+` into a space.",
            ),
            Self::SignatureLength => {
                ("signature-length", "Sign with the merchant's private key, RSA of 2048 bits.")
            }
            Self::KeyOfOtherAccount => (
                "key-of-other-account",
                "Sign with the private key of the merchant that the header names.",
            ),
            Self::OtherKey => (
                "other-key",
                "The private key does not belong to the certificate of `serial_no`: use apiclient_key.pem of the same \
                 download as apiclient_cert.pem.",
            ),
            Self::PssPadding => {
                ("pss-padding", "Sign with RSASSA-PKCS1-v1_5 (SHA256withRSA), not with PSS.")
            }
            Self::BareDigest => (
                "bare-digest",
                "Sign with SHA256withRSA, which names the digest's algorithm inside the signature, not with NONEwithRSA.",
            ),
            Self::OtherDigest => ("other-digest", "Sign with SHA-256 (SHA256withRSA)."),
            Self::DigestSigned => (
                "digest-signed",
                "Sign the message itself: SHA256withRSA computes the digest by itself, so that yours was digested again.",
            ),
            Self::OtherMethod => ("other-method", "Sign the method in upper case, as it is sent."),
            Self::UrlWithoutQuery => {
                ("url-without-query", "Sign the path with `?` and the query, as they are sent.")
            }
            Self::UrlWithHost => {
                ("url-with-host", "Sign the path and the query alone, without scheme and host.")
            }
            Self::UrlDecoded => (
                "url-decoded",
                "Sign the URL as it is sent, after its values were percent-encoded.",
            ),
            Self::UrlOtherEncoding => (
                "url-other-encoding",
                "Sign exactly the URL that is sent: your HTTP client encodes it differently than your signature does.",
            ),
            Self::UrlOtherOrder => {
                ("url-other-order", "Sign the parameters in the order in which they are sent.")
            }
            Self::UrlOtherPath => ("url-other-path", "Sign exactly the path that is sent."),
            Self::OtherTimestamp => (
                "other-timestamp",
                "Read the clock once: sign the `timestamp` that the header has.",
            ),
            Self::OtherNonce => {
                ("other-nonce", "Make the nonce once: sign the `nonce_str` that the header has.")
            }
            Self::BodyNotSigned => (
                "body-not-signed",
                "Sign the body as it is sent, as the last line. Only without a body the line is empty.",
            ),
            Self::BodyNotSent => (
                "body-not-sent",
                "Without a body, the last line is empty: sign no `{}` and no parameters there.",
            ),
            Self::BodyWhitespace => (
                "body-whitespace",
                "Serialize the body once, and sign the very bytes that are sent: the signed text has other white space.",
            ),
            Self::BodyEscapes => (
                "body-escapes",
                "Serialize the body once, and sign the very bytes that are sent: the signed text escapes characters \
                 differently.",
            ),
            Self::BodyOrder => (
                "body-order",
                "Serialize the body once, and sign the very bytes that are sent: the signed text has its members in \
                 another order.",
            ),
            Self::UploadSigned => {
                ("upload-signed", "For an upload, sign the text of the part `meta` alone.")
            }
            Self::FileSigned => {
                ("file-signed", "For an upload, sign the text of the part `meta`, not the file.")
            }
            Self::FinalNewlineMissing => (
                "final-newline-missing",
                "Each of the five lines ends with a line feed, the last one and an empty one too.",
            ),
            Self::NewlineTooMany => {
                ("newline-too-many", "The message has five lines, and nothing after them.")
            }
            Self::LinesEndWithCrLf => {
                ("lines-end-with-crlf", "Each line ends with LF, not with CR LF.")
            }
            Self::NewlinesEscaped => (
                "newlines-escaped",
                "Each line ends with a line feed, one byte. A backslash and `n` in single quotes are two characters.",
            ),
            Self::LinesJoined => ("lines-joined", "Each of the five lines ends with a line feed."),
            Self::LinesOtherOrder => (
                "lines-other-order",
                "The lines are the method, the URL, the timestamp, the nonce and the body. Responses are signed differently.",
            ),
            Self::OtherMessage => (
                "other-message",
                "The key and the algorithm are right, but the message was another one: compare each line with the expected \
                 one. Sign the very bytes that are sent.",
            ),
            Self::Unexplained => (
                "unexplained",
                "An SM2 signature does not reveal what was signed: compare the key, the user id and each line of the \
                 message with the expected ones.",
            ),
        }
    }
}

impl Serialize for SignatureVerdict {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}
