//! The output of the generator: its files, its cargo features, its counts.

use std::collections::BTreeMap;

use crate::ir::{Api, Companion, Content, Definition, Field, Node, RequestType, ResponseType};

/// The kind of crate that the code is generated for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Target {
    /// `wxpay-api` itself: a tree of files that mirrors the URLs, one cargo feature per product
    /// family, and the sandbox's books. The chain starts at `Client`.
    Library,
    /// Any other crate. Its build script writes two files: `wxpay.rs`, which the crate includes,
    /// and `sandbox.json.gz`, the book that teaches a sandbox the same operations. There are no
    /// features. The chain starts at one function per first segment, which takes the client.
    Crate,
}

/// Everything that is generated.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Output {
    /// The content of every file, by its path below the folder of generated code, with `/`.
    pub files: BTreeMap<String, Vec<u8>>,
    /// The cargo features that the code needs, by name.
    pub features: Vec<Feature>,
    /// Every public item that a caller's code can depend on, as sorted lines.
    pub public_api: String,
    /// The amounts of generated items.
    pub counts: Counts,
}

/// A product family as a cargo feature.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Feature {
    /// The name of the feature, which is also the family's name.
    pub name: String,
    /// The product's title in Chinese. It may be empty.
    pub title: String,
    /// Whether the feature is on by default.
    pub default: bool,
    /// The other families whose named types this family uses, sorted.
    pub needs: Vec<String>,
}

/// The amounts of generated items.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Counts {
    /// The number of operations.
    pub operations: usize,
    /// The number of nodes in the chain.
    pub nodes: usize,
    /// The number of structs and enums in requests, responses and notifications.
    pub types: usize,
    /// The number of these structs' fields.
    pub fields: usize,
    /// The number of resource types in notifications.
    pub events: usize,
}

impl Counts {
    /// Counts what is generated.
    pub(crate) fn of(api: &Api) -> Self {
        let mut counts = Self::default();
        for content in api.contents() {
            match content {
                Content::Node(node) => count_node(node, &mut counts),
                Content::Definition(definition) => count_definition(definition, &mut counts),
                Content::Events(events) => counts.events += events.events.len(),
            }
        }
        counts
    }
}

fn count_node(node: &Node, counts: &mut Counts) {
    counts.nodes += 1;
    for operation in &node.operations {
        counts.operations += 1;
        if let RequestType::Own(sent) = &operation.request {
            count_struct(&sent.fields, sent.companion.as_ref(), counts);
        }
        if let ResponseType::Own(own) = &operation.response {
            count_definition(own, counts);
        }
    }
}

fn count_definition(definition: &Definition, counts: &mut Counts) {
    match definition {
        Definition::Request(sent) => count_struct(&sent.fields, sent.companion.as_ref(), counts),
        Definition::Response(received) => {
            count_struct(&received.fields, received.companion.as_ref(), counts);
        }
        Definition::Enum(_) => counts.types += 1,
    }
}

fn count_struct(fields: &[Field], companion: Option<&Companion>, counts: &mut Counts) {
    counts.types += 1;
    counts.fields += fields.len();
    for nested in companion.into_iter().flat_map(|companion| &companion.types) {
        count_definition(nested, counts);
    }
}
