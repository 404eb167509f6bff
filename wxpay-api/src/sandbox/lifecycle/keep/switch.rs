//! Switches, for what nobody knows for certain of WeChat Pay, and settings, for what merchants configure.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value as Json;

use crate::sandbox::lifecycle::describe::model::{
    Act, Lifecycle, RefusalChoice, Setting, Target, named,
};
use crate::sandbox::lifecycle::describe::{Definition, Definitions};
use crate::sandbox::lifecycle::error::LifecycleError;

/// A switch: what nobody knows for certain of WeChat Pay.
#[derive(Clone, Debug, Serialize)]
pub(in crate::sandbox) struct SwitchView {
    pub(in crate::sandbox) lifecycle: String,
    pub(in crate::sandbox) name: String,
    /// The choices; the first is the default.
    pub(in crate::sandbox) choices: Vec<String>,
    pub(in crate::sandbox) chosen: String,
}

/// The choices that differ from the defaults, by lifecycle and switch.
#[derive(Debug, Default, Serialize)]
pub(in crate::sandbox) struct Switches(BTreeMap<String, BTreeMap<String, String>>);

impl Switches {
    /// Returns the refusal that a name stands for now.
    pub(in crate::sandbox) fn refusal<'a>(
        &self,
        lifecycle: &str,
        name: &str,
        choices: &'a [RefusalChoice],
    ) -> Option<&'a RefusalChoice> {
        let chosen = self.chosen(lifecycle, name);
        let names = refusal_names(choices);
        let index = names.iter().position(|name| Some(name.as_str()) == chosen);
        choices.get(index.unwrap_or_default())
    }

    /// Returns the target that a list of targets stands for now.
    pub(in crate::sandbox) fn target<'a>(
        &self,
        lifecycle: &str,
        name: &str,
        choices: &'a [Target],
    ) -> Option<&'a Target> {
        let chosen = self.chosen(lifecycle, name);
        let held =
            choices.iter().find(|choice| Some(target_name(choice)) == chosen.map(str::to_owned));
        held.or(choices.first())
    }

    pub(in crate::sandbox) fn choose(
        &mut self,
        definitions: &Definitions,
        lifecycle: &str,
        name: &str,
        choice: &str,
    ) -> Result<SwitchView, LifecycleError> {
        let definition = definitions.named(lifecycle)?;
        let mut switches = switches_of(&definition.lifecycle);
        let Some(choices) = switches.remove(name) else {
            return Err(LifecycleError::UnknownSwitch {
                lifecycle: lifecycle.to_owned(),
                switch: name.to_owned(),
                known: switches.into_keys().collect(),
            });
        };
        if !choices.iter().any(|known| known == choice) {
            return Err(LifecycleError::UnknownChoice {
                switch: name.to_owned(),
                choice: choice.to_owned(),
                known: choices,
            });
        }
        let chosen = self.0.entry(lifecycle.to_owned()).or_default();
        chosen.insert(name.to_owned(), choice.to_owned());
        Ok(self.view(lifecycle, name.to_owned(), choices))
    }

    /// Lists all switches of all lifecycles.
    pub(in crate::sandbox) fn list(&self, definitions: &Definitions) -> Vec<SwitchView> {
        let all = definitions.all().iter().flat_map(|definition| {
            let switches = switches_of(&definition.lifecycle).into_iter();
            switches.map(|(name, choices)| self.view(&definition.name, name, choices))
        });
        all.collect()
    }

    fn view(&self, lifecycle: &str, name: String, choices: Vec<String>) -> SwitchView {
        let chosen = self.chosen(lifecycle, &name).or(choices.first().map(String::as_str));
        let chosen = chosen.unwrap_or_default().to_owned();
        SwitchView { lifecycle: lifecycle.to_owned(), name, choices, chosen }
    }

    fn chosen(&self, lifecycle: &str, name: &str) -> Option<&str> {
        self.0.get(lifecycle)?.get(name).map(String::as_str)
    }
}

/// A limit that each merchant has configured.
#[derive(Clone, Debug, Serialize)]
pub(in crate::sandbox) struct SettingView {
    pub(in crate::sandbox) lifecycle: String,
    pub(in crate::sandbox) name: String,
    pub(in crate::sandbox) title: String,
    /// The usual value.
    pub(in crate::sandbox) usual: Json,
    pub(in crate::sandbox) value: Json,
}

/// The settings that tests changed, by lifecycle and name.
#[derive(Debug, Default, Serialize)]
pub(in crate::sandbox) struct Settings(BTreeMap<String, BTreeMap<String, Json>>);

