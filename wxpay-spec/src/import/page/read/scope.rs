//! Namespaces and named types of a block, and what a name means in a namespace.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::import::page::parse::{Code, Piece};

/// The namespaces and the named types of a block.
#[derive(Debug, Default)]
pub(super) struct Scope<'c> {
    /// Each namespace, with a piece for remarks.
    pub(super) namespaces: BTreeMap<String, Piece<'c>>,
    named: BTreeMap<String, Vec<Piece<'c>>>,
    used: RefCell<BTreeSet<String>>,
}

/// The longest full name of a namespace or a type.
const LONGEST_NAME: usize = 500;

/// The most namespaces around each other.
const NAMESPACES: usize = 40;

/// The full name of a namespace or a type, such as `WeChatPay.OpenAPI.V3`.
fn qualified(home: &str, name: &str) -> String {
    let name: String = name.split_whitespace().collect();
    if home.is_empty() { name } else { format!("{home}.{name}") }
}

impl<'c> Scope<'c> {
    pub(super) fn read(code: &'c Code<'c>) -> Self {
        let mut scope = Self::default();
        let mut open = vec![(String::new(), code.root())];
        while let Some((home, block)) = open.pop() {
            for statement in block.children() {
                scope.add(&home, unwrapped(statement), &mut open);
            }
        }
        scope
    }

    fn add(&mut self, home: &str, declared: Piece<'c>, open: &mut Vec<(String, Piece<'c>)>) {
        let Some(name) = declared.field("name") else {
            if !home.is_empty() {
                declared.remark(format!("`{}` is not a type: left out", declared.shown()));
            }
            return;
        };
        let name = qualified(home, name.text());
        if name.len() > LONGEST_NAME || name.matches('.').count() > NAMESPACES {
            declared.remark(format!("a name of {} bytes: left out", name.len()));
            return;
        }
        match declared.kind() {
            "internal_module" | "module" => {
                self.namespaces.entry(name.clone()).or_insert(declared);
                open.extend(declared.field("body").map(|body| (name, body)));
            }
            "interface_declaration" | "type_alias_declaration" | "enum_declaration" => {
                self.named.entry(name).or_default().push(declared);
            }
            _ => {}
        }
    }

    /// Finds the declarations of a full name.
    pub(super) fn declared(&self, name: &str) -> Option<(&str, &[Piece<'c>])> {
        let (name, pieces) = self.named.get_key_value(name)?;
        self.used.borrow_mut().insert(name.clone());
        Some((name, pieces))
    }

    /// Finds the declarations of a name inside a namespace. The innermost ones win.
    pub(super) fn resolve(&self, name: &str, home: &str) -> Option<(&str, &[Piece<'c>])> {
        if name.len() > LONGEST_NAME {
            return None;
        }
        let mut home = home;
        loop {
            if let Some(found) = self.declared(&qualified(home, name)) {
                return Some(found);
            }
            if home.is_empty() {
                return None;
            }
            home = parent(home);
        }
    }

    /// The types outside the namespaces of operations. Most of them only build the chain of names.
    pub(super) fn chain(&self) -> Vec<Piece<'c>> {
        let outside = |name: &str| !is_operation(parent(name));
        let named = self.named.iter().filter(|(name, _)| outside(name));
        named.flat_map(|(_, pieces)| pieces.iter().copied()).collect()
    }

    /// Remarks the types of a namespace that its operation does not use.
    pub(super) fn remark_unused(&self, namespace: &str) {
        let used = self.used.borrow();
        let inside = format!("{namespace}.");
        let named = self.named.range(inside.clone()..);
        for (name, pieces) in named.take_while(|(name, _)| name.starts_with(&inside)) {
            if parent(name) == namespace && !used.contains(name) {
                for piece in pieces {
                    let what = "the operation does not use it";
                    piece.remark(format!("`{}` was left out: {what}", last(name)));
                }
            }
        }
    }
}

/// The namespace around a full name, empty at the top.
pub(super) fn parent(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(parent, _)| parent)
}

/// Whether a namespace holds the types of an operation.
pub(super) fn is_operation(namespace: &str) -> bool {
    namespace.ends_with("HttpMethod")
}

/// The last part of a full name.
pub(super) fn last(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(_, last)| last)
}

/// Returns a declaration without `export`, `declare` and the like around it.
fn unwrapped(statement: Piece<'_>) -> Piece<'_> {
    let mut piece = statement;
    while let "export_statement" | "ambient_declaration" | "expression_statement" = piece.kind() {
        match piece.field("declaration").or_else(|| piece.first()) {
            Some(inner) => piece = inner,
            None => break,
        }
    }
    piece
}

/// The deepest nesting of a type.
const DEPTH: usize = 64;

/// The place of a type: the namespace in which names are resolved, and the types around it.
#[derive(Clone, Copy, Debug)]
pub(super) struct TypePlace<'a, 'c> {
    pub(super) scope: &'a Scope<'c>,
    home: &'a str,
    /// The full name of the named type that is being read, and the place that uses it.
    inside: Option<(&'a str, &'a TypePlace<'a, 'c>)>,
    depth: usize,
    /// Whether every member is optional or required, as `Partial` and `Required` say.
    pub(super) is_optional: Option<bool>,
    /// Whether values travel as one text: in a URL, a header or a part of a form.
    pub(super) is_text: bool,
}

impl<'a, 'c> TypePlace<'a, 'c> {
    pub(super) fn new(scope: &'a Scope<'c>, home: &'a str) -> Self {
        Self { scope, home, inside: None, depth: 0, is_optional: None, is_text: false }
    }

    /// Returns the place of values that travel as one text.
    pub(super) fn of_text(self) -> Self {
        Self { is_text: true, ..self }
    }

    /// Returns the place with the presence of all members of a type.
    pub(super) fn with_presence(self, is_optional: Option<bool>) -> Self {
        Self { is_optional, ..self }
    }

    /// Returns the place one level deeper; `None` if that is too deep.
    pub(super) fn deeper(self) -> Option<Self> {
        (self.depth < DEPTH).then_some(Self { depth: self.depth + 1, ..self })
    }

    fn is_inside(&self, name: &str) -> bool {
        let mut place = self;
        while let Some((open, outer)) = place.inside {
            if open == name {
                return true;
            }
            place = outer;
        }
        false
    }

    /// Resolves a name and reads its declarations.
    pub(super) fn follow<T>(
        &self,
        name: &Piece<'c>,
        read: impl FnOnce(&[Piece<'c>], TypePlace<'_, 'c>) -> T,
    ) -> Followed<T> {
        if !name.spend(self.home.len()) {
            return Followed::Undeclared;
        }
        let Some((full, pieces)) = self.scope.resolve(name.text(), self.home) else {
            return Followed::Undeclared;
        };
        if self.is_inside(full) {
            return Followed::Circle;
        }
        let place = TypePlace { home: parent(full), inside: Some((full, self)), ..*self };
        Followed::Read(read(pieces, place))
    }
}

/// The result of resolving a name.
#[derive(Debug)]
pub(super) enum Followed<T> {
    /// The declarations were found and read.
    Read(T),
    /// The name is a type that is already being read.
    Circle,
    /// The name is not declared in this block.
    Undeclared,
}
