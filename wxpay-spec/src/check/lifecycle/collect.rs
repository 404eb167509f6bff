//! Collects what a lifecycle names: states, refusals, members, functions, other lifecycles.

use crate::cursor::Cursor;

/// Everything that one lifecycle names, with its place.
#[derive(Debug, Default)]
pub(super) struct Names<'a> {
    /// States of this lifecycle.
    pub(super) states: Vec<Cursor<'a>>,
    /// Entries whose key is a state.
    pub(super) by_state: Vec<Cursor<'a>>,
    /// Refusals, and the text of each.
    pub(super) refusals: Vec<(Cursor<'a>, &'a str)>,
    /// Members that are read.
    pub(super) reads: Vec<Read<'a>>,
    /// Members that are set, by key path.
    pub(super) sets: Vec<(Cursor<'a>, &'a str)>,
    /// `sum_of` and `count_of`.
    pub(super) related: Vec<Cursor<'a>>,
    /// Members of `item`, an element of a list.
    pub(super) items: Vec<Read<'a>>,
    /// Members of `item`, a related resource, with its lifecycle.
    pub(super) related_items: Vec<(Read<'a>, &'a str)>,
}

/// A member that is read.
#[derive(Debug)]
pub(super) struct Read<'a> {
    pub(super) at: Cursor<'a>,
    pub(super) scope: &'a str,
    /// The key path without `[]`; it may be `@state` or the like.
    pub(super) path: String,
    /// The entry that reads it.
    pub(super) reader: Reader<'a>,
}

/// The entry of a lifecycle that reads a member.
#[derive(Clone, Copy, Debug)]
pub(super) enum Reader<'a> {
    Operation(&'a str),
    Event(&'a str),
    Other,
}

impl<'a> Names<'a> {
    /// Collects from a file.
    pub(super) fn of(file: &Cursor<'a>) -> Self {
        let mut collector =
            Collector { names: Self::default(), reader: Reader::Other, item: Item::Nothing };
        collector.file(file);
        collector.names.forget_mistakes();
        collector.names
    }
}

impl Names<'_> {
    /// Leaves out what has been reported, so that one mistake is reported once.
    fn forget_mistakes(&mut self) {
        self.states.retain(|at| !at.is_wrong());
        self.by_state.retain(|at| !at.is_wrong());
        self.refusals.retain(|(at, _)| !at.is_wrong());
        self.reads.retain(|read| !read.at.is_wrong());
        self.related_items.retain(|(read, _)| !read.at.is_wrong());
    }
}

struct Collector<'a> {
    names: Names<'a>,
    reader: Reader<'a>,
    item: Item<'a>,
}

/// What `item` is at a place.
#[derive(Clone, Copy)]
enum Item<'a> {
    Nothing,
    Element,
    /// A resource of this lifecycle.
    Related(&'a str),
}

impl<'a> Collector<'a> {
    fn file(&mut self, file: &Cursor<'a>) {
        for (_, only_in) in entries(file, "only_in") {
            self.names.states.extend(only_in.items());
        }
        for (_, state) in entries(file, "states") {
            self.sets_of(&state, "shows", false);
        }
        for (_, link) in entries(file, "links") {
            self.values(&link, "by");
            self.refusal(&link, "missing");
        }
        for (name, operation) in entries(file, "operations") {
            self.reader = Reader::Operation(name);
            self.operation(&operation);
        }
        for (name, event) in entries(file, "events") {
            self.reader = Reader::Event(name);
            self.event(&event);
        }
        self.reader = Reader::Other;
        for timer in items(file, "timers") {
            self.names.states.extend(items(&timer, "in"));
            self.value_of(&timer, "since");
        }
    }

    fn operation(&mut self, at: &Cursor<'a>) {
        for (_, bound) in entries(at, "on") {
            for (path, entry) in bound.entries() {
                self.names.sets.push((entry, path));
            }
        }
        if let Some(creates) = at.get("creates") {
            self.target(&creates);
        }
        if let Some(repeat) = at.get("repeat") {
            if let Some(differs) = repeat.get("differs") {
                self.target(&differs);
            }
            self.from(&repeat, "in");
        }
        self.sets_of(at, "renews", true);
        self.values(at, "finds");
        self.refusal(at, "missing");
        self.from(at, "from");
        self.refusal(at, "otherwise");
        items(at, "lists").for_each(|condition| self.condition(&condition));
        self.guards(at);
        for path in items(at, "stores") {
            if let Some(text) = path.text() {
                self.names.sets.push((path, text));
            }
        }
        self.change(at);
        if let Some(registers) = at.get("registers") {
            self.value_of(&registers, "to");
        }
        self.names.by_state.extend(entries(at, "status").map(|(_, entry)| entry));
        self.values(at, "answers");
    }

    fn event(&mut self, at: &Cursor<'a>) {
        self.values(at, "takes");
        self.names.states.extend(at.get("creates"));
        self.from(at, "from");
        self.guards(at);
        self.change(at);
    }