impl Settings {
    /// Returns the value of a setting.
    pub(in crate::sandbox) fn get<'a>(
        &'a self,
        definition: &'a Definition,
        name: &str,
    ) -> Option<&'a Json> {
        let usual = || Some(&named(&definition.lifecycle.settings, name)?.value);
        self.0.get(&definition.name).and_then(|changed| changed.get(name)).or_else(usual)
    }

    pub(in crate::sandbox) fn set(
        &mut self,
        definitions: &Definitions,
        lifecycle: &str,
        name: &str,
        value: Json,
    ) -> Result<SettingView, LifecycleError> {
        let definition = definitions.named(lifecycle)?;
        let settings = &definition.lifecycle.settings;
        let Some(setting) = named(settings, name) else {
            return Err(LifecycleError::UnknownSetting {
                lifecycle: lifecycle.to_owned(),
                setting: name.to_owned(),
                known: settings.iter().map(|(name, _)| name.clone()).collect(),
            });
        };
        self.0.entry(lifecycle.to_owned()).or_default().insert(name.to_owned(), value);
        Ok(self.view(definition, name, setting))
    }

    /// Lists all settings of all lifecycles.
    pub(in crate::sandbox) fn list(&self, definitions: &Definitions) -> Vec<SettingView> {
        let all = definitions.all().iter().flat_map(|definition| {
            let settings = definition.lifecycle.settings.iter();
            settings.map(|(name, setting)| self.view(definition, name, setting))
        });
        all.collect()
    }

    fn view(&self, definition: &Definition, name: &str, setting: &Setting) -> SettingView {
        SettingView {
            lifecycle: definition.name.clone(),
            name: name.to_owned(),
            title: setting.title.clone(),
            usual: setting.value.clone(),
            value: self.get(definition, name).cloned().unwrap_or_default(),
        }
    }
}

/// Returns the switches of a lifecycle with their choices.
fn switches_of(lifecycle: &Lifecycle) -> BTreeMap<String, Vec<String>> {
    let mut switches = BTreeMap::new();
    for (name, choices) in &lifecycle.refusals {
        if choices.len() > 1 {
            switches.insert(name.clone(), refusal_names(choices));
        }
    }
    let mut add = |owner: &str, place: &str, target: &Target| {
        collect(&switch_name(owner, place), target, &mut switches);
    };
    for (name, rule) in &lifecycle.operations {
        match &rule.act {
            Act::Creates { to, repeat, .. } => {
                add(name, CREATES, to);
                repeat.differs.iter().for_each(|target| add(name, DIFFERS, target));
                repeat.by_state.iter().for_each(|(state, target)| add(name, state, target));
            }
            Act::Finds { from, .. } => {
                from.iter().for_each(|(state, target)| add(name, state, target));
            }
            Act::Lists { .. } | Act::Answers => {}
        }
    }
    for (name, event) in &lifecycle.events {
        event.from.iter().for_each(|(state, target)| add(name, state, target));
    }
    switches
}

/// The place of a target that `creates` names.
pub(in crate::sandbox) const CREATES: &str = "creates";
/// The place of a target that `differs` names.
pub(in crate::sandbox) const DIFFERS: &str = "differs";

/// Returns the name of the switch at a target: its operation or event, and its state.
pub(in crate::sandbox) fn switch_name(owner: &str, place: &str) -> String {
    format!("{owner}.{place}")
}

fn collect(name: &str, target: &Target, switches: &mut BTreeMap<String, Vec<String>>) {
    match target {
        Target::Choice(choices) => {
            let known = switches.entry(name.to_owned()).or_default();
            for choice in choices {
                let text = target_name(choice);
                if !known.contains(&text) {
                    known.push(text);
                }
            }
            choices.iter().for_each(|choice| collect(name, choice, switches));
        }
        Target::Case { then, otherwise, .. } => {
            collect(name, then, switches);
            collect(name, otherwise, switches);
        }
        Target::State(_) | Target::Refuse(_) => {}
    }
}

fn target_name(target: &Target) -> String {
    match target {
        Target::State(state) => state.clone(),
        Target::Refuse(refusal) => format!("refuse {refusal}"),
        Target::Choice(choices) => choices.first().map(target_name).unwrap_or_default(),
        Target::Case { then, otherwise, .. } => {
            format!("{} or {}", target_name(then), target_name(otherwise))
        }
    }
}

/// Names refusals by status and code; with their message too, where these are the same.
fn refusal_names(choices: &[RefusalChoice]) -> Vec<String> {
    let short = |choice: &RefusalChoice| format!("{} {}", choice.status, choice.code);
    let name = |choice: &RefusalChoice| {
        let same = choices.iter().filter(|other| short(other) == short(choice)).count();
        if same > 1 { format!("{} {}", short(choice), choice.message) } else { short(choice) }
    };
    choices.iter().map(name).collect()
}
