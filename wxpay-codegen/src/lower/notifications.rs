//! Lowers the notifications and their events.

use std::collections::BTreeMap;

use wxpay_spec::model::{Body, Direction, Field, Notification, NotificationResponse};

use super::context::Lowering;
use super::docs;
use super::features::{FeatureCondition, Users};
use super::names::{self, NameKind, Place, Scope};
use crate::ir::{
    Content, Definition, Docs, Event, Events, Ident, Layout, Module, ModulePath, Source, TypePath,
};
use crate::markdown::{code, inline};

/// The notifications with their own resource types, by the segments of their paths.
#[derive(Debug, Default)]
struct Folder<'a> {
    source: Option<&'a str>,
    users: Users<'a>,
    /// The resource, and the response that it asks for.
    types: Vec<Definition>,
    children: BTreeMap<Ident, Folder<'a>>,
}

impl Lowering<'_> {
    /// Lowers the module of the notifications. A single file without notifications has no such
    /// module.
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
        let always = FeatureCondition::default();
        Some(Module {
            children: self.folders(folder, &module, &always),
            path: module,
            name,
            docs: Docs::line("The notifications that WeChat Pay sends to merchants."),
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
                format!("Events: {}.", events.join(", ")),
                docs::note(notification.note.as_ref()),
                docs::official(&notification.docs, None),
            ]),
            gate: condition.gate_inside(&FeatureCondition::default()),
            resource,
            shape: self.known.shape(notification),
        }
    }

    /// Lowers the types of a notification, and returns its resource: a named type, or a separate one
    /// in the notification's module.
    fn resource<'a>(
        &mut self,
        place: &str,
        notification: &'a Notification,
        module: &ModulePath,
        root: &mut Folder<'a>,
    ) -> Option<TypePath> {
        let file = Place::file(&notification.source);
        let key = file.key("resource");
        let named = match &notification.resource {
            Body::Named(id) => Some(self.received_type(id, &key)?),
            Body::Fields(_) => None,
        };
        let response = notification.response.as_ref().and_then(fields_of);
        if let (Some(path), None) = (&named, response) {
            return Some(path.clone());
        }
        let mut folder = root;
        let mut module = module.clone();
        for word in place.split('/') {
            let name = self.name(word, None, NameKind::Module, file)?;
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
        let path = named.unwrap_or_else(|| module.of(&names::fixed("Resource")));
        if let Body::Fields(fields) = &notification.resource {
            let docs = Docs::line(inline(&notification.title));
            let object = self.object(path.clone(), docs, fields, Direction::Response, &key);
            folder.types.push(object.carried_by(vec![self.known.shape(notification)]));
        }
        if let Some((response, fields)) = response {
            let path = module.of(&names::fixed("Response"));
            let docs = docs::notification_response(&notification.title, response);
            let key = file.key("response");
            folder.types.push(self.object(path, docs, fields, Direction::Request, &key));
        }
        Some(path)
    }

    fn folders(
        &mut self,
        folder: Folder<'_>,
        module: &ModulePath,
        inside: &FeatureCondition,
    ) -> Vec<Module> {
        let mut modules = Vec::new();
        for (name, child) in folder.children {
            let condition = child.users.condition(self.layout);
            let path = module.child(&name);
            let mut child = child;
            let types = std::mem::take(&mut child.types);
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
                contents: types.into_iter().map(Content::Definition).collect(),
            });
        }
        modules
    }
}

/// The members of a response that is written out.
fn fields_of(response: &NotificationResponse) -> Option<(&NotificationResponse, &[Field])> {
    match &response.body {
        Body::Fields(fields) => Some((response, fields)),
        Body::Named(_) => None,
    }
}
