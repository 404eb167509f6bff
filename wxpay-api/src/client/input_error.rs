use super::site::HOSTS;
use crate::protocol::OpenError;
use crate::wire::EncodeError;

/// Why a request cannot be sent. Nothing was.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum InputError {
    /// A path parameter that URL parsers would fold away.
    #[error(
        "path parameter {name} is `{value}`: it must not be empty, `.` or `..`, or another endpoint would be called"
    )]
    PathValue {
        /// The parameter's name.
        name: &'static str,
        /// The value.
        value: String,
    },
    /// A member that cannot be written.
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// A text with a character that WeChat Pay does not accept (PROTOCOL, base conventions).
    #[error(
        "{place}: it has a character of four bytes in UTF-8, such as an emoji, and WeChat Pay accepts three at the most"
    )]
    Character {
        /// What has it: a path parameter, a query parameter, a file's name.
        place: String,
    },
    /// A header value with characters that headers must not have.
    #[error("header {name}: the value has characters that a header must not have")]
    HeaderValue {
        /// The header's name.
        name: String,
    },
    /// A header that the client sets by itself.
    #[error("header {name} is set by the client itself")]
    ReservedHeader {
        /// The header's name.
        name: String,
    },
    /// A file name that cannot stand in a multipart header.
    #[error("the file's name `{name}` is empty, or has quotes, backslashes or control characters")]
    FileName {
        /// The name.
        name: String,
    },
    /// A text beside a file that could be taken for other parts of the request.
    #[error("{name}: the text has line breaks or other control characters")]
    Part {
        /// The part's name.
        name: &'static str,
    },
    /// A media type that cannot stand in a multipart header.
    #[error("the media type of the file `{name}` has control characters")]
    MediaType {
        /// The file's name.
        name: String,
    },
    /// A file whose lines were encrypted with another key than the request's secrets.
    #[error(
        "the file's lines were encrypted with {file}, the request's secrets with {request}: encrypt the file with the \
         client's current key"
    )]
    OtherKey {
        /// The key of the file.
        file: String,
        /// The key of the request.
        request: String,
    },
    /// A download without the digest that proves it.
    #[error(
        "give the digest that came with the link (`sha1`), or say that nobody compares it (`unchecked`)"
    )]
    NoDigest,
    /// A digest of a kind that is not known.
    #[error(
        "the file's digest is announced as `{name}`, which is not known: say that nobody compares it (`unchecked`)"
    )]
    UnknownDigest {
        /// The name of its algorithm.
        name: String,
    },
    /// The key of an encrypted bill that nobody could open.
    #[error("the key of the encrypted bill is still sealed: {why}")]
    SealedKey {
        /// Why it did not open.
        why: OpenError,
    },
    /// A list of no files of an encrypted bill, or not of all.
    #[error("the answer lists {listed} files of the bill, and announces {announced}")]
    MissingFiles {
        /// How many there should be.
        announced: usize,
        /// How many there are.
        listed: usize,
    },
    /// A host that is none of WeChat Pay's.
    #[error(
        "`{host}` is no host of WeChat Pay's, and nothing is signed for another; give one of {}",
        HOSTS.join(", ")
    )]
    Host {
        /// What was given.
        host: String,
    },
    /// A link that is not followed.
    #[error("the link `{link}` is not followed: {why}")]
    Link {
        /// The link without its query, which may hold a token.
        link: String,
        /// What is wrong with it.
        why: String,
    },
    /// A target that is not a path and a query.
    #[error("`{target}` is not a path of WeChat Pay: {why}")]
    Target {
        /// What was given.
        target: String,
        /// What is wrong with it.
        why: &'static str,
    },
}
