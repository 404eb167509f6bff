use super::{EnumValue, Field};

/// The identity of a named type: its family and its name. `pay/Transaction` in a descriptor.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct TypeId {
    /// The family, which is the name of the file below `types/`.
    pub family: String,
    /// The name in `UpperCamelCase`, which is the Rust name too.
    pub name: String,
}

/// A type that several descriptors share.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedType {
    /// The file below the descriptor folder, with `/`.
    pub source: String,
    /// What it is, in Chinese.
    pub title: Option<String>,
    /// A remark for the reader.
    pub note: Option<String>,
    /// Why the values or labels of an enum depart from the imported facts on purpose.
    pub corrects: Option<String>,
    /// Its shape.
    pub shape: Shape,
}

/// The shape of a [`NamedType`].
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// An object that travels one way.
    Object {
        /// Which way.
        direction: Direction,
        /// Its members.
        fields: Vec<Field>,
    },
    /// An open enum, usable in both directions.
    Enum {
        /// Whether values are integers on the wire.
        integer: bool,
        /// The known values.
        values: Vec<EnumValue>,
    },
}

/// Which way an object travels.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Direction {
    /// From the merchant to WeChat Pay.
    Request,
    /// From WeChat Pay to the merchant: responses and notifications.
    Response,
}
