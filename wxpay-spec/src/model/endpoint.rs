use std::collections::BTreeMap;

use super::{Method, Operation};

/// One URL and the operations it answers to.
#[derive(Clone, Debug, PartialEq)]
pub struct Endpoint {
    /// The descriptor's place below the descriptor folder, with `/`, for headers and messages.
    pub source: String,
    /// The path exactly as on the wire, `{…}` for parameters, a trailing slash included.
    pub path: String,
    /// The host where it is not the default one, for example `apihk.mch.weixin.qq.com`.
    pub host: Option<String>,
    /// The family the URL belongs to; [`super::CORE`] for the URLs that belong to none.
    pub family: String,
    /// Hand-chosen Rust names of segments by wire name (`names` in the descriptor).
    pub names: BTreeMap<String, String>,
    /// The operations by HTTP method.
    pub operations: BTreeMap<Method, Operation>,
}

/// One segment of a path.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Segment {
    /// A fixed text such as `serviceorder`.
    Literal(String),
    /// A parameter; the name without its braces.
    Parameter(String),
}

impl Endpoint {
    /// The segments of [`Endpoint::path`]; a trailing slash adds none.
    #[must_use]
    pub fn segments(&self) -> Vec<Segment> {
        self.path.split('/').filter(|text| !text.is_empty()).map(Segment::parse).collect()
    }
}

impl Segment {
    fn parse(text: &str) -> Self {
        match text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            Some(name) => Self::Parameter(name.to_owned()),
            None => Self::Literal(text.to_owned()),
        }
    }

    /// The wire name: the literal itself, or the parameter's name without braces.
    #[must_use]
    pub fn wire(&self) -> &str {
        match self {
            Self::Literal(text) | Self::Parameter(text) => text,
        }
    }
}
