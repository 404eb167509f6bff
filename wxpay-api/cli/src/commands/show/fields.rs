//! Shows fields as a tree: type, required or not, bounds, meaning of each value.

use crate::catalogue::model::{Computed, Empty, EnumValue, Field, Part, Schema};
use crate::language::Language;
use crate::terminal::{DIM, FACT, NAME, Page, WARNING, styled};

/// Writes fields below a heading; nothing without fields.
pub(super) fn section(
    page: &mut Page,
    language: Language,
    part: &Part,
    heading: &str,
    fields: &[Field],
) {
    if !fields.is_empty() {
        page.heading(heading);
        FieldTree { page, language, part, inside: Vec::new() }.fields(0, fields);
    }
}

/// Writes the fields of a body below a heading.
pub(super) fn body(
    page: &mut Page,
    language: Language,
    part: &Part,
    heading: &str,
    schema: &Schema,
) {
    page.heading(heading);
    let mut tree = FieldTree { page, language, part, inside: Vec::new() };
    match part.resolve(schema) {
        Schema::Object { .. } => tree.below(0, schema),
        _ => tree.page.text(0, language.pick("任意 JSON 对象", "any JSON object")),
    }
}

struct FieldTree<'a, 'p> {
    page: &'p mut Page,
    language: Language,
    part: &'a Part,
    /// The named types around a field, so that recursion ends.
    inside: Vec<&'a str>,
}

impl<'a> FieldTree<'a, '_> {
    fn fields(&mut self, depth: usize, fields: &'a [Field]) {
        for field in fields {
            self.field(depth, field);
        }
    }

    fn field(&mut self, depth: usize, field: &'a Field) {
        let indent = depth * 2;
        let head = format!(
            "{}  {}  ",
            styled(NAME, &field.name),
            styled(FACT, &self.facts(field).join(", "))
        );
        self.page.hanging(indent, &head, field.title.as_deref().unwrap_or_default());
        let note = self.language.note(field.note.as_ref());
        if !note.is_empty() {
            self.page.text(indent + 4, note);
        }
        if field.superseded {
            let text = self.language.pick("新版文档已无此字段", "newer pages no longer have it");
            self.page.text(indent + 4, &styled(WARNING, text));
        }
        self.below(depth + 1, &field.schema);
    }

    /// Writes what is inside a value: the members of an object, the values of an enum.
    fn below(&mut self, depth: usize, schema: &'a Schema) {
        match schema {
            Schema::Object { members } => self.fields(depth, members),
            Schema::List { items } => self.below(depth, items),
            Schema::JsonText { content } => self.below(depth, content),
            Schema::Enum { values, .. } => self.values(depth, values),
            Schema::Named { name } if self.inside.contains(&name.as_str()) => {
                let again = self.language.pick("同上", "as above");
                self.page.text(depth * 2, &styled(DIM, &format!("{again}: {name}")));
            }
            Schema::Named { name } => {
                if let Some(schema) = self.part.types.get(name) {
                    self.inside.push(name);
                    self.below(depth, schema);
                    self.inside.pop();
                }
            }
            _ => {}
        }
    }

    fn values(&mut self, depth: usize, values: &[EnumValue]) {
        let values = values.iter().map(|value| match &value.title {
            Some(title) => format!("{} {title}", value.value),
            None => value.value.clone(),
        });
        self.page.text(depth * 2 + 2, &values.collect::<Vec<_>>().join(" · "));
    }

    fn facts(&self, field: &Field) -> Vec<String> {
        let language = self.language;
        let mut facts = vec![self.type_of(&field.schema)];
        if field.computed.is_none() && field.constant.is_none() {
            let (required, optional) =
                (language.pick("必填", "required"), language.pick("选填", "optional"));
            facts.push(if field.required { required } else { optional }.to_owned());
        }
        facts.extend(field.length.map(|(least, most)| {
            let length = language.pick("长度", "length");
            match most {
                Some(most) if least == 0 => format!("{length} ..{most}"),
                Some(most) => format!("{length} {least}..{most}"),
                None => format!("{length} {least}.."),
            }
        }));
        if let Some((least, most)) = &field.range {
            let text = |bound: &Option<String>| bound.clone().unwrap_or_default();
            let range = language.pick("范围", "range");
            facts.push(format!("{range} {}..{}", text(least), text(most)));
        }
        facts.extend(
            field
                .pattern
                .as_ref()
                .map(|pattern| format!("{} {pattern}", language.pick("格式", "pattern"))),
        );
        facts.extend(field.computed.map(|computed| self.computed(computed)));
        facts.extend(
            field
                .constant
                .as_ref()
                .map(|constant| format!("{} {constant}", language.pick("固定为", "always"))),
        );
        facts.extend(field.empty.map(|empty| {
            match empty {
                Empty::Allowed => language.pick("可为空", "may be empty"),
                Empty::Clears => {
                    language.pick("更新时为空表示清空", "an empty one clears it in an update")
                }
            }
            .to_owned()
        }));
        facts
    }

    fn computed(&self, computed: Computed) -> String {
        let what = match computed {
            Computed::Sha256 => self.language.pick("文件的 SHA-256", "SHA-256 of the file"),
            Computed::Sm3 => self.language.pick("文件的 SM3", "SM3 of the file"),
            Computed::FileName => self.language.pick("文件名", "name of the file"),
        };
        format!("{}: {what}", self.language.pick("自动计算", "computed"))
    }

    fn type_of(&self, schema: &Schema) -> String {
        match self.part.resolve(schema) {
            Schema::String { format: None } => "string".to_owned(),
            Schema::String { format: Some(format) } => format!("string ({format})"),
            Schema::Integer => "integer".to_owned(),
            Schema::Number => "number".to_owned(),
            Schema::Boolean => "boolean".to_owned(),
            Schema::Json | Schema::Named { .. } => "JSON".to_owned(),
            Schema::Secret { .. } => {
                format!("string, {}", self.language.pick("加密传输", "secret, encrypted"))
            }
            Schema::Enum { integer: true, .. } => "integer".to_owned(),
            Schema::Enum { .. } => "string".to_owned(),
            Schema::Object { .. } => "object".to_owned(),
            Schema::List { items } => format!("list of {}", self.type_of(items)),
            Schema::JsonText { content } => format!("text with JSON: {}", self.type_of(content)),
        }
    }
}
