//! The fixed facts of an operation: where it goes and whether it may be retried.

/// The fixed facts of an operation: where it goes and what it may return.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Endpoint {
    /// The HTTP method, for example `POST`.
    pub method: &'static str,
    /// The path as the documentation writes it, `{…}` for parameters.
    pub path: &'static str,
    /// The host where it is not the default one.
    pub host: Option<&'static str>,
    /// Whether the operation may be retried.
    pub idempotency: Idempotency,
    /// Whether the operation updates something stored and keeps what the request leaves out. It
    /// refuses an empty optional value, or sends it where the descriptor says that it clears. Other
    /// operations leave it out.
    pub is_update: bool,
    /// The documented statuses of success, the usual one first. Any other 2xx with a readable body
    /// counts too.
    pub statuses: &'static [u16],
    /// The error codes that the operation's own page names.
    pub errors: &'static [&'static str],
    /// The proof of a raw download's integrity; `None` for everything else.
    pub download: Option<Integrity>,
}

/// Whether an operation may be sent again when its outcome is unknown ([protocol §10.3]).
///
/// [protocol §10.3]: crate::docs::protocol::errors#103-idempotency-and-retries
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Idempotency {
    /// It changes nothing.
    Safe,
    /// A retry could execute it twice.
    Never,
    /// WeChat Pay recognises a retry by the value of this member.
    NaturalKey(&'static str),
}

/// The proof that a raw download is complete and unchanged ([protocol §2.7], [§2.8], [§7]).
///
/// [protocol §2.7]: crate::docs::protocol::verification#27-unsigned-files
/// [§2.8]: crate::docs::protocol::verification#28-overseas-statements
/// [§7]: crate::docs::protocol::downloads
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Integrity {
    /// TLS alone.
    None,
    /// The SHA-1 of the plain text, announced by the operation that returned the link.
    Sha1,
    /// A SHA-1 in a header that the signature covers.
    SignedDigest,
}

impl Endpoint {
    /// `GET path`
    #[must_use]
    pub const fn get(path: &'static str) -> Self {
        Self::new("GET", path, Idempotency::Safe)
    }

    /// `POST path`
    #[must_use]
    pub const fn post(path: &'static str) -> Self {
        Self::new("POST", path, Idempotency::Never)
    }

    /// `PUT path`
    #[must_use]
    pub const fn put(path: &'static str) -> Self {
        Self::new("PUT", path, Idempotency::Never).update()
    }

    /// `PATCH path`
    #[must_use]
    pub const fn patch(path: &'static str) -> Self {
        Self::new("PATCH", path, Idempotency::Never).update()
    }

    /// `DELETE path`
    #[must_use]
    pub const fn delete(path: &'static str) -> Self {
        Self::new("DELETE", path, Idempotency::Never)
    }

    const fn new(method: &'static str, path: &'static str, idempotency: Idempotency) -> Self {
        let (host, is_update, download) = (None, false, None);
        Self { method, path, host, idempotency, is_update, statuses: &[200], errors: &[], download }
    }

    /// Sets the host, where it is not the default one.
    #[must_use]
    pub const fn host(mut self, host: &'static str) -> Self {
        self.host = Some(host);
        self
    }

    /// Sets whether the operation may be retried.
    #[must_use]
    pub const fn idempotency(mut self, idempotency: Idempotency) -> Self {
        self.idempotency = idempotency;
        self
    }

    /// Marks an update of something stored, as every PUT and PATCH is.
    #[must_use]
    pub const fn update(mut self) -> Self {
        self.is_update = true;
        self
    }

    /// Sets the statuses of success, the usual one first.
    #[must_use]
    pub const fn statuses(mut self, statuses: &'static [u16]) -> Self {
        self.statuses = statuses;
        self
    }

    /// Sets the error codes that the operation's page names.
    #[must_use]
    pub const fn errors(mut self, codes: &'static [&'static str]) -> Self {
        self.errors = codes;
        self
    }

    /// Marks a raw download.
    #[must_use]
    pub const fn download(mut self, integrity: Integrity) -> Self {
        self.download = Some(integrity);
        self
    }
}

impl Idempotency {
    /// Whether the same request may be sent again.
    #[must_use]
    pub const fn allows_retries(self) -> bool {
        !matches!(self, Self::Never)
    }
}

impl std::fmt::Display for Endpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}
