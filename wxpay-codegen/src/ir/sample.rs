use serde_json::Value;

/// What samples give a field.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Sample {
    /// This value; a list for a field that is one, the name for a file.
    Plain(Value),
    /// A secret that whoever runs the sample chooses.
    Secret {
        /// The bounds of its length.
        length: Option<(u64, Option<u64>)>,
        /// What it may be in plain text.
        example: String,
    },
    /// An object, or a list of this many, made of the samples of its own fields.
    Parts(usize),
}