    fn change(&mut self, at: &Cursor<'a>) {
        self.sets_of(at, "sets", true);
        for effect in items(at, "effects") {
            self.condition_of(&effect);
            self.values(&effect, "with");
        }
        if let Some(notice) = at.get("notifies") {
            self.condition_of(&notice);
            self.values(&notice, "sends");
            self.value_of(&notice, "account");
            self.value_of(&notice, "to");
        }
        if let Some(record) = at.get("records") {
            self.value_of(&record, "amount");
        }
    }

    fn condition_of(&mut self, at: &Cursor<'a>) {
        if let Some(condition) = at.get("if") {
            self.condition(&condition);
        }
    }

    fn guards(&mut self, at: &Cursor<'a>) {
        for guard in items(at, "guards") {
            self.condition(&guard);
            self.refusal(&guard, "refuse");
        }
    }

    fn from(&mut self, at: &Cursor<'a>, key: &str) {
        for (_, target) in entries(at, key) {
            self.names.by_state.push(target.clone());
            self.target(&target);
        }
    }

    fn target(&mut self, at: &Cursor<'a>) {
        if let Some(text) = at.text() {
            return match text.strip_prefix("refuse ") {
                Some(refusal) => self.names.refusals.push((at.clone(), refusal)),
                None => self.names.states.push(at.clone()),
            };
        }
        self.condition_of(at);
        let branches = ["then", "else"].into_iter().filter_map(|key| at.get(key));
        branches.chain(at.items()).for_each(|target| self.target(&target));
    }

    fn refusal(&mut self, at: &Cursor<'a>, key: &str) {
        if let Some((at, text)) = at.get(key).and_then(|at| Some((at.clone(), at.text()?))) {
            self.names.refusals.push((at, text));
        }
    }

    /// Collects the members of a mapping that sets them; their values too where they are no constants.
    fn sets_of(&mut self, at: &Cursor<'a>, key: &str, has_values: bool) {
        for (path, entry) in entries(at, key) {
            self.names.sets.push((entry.clone(), path));
            if has_values {
                self.value(&entry);
            }
        }
    }

    fn values(&mut self, at: &Cursor<'a>, key: &str) {
        entries(at, key).for_each(|(_, entry)| self.value(&entry));
    }

    fn value_of(&mut self, at: &Cursor<'a>, key: &str) {
        if let Some(value) = at.get(key) {
            self.value(&value);
        }
    }

    fn value(&mut self, at: &Cursor<'a>) {
        if let Some(text) = at.text() {
            return self.read(at, text);
        }
        for (word, given) in at.entries() {
            match word {
                "first" | "sum" | "difference" | "share" | "of" => {
                    given.items().for_each(|item| self.value(&item));
                }
                "join" => given.items().for_each(|item| self.value(&item)),
                "count" | "age" | "each" | "in" | "then" | "else" => self.value(&given),
                "if" => self.condition(&given),
                "sum_of" | "count_of" => {
                    if let Some(condition) = given.get("where") {
                        let lifecycle = given.get("in").and_then(|at| at.text());
                        let item = Item::Related(lifecycle.unwrap_or_default());
                        self.with_item(item, |inside| inside.condition(&condition));
                    }
                    self.names.related.push(given);
                }
                "where" => self.with_item(Item::Element, |inside| inside.condition(&given)),
                "sets" => self.with_item(Item::Element, |inside| {
                    given.entries().for_each(|(_, entry)| inside.value(&entry));
                }),
                "list" => {
                    let objects = given.items().flat_map(|object| object.entries());
                    objects.for_each(|(_, entry)| self.value(&entry));
                }
                _ => {}
            }
        }
    }

    /// Collects from a place that has the scope `item`.
    fn with_item(&mut self, item: Item<'a>, collect: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.item, item);
        collect(self);
        self.item = outer;
    }

    fn read(&mut self, at: &Cursor<'a>, text: &'a str) {
        let is_constant = at.json().is_some_and(|json| json.is_number() || json.is_boolean());
        let Some((scope, path)) = text.split_once('.').filter(|_| !is_constant) else { return };
        let read =
            Read { at: at.clone(), scope, path: path.replace("[]", ""), reader: self.reader };
        match (scope, self.item) {
            ("item", Item::Element) => self.names.items.push(read),
            ("item", Item::Related(lifecycle)) => self.names.related_items.push((read, lifecycle)),
            _ => self.names.reads.push(read),
        }
    }

    fn condition(&mut self, at: &Cursor<'a>) {
        for (word, given) in at.entries() {
            match word {
                "present" | "absent" | "among" | "distinct" => self.value(&given),
                "equal" | "differ" | "less" | "at_most" | "exactly_one" | "of" => {
                    given.items().for_each(|item| self.value(&item));
                }
                "all" | "any" => given.items().for_each(|item| self.condition(&item)),
                "not" => self.condition(&given),
                _ => {}
            }
        }
    }
}

pub(super) fn entries<'a>(
    at: &Cursor<'a>,
    key: &str,
) -> impl Iterator<Item = (&'a str, Cursor<'a>)> + use<'a> {
    at.get(key).into_iter().flat_map(|map| map.entries())
}

pub(super) fn items<'a>(at: &Cursor<'a>, key: &str) -> impl Iterator<Item = Cursor<'a>> + use<'a> {
    at.get(key).into_iter().flat_map(|list| list.items())
}
