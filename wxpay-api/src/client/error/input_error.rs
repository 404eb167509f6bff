//! Why a request cannot be sent as it is.

use crate::client::transport::base_urls::HOSTS;
use crate::protocol::DecryptError;
use crate::protocol::excerpt::{excerpt, excerpt_of};
use crate::wire::EncodeError;

/// Why a request cannot be sent. Nothing was sent.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum InputError {
    /// A path parameter that URL parsers would remove.
    #[error(
        "path parameter {name} is `{}`: it must not be empty, `.` or `..`, or another endpoint would be called",
        excerpt(value)
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
    /// A text with a character that WeChat Pay does not accept ([base conventions]).
    ///
    /// [base conventions]: crate::docs::protocol#base-conventions
    #[error(
        "{}: it has a character of four bytes in UTF-8, such as an emoji, and WeChat Pay accepts at most three",
        excerpt(place)
    )]
    Character {
        /// The text with the character: a path parameter, a query parameter, a file's name.
        place: String,
    },
    /// A header value with characters that headers must not have.
    #[error("header {}: the value has characters that a header must not have", excerpt(name))]
    HeaderValue {
        /// The header's name.
        name: String,
    },
    /// A header that the client sets by itself.
    #[error("header {} is set by the client itself", excerpt(name))]
    ReservedHeader {
        /// The header's name.
        name: String,
    },
    /// A file name that a multipart header cannot carry.
    #[error(
        "the file's name `{}` is empty, or has quotes, backslashes or control characters",
        excerpt(name)
    )]
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
    /// A media type that a multipart header cannot carry.
    #[error("the media type of the file `{}` has control characters", excerpt(name))]
    MediaType {
        /// The file's name.
        name: String,
    },
    /// A file without content, which no upload accepts ([protocol §6]).
    ///
    /// [protocol §6]: crate::docs::protocol::uploads
    #[error(
        "the file `{}` is empty: it may have been read before, or not be written yet; `File::unchecked` sends it \
         all the same",
        excerpt(name)
    )]
    EmptyFile {
        /// The file's name.
        name: String,
    },
    /// A file whose name has an ending that WeChat Pay does not accept ([protocol §6.1], [§6.2]).
    ///
    /// [protocol §6.1]: crate::docs::protocol::uploads#61-the-form
    /// [§6.2]: crate::docs::protocol::uploads#62-endpoints
    #[error("the file's name `{}` {}", excerpt(name), wrong_ending(ending.as_deref()))]
    FileEnding {
        /// The file's name.
        name: String,
        /// The ending after the last dot, if there is one.
        ending: Option<String>,
    },
    /// A file whose content has another format than its name says.
    #[error("the file `{}` holds {found}: {}", excerpt(name), other_format(*ending))]
    FileContent {
        /// The file's name.
        name: String,
        /// The format that the first bytes show, for example "a JPEG image".
        found: &'static str,
        /// The usual ending of that format, if an upload accepts it.
        ending: Option<&'static str>,
    },
    /// Two members of which only one may be set.
    #[error(
        "`{one}` and `{other}` are both set: they are one value in two places, and no source says which of the \
         places is right; set one of them"
    )]
    Both {
        /// The field of the request.
        one: &'static str,
        /// The other field.
        other: &'static str,
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
    /// An operation of brands called by a merchant, or one of merchants called by a brand ([protocol
    /// §1.7]).
    ///
    /// [protocol §1.7]: crate::docs::protocol::signing#17-the-brand-scheme
    #[error("{}", other_signer(id, *is_brand))]
    OtherSigner {
        /// The merchant number or brand id of the client.
        id: String,
        /// Whether the client is a brand's.
        is_brand: bool,
    },
    /// A page of another kind of list than the operation's.
    #[error("this list has no page at {position}: the position comes from another operation")]
    PagePosition {
        /// The position.
        position: String,
    },
    /// A download without the digest that proves it.
    #[error(
        "give the digest that came with the link (`sha1`), or waive the comparison (`unchecked`)"
    )]
    NoDigest,
    /// A digest of a kind that is not known.
    #[error(
        "the file's digest is announced as `{}`, which is unknown: waive the comparison (`unchecked`)",
        excerpt(name)
    )]
    UnknownDigest {
        /// The name of its algorithm.
        name: String,
    },
    /// The key of an encrypted bill that could not be decrypted.
    #[error("the key of the encrypted bill is still encrypted: {why}")]
    SealedKey {
        /// Why the key is not decrypted.
        why: DecryptError,
    },
    /// A list that lacks some files of an encrypted bill, or all of them.
    #[error("the response lists {listed} files of the bill, and announces {announced}")]
    MissingFiles {
        /// The number of files that the response announces.
        announced: usize,
        /// The number of files in the list.
        listed: usize,
    },
    /// A host that does not belong to WeChat Pay.
    #[error(
        "`{}` is not a host of WeChat Pay, and requests to other hosts are not signed; give one of {}",
        excerpt(host),
        HOSTS.join(", ")
    )]
    Host {
        /// What was given.
        host: String,
    },
    /// A link that is not followed.
    #[error("the link `{}` is not followed: {}", excerpt(link), excerpt_of(why, 400))]
    Link {
        /// The link without its query, which may hold a token.
        link: String,
        /// What is wrong with it.
        why: String,
    },
    /// A target that is not a path and a query.
    #[error("`{}` is not a path of WeChat Pay: {why}", excerpt(target))]
    Target {
        /// What was given.
        target: String,
        /// What is wrong with it.
        why: &'static str,
    },
}

fn other_signer(id: &str, is_brand: bool) -> String {
    let id = excerpt(id);
    if is_brand {
        format!(
            "a brand may call paths under /brand/ only, and this client signs for brand {id}: use the client of a merchant \
             (`Merchant::from_files`), whose API certificate this operation needs"
        )
    } else {
        format!(
            "paths under /brand/ need the API certificate of a brand, and this client signs for merchant {id}: make a \
             client with `Merchant::brand_from_files`"
        )
    }
}

/// Describes the problem of a name's ending, and what to do.
fn wrong_ending(ending: Option<&str>) -> String {
    const DO: &str = "WeChat Pay tells a file's type by its name: give it the ending of its format, such as `.jpg`, \
                      `.png` or `.pdf`";
    const ELSE: &str = "; if the operation accepts such files, send it with `File::unchecked`";
    match ending.map(excerpt) {
        None => format!("has no ending. {DO}{ELSE}"),
        Some(ending) => {
            format!(
                "ends in `.{ending}`, which no upload is known to accept. Convert the file. {DO}{ELSE}"
            )
        }
    }
}

/// Describes what to do about content of another format.
fn other_format(ending: Option<&str>) -> String {
    let rename = ending.map(|ending| format!("call it `.{ending}`, or "));
    let rename = rename.unwrap_or_default();
    format!("{rename}convert it to the format of its name; `File::unchecked` sends it as it is")
}
