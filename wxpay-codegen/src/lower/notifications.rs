//! Lowers the notifications and their events.

use std::collections::BTreeMap;

use wxpay_spec::model::{Body, Direction, Notification};

use super::gates::{Condition, Users};
use super::known::shape;
use super::names::{self, NameKind};
use super::place::{Place, Scope};
use super::{Lowering, docs};
use crate::ir::{
    Content, Definition, Docs, Event, Events, Ident, Layout, Module, ModulePath, Source, TypePath,
};
use crate::markdown::{code, inline};

/// The notifications that bring resources of their own, by the words of their place.
#[derive(Debug, Default)]
struct Folder<'a> {
    source: Option<&'a str>,
    users: Users<'a>,
    resource: Option<Definition>,
    children: BTreeMap<Ident, Folder<'a>>,
}

impl Lowering<'_> {
    /// The module of the notifications. A single file without any has none.
    pub(super) fn notifications(&mut self) -> Option<Module> {
        let spec = self.spec;
        if self.layout == Layout::Single && spec.notifications.is_empty() {
            return None;
        }
        let name = names::fixed("notifications");
        let module = ModulePath::top(&name);
        let mut scope = Scope::default();
        let mut events = Vec::new();
        let mut folder = Folder::default();
        for (place, notification) in &spec.notifications {
            let file = Place::file(&notification.source);
            let rust = notification.rust.as_deref();
            let Some(variant) = self.name(place, rust, NameKind::Event, file) else {
                continue;
            };
            scope.claim(&variant, file, &mut self.errors);
            let Some(resource) = self.resource(place, notification, &module, &mut folder) else {
                continue;
            };
            events.push(self.event(variant, notification, resource));
        }
        let always = Condition::default();
        Some(Module {
            children: self.folders(folder, &module, &always),
            path: module,
            name,
            docs: Docs::line("What WeChat Pay notifies a merchant of."),
            labels: Vec::new(),
            gate: always.gate_inside(&always),
            source: Source::Several,
            contents: vec![Content::Events(Events { events })],
        })
    }

    fn event(&self, name: Ident, notification: &Notification, resource: TypePath) -> Event {
        let condition = Users::one(&notification.family).condition(self.layout);
        let events: Vec<_> = notification.events.iter().map(|event| code(event)).collect();
        Event {
            name,
            docs: Docs::new([
                inline(&notification.title),
                format!("Carried by {}.", events.join(", ")),
                docs::note(notification.note.as_ref()),
                docs::official(&notification.docs, None),
            ]),
            gate: condition.gate_inside(&Condition::default()),
            resource,
            shape: shape(notification),
        }
    }

    /// The resource's type: a named one, or one of its own in a module at its place.
    fn resource<'a>(
        &mut self,
        place: &str,
        notification: &'a Notification,
        module: &ModulePath,
        root: &mut Folder<'a>,
    ) -> Option<TypePath> {
        let file = Place::file(&notification.source);
        let key = file.key("resource");
        let fields = match &notification.resource {
            Body::Named(id) => return self.received_type(id, &key),
            Body::Fields(fields) => fields,
        };
        let mut folder = root;
        let mut module = module.clone();
        for word in place.split('/') {
            let name = self.name(word, None, NameKind::Place, file)?;
            module = module.child(&name);
            folder.users.add(&notification.family);
            folder = folder.children.entry(name).or_default();
        }
        folder.users.add(&notification.family);
        if let Some(other) = folder.source.replace(&notification.source) {
            let error = crate::error::Error::between(
                other,
                &notification.source,
                format!("both become the module `{module}` in Rust: rename one of the files"),
            );
            self.errors.add(error);
        }
        let path = module.of(&names::fixed("Resource"));
        let docs = Docs::line(inline(&notification.title));
        let object = self.object(path.clone(), docs, fields, Direction::Response, &key);
        folder.resource = Some(object.carried_by(vec![shape(notification)]));
        Some(path)
    }

    fn folders(
        &mut self,
        folder: Folder<'_>,
        module: &ModulePath,
        inside: &Condition,
    ) -> Vec<Module> {
        let mut modules = Vec::new();
        for (name, child) in folder.children {
            let condition = child.users.condition(self.layout);
            let path = module.child(&name);
            let mut child = child;
            let resource = child.resource.take();
            let source = child.source.map_or(Source::Several, |file| Source::One(file.to_owned()));
            let words: Vec<_> = path.names().iter().skip(1).map(Ident::to_string).collect();
            modules.push(Module {
                children: self.folders(child, &path, &condition),
                docs: Docs::line(format!("Notifications: {}", code(&words.join("/")))),
                labels: Vec::new(),
                path,
                name,
                gate: condition.gate_inside(inside),
                source,
                contents: resource.into_iter().map(Content::Definition).collect(),
            });
        }
        modules
    }
}
