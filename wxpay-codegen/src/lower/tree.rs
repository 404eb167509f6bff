//! Builds the tree of all URLs, with the names of their segments.

use std::collections::{BTreeMap, BTreeSet};

use wxpay_spec::model::{Endpoint, Segment, Spec};

use super::features::Users;
use super::names::{self, NameKind, Place};
use crate::error::{Error, Errors};
use crate::ir::{Ident, ModulePath};

/// A node in the tree of URLs, with its endpoints and its children.
#[derive(Debug, Default)]
pub(super) struct Branch<'a> {
    /// The URL up to here.
    pub(super) path: String,
    /// The names of its segment. `None` at the root.
    pub(super) names: Option<BranchNames>,
    pub(super) module: ModulePath,
    pub(super) children: BTreeMap<Segment, Branch<'a>>,
    pub(super) endpoints: Vec<&'a Endpoint>,
    /// The family whose named types are in this module.
    pub(super) types: Option<&'a str>,
    /// The families with an operation here or below.
    pub(super) callers: Users<'a>,
    /// The families with operations or named types here or below.
    pub(super) users: Users<'a>,
}

/// The names of a segment in Rust.
#[derive(Clone, Debug)]
pub(super) struct BranchNames {
    pub(super) method: Ident,
    pub(super) module: Ident,
    pub(super) node: Ident,
}

/// The chosen names of segments, by the URL up to the segment. Each comes with the file that
/// chooses it.
type Chosen<'a> = BTreeMap<String, (&'a str, &'a str)>;

/// Builds the tree of all URLs and all modules of named types.
pub(super) fn grow<'a>(spec: &'a Spec, errors: &mut Errors) -> Branch<'a> {
    let chosen = chosen_names(spec, errors);
    let mut root = Branch::default();
    for endpoint in spec.endpoints.values() {
        let Some(branch) =
            root.reach(&endpoint.path, &endpoint.source, &chosen, errors, &mut |on_way| {
                on_way.callers.add(&endpoint.family);
                on_way.users.add(&endpoint.family);
            })
        else {
            continue;
        };
        branch.endpoints.push(endpoint);
    }
    for family in spec.types.keys().map(|id| id.family.as_str()).collect::<BTreeSet<_>>() {
        let source = format!("types/{family}.yaml");
        let path = spec.families.types_path(family);
        let visit = &mut |on_way: &mut Branch<'a>| on_way.users.add(family);
        let Some(branch) = root.reach(&path, &source, &chosen, errors, visit) else {
            continue;
        };
        if let Some(other) = branch.types.replace(family) {
            let message = format!(
                "both families have their named types at `{path}`: give one of them another \
                 first path in families.yaml"
            );
            errors.add(Error::between(format!("types/{other}.yaml"), source, message));
        }
    }
    root
}

impl<'a> Branch<'a> {
    /// Finds or adds the branch of a path, and calls `visit` with every branch on the way.
    fn reach(
        &mut self,
        path: &str,
        source: &str,
        chosen: &Chosen<'_>,
        errors: &mut Errors,
        visit: &mut impl FnMut(&mut Branch<'a>),
    ) -> Option<&mut Branch<'a>> {
        let mut branch = self;
        visit(branch);
        for segment in segments(path) {
            let parent = branch.module.clone();
            let place = format!("{}/{}", branch.path, spelled(&segment));
            branch = branch.children.entry(segment.clone()).or_default();
            if branch.names.is_none() {
                let kind = if parent.names().is_empty() {
                    NameKind::RootSegment
                } else {
                    NameKind::Segment
                };
                let by_hand = chosen.get(&place).copied();
                branch.names = Some(name_segment(&segment, kind, source, by_hand, errors)?);
                branch.module = parent.child(&branch.names.as_ref()?.module);
                branch.path = place;
            }
            visit(branch);
        }
        Some(branch)
    }

    /// Finds the branch of a path.
    pub(super) fn find(&self, path: &str) -> Option<&Self> {
        segments(path).try_fold(self, |branch, segment| branch.children.get(&segment))
    }
}

fn name_segment(
    segment: &Segment,
    kind: NameKind,
    source: &str,
    chosen: Option<(&str, &str)>,
    errors: &mut Errors,
) -> Option<BranchNames> {
    let source = chosen.map_or(source, |(_, source)| source);
    let rust = chosen.map(|(rust, _)| rust);
    let file = Place::file(source);
    let keys = if rust.is_some() { file.key("names") } else { file.key("path") };
    let place = keys.key(segment.wire());
    let method = names::name(segment.wire(), rust, kind, place, errors)?;
    let node = names::from_wire(rust.unwrap_or(segment.wire()), NameKind::Type)?;
    let module = match segment {
        Segment::Literal(_) => method.clone(),
        Segment::Parameter(_) => names::parameter_module(&method),
    };
    Some(BranchNames { method, module, node })
}

/// Collects the chosen names. Each must match a segment, and all files must choose the same name.
fn chosen_names<'a>(spec: &'a Spec, errors: &mut Errors) -> Chosen<'a> {
    let mut chosen = Chosen::new();
    for endpoint in spec.endpoints.values() {
        for (wire, rust) in &endpoint.names {
            choose(endpoint, wire, rust, &mut chosen, errors);
        }
    }
    chosen
}

fn choose<'a>(
    endpoint: &'a Endpoint,
    wire: &'a str,
    rust: &'a str,
    chosen: &mut Chosen<'a>,
    errors: &mut Errors,
) {
    let file = Place::file(&endpoint.source);
    let keys = file.key("names");
    let place = keys.key(wire);
    let mut path = String::new();
    let mut found = false;
    for segment in endpoint.segments() {
        path = format!("{path}/{}", spelled(&segment));
        if segment.wire() != wire {
            continue;
        }
        found = true;
        match chosen.insert(path.clone(), (rust, &endpoint.source)) {
            Some((other, source)) if other != rust => {
                let file = Place::file(source);
                let keys = file.key("names");
                let message = format!("`{path}` has two names, `{other}` and `{rust}`: choose one");
                errors.add(Error::between(keys.key(wire), place, message));
            }
            _ => {}
        }
    }
    if !found {
        errors.add(Error::new(
            place,
            format!("`{wire}` is not a segment of `{}`: correct the name", endpoint.path),
        ));
    }
}

/// Splits a path into segments. A trailing slash adds none.
fn segments(path: &str) -> impl Iterator<Item = Segment> + '_ {
    path.split('/').filter(|text| !text.is_empty()).map(|text| {
        match text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            Some(name) => Segment::Parameter(name.to_owned()),
            None => Segment::Literal(text.to_owned()),
        }
    })
}

/// The segment's spelling in a path.
fn spelled(segment: &Segment) -> String {
    match segment {
        Segment::Literal(text) => text.clone(),
        Segment::Parameter(name) => format!("{{{name}}}"),
    }
}
