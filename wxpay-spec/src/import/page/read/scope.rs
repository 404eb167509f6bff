//! Namespaces and named types of a block, and what a name means in a namespace.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::import::page::parse::{Code, Piece};

/// The namespaces and the named types of a block.
#[derive(Debug, Default)]
pub(super) struct Scope<'c> {
    /// Each namespace, with a place to remark at.
    pub(super) namespaces: BTreeMap<String, Piece<'c>>,
    named: BTreeMap<String, Vec<Piece<'c>>>,
    used: RefCell<BTreeSet<String>>,
}

/// A namespace's or a type's full name, such as `WeChatPay.OpenAPI.V3`.
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
                declared.remark(format!("`{}` declares no type: left out", declared.text()));
            }
            return;
        };
        let name = qualified(home, name.text());
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

    /// The declarations of a full name.
    pub(super) fn declared(&self, name: &str) -> Option<(&str, &[Piece<'c>])> {
        let (name, pieces) = self.named.get_key_value(name)?;
        self.used.borrow_mut().insert(name.clone());
        Some((name, pieces))
    }

    /// What a name means inside a namespace: the innermost declaration wins.
    pub(super) fn resolve(&self, name: &str, home: &str) -> Option<(&str, &[Piece<'c>])> {
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

    /// The types outside the namespaces of operations: most of them only build the chain of names.
    pub(super) fn chain(&self) -> Vec<Piece<'c>> {
        let outside = |name: &str| !is_operation(parent(name));
        let named = self.named.iter().filter(|(name, _)| outside(name));
        named.flat_map(|(_, pieces)| pieces.iter().copied()).collect()
    }

    /// Remarks the types of a namespace that no part of an operation has led to.
    pub(super) fn remark_unused(&self, namespace: &str) {
        let used = self.used.borrow();
        for (name, pieces) in &self.named {
            if parent(name) == namespace && !used.contains(name) {
                for piece in pieces {
                    let what = "no part of the operation that is understood uses it";
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

/// A declaration without `export`, `declare` and the like around it.
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

/// How deep a type may be written out.
const DEPTH: usize = 64;

/// Where a type is read: the namespace that gives names their meaning, and what is being written out.
#[derive(Clone, Copy, Debug)]
pub(super) struct TypePlace<'a, 'c> {
    pub(super) scope: &'a Scope<'c>,
    home: &'a str,
    /// The full name of the type that is being written out, and the place that asked for it.
    inside: Option<(&'a str, &'a TypePlace<'a, 'c>)>,
    depth: usize,
}

impl<'a, 'c> TypePlace<'a, 'c> {
    pub(super) fn new(scope: &'a Scope<'c>, home: &'a str) -> Self {
        Self { scope, home, inside: None, depth: 0 }
    }

    /// The same place one step further in; none if that would be too deep.
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

    /// Goes on with the declarations that a name stands for.
    pub(super) fn follow<T>(
        &self,
        name: &Piece<'c>,
        read: impl FnOnce(&[Piece<'c>], TypePlace<'_, 'c>) -> T,
    ) -> Followed<T> {
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

/// Where a name has led.
#[derive(Debug)]
pub(super) enum Followed<T> {
    /// To declarations, and this is what they say.
    Read(T),
    /// To a type that is being written out already.
    Circle,
    /// To nothing in this block.
    Undeclared,
}
