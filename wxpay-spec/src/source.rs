/// One file of a descriptor folder.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SourceFile {
    /// The place below the descriptor folder, with `/`: `endpoints/v3/certificates.yaml`.
    pub path: String,
    /// The content.
    pub text: String,
}

/// What a file describes, which its place says.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum FileKind {
    /// `families.yaml`.
    Families,
    /// `types/<family>.yaml`.
    Types {
        /// The family.
        family: String,
    },
    /// `endpoints/**/*.yaml`.
    Endpoint,
    /// `notifications/**/*.yaml`.
    Notification {
        /// The place below `notifications/` without `.yaml`.
        place: String,
    },
}

impl FileKind {
    /// The kind of the file at a place, if descriptors may be there.
    pub(crate) fn of(path: &str) -> Option<Self> {
        let stem = path.strip_suffix(".yaml")?;
        match stem.split_once('/') {
            None => (stem == "families").then_some(Self::Families),
            Some(("types", family)) => {
                (!family.contains('/')).then(|| Self::Types { family: family.to_owned() })
            }
            Some(("endpoints", _)) => Some(Self::Endpoint),
            Some(("notifications", place)) => Some(Self::Notification { place: place.to_owned() }),
            Some(_) => None,
        }
    }
}
