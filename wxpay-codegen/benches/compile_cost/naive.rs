//! Generates naive code for the comparison: one struct per object, no shared types.

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::path::Path;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use toml_edit::{DocumentMut, Item, Table, value};
use wxpay_spec::model::{
    Body, Field, FieldType, Input, Operation, Primitive, Response, Shape, Spec, TypeId,
};

/// A crate of plain serde structs.
pub(crate) struct Naive {
    /// The crate's only file.
    pub(crate) source: String,
    /// The number of its structs.
    pub(crate) structs: usize,
}

/// Generates a separate struct for every object of every operation and notification, in one module
/// per operation. Each use of a named type repeats its structs.
///
/// The naive code compiles as fast as such code can, so that the comparison is fair. An enum, a
/// secret, a timestamp and JSON in a string are a `String`. There is no documentation and no
/// function.
pub(crate) fn emit(spec: &Spec) -> Result<Naive, syn::Error> {
    let mut structs = 0;
    let mut modules = Vec::new();
    for objects in objects_of(spec) {
        let mut module = Module::new(spec);
        for (name, object) in objects {
            module.object(name, object);
        }
        structs += module.structs.len();
        modules.push(module.tokens(modules.len() + 1));
    }
    let file = syn::parse2(quote! { #![allow(nonstandard_style)] #(#modules)* })?;
    Ok(Naive { source: prettyplease::unparse(&file), structs })
}

/// The structs of one operation or notification.
struct Module<'s> {
    spec: &'s Spec,
    structs: Vec<TokenStream>,
    names: BTreeSet<String>,
    /// The named types around the current place. A type inside itself becomes JSON.
    open: Vec<&'s TypeId>,
}

impl<'s> Module<'s> {
    fn new(spec: &'s Spec) -> Self {
        Self { spec, structs: Vec::new(), names: BTreeSet::new(), open: Vec::new() }
    }

    fn tokens(self, number: usize) -> TokenStream {
        let name = format_ident!("operation_{number}");
        let structs = self.structs;
        quote! { pub mod #name { #(#structs)* } }
    }

    /// The type of an object. `name` is the name of its place.
    fn object(&mut self, name: &str, object: Object<'s>) -> TokenStream {
        match object {
            Object::Fields(fields) => self.own_struct(name, fields),
            Object::Named(id) => self.named(name, id),
        }
    }

    fn named(&mut self, name: &str, id: &'s TypeId) -> TokenStream {
        let shape = self.spec.types.get(id).map(|named| &named.shape);
        match shape {
            Some(Shape::Object { fields, .. }) if !self.open.contains(&id) => {
                self.open.push(id);
                let ty = self.own_struct(name, fields);
                self.open.pop();
                ty
            }
            Some(Shape::Enum { integer, .. }) => enumeration(*integer),
            Some(Shape::Object { .. }) | None => quote! { serde_json::Value },
        }
    }

    fn own_struct(&mut self, name: &str, fields: &'s [Field]) -> TokenStream {
        let name = free(&mut self.names, name.to_owned());
        let mut taken = BTreeSet::new();
        let members: Vec<_> =
            fields.iter().map(|field| self.member(&name, field, &mut taken)).collect();
        let ident = identifier(&name);
        self.structs.push(quote! {
            #[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
            pub struct #ident { #(#members),* }
        });
        quote! { #ident }
    }

    fn member(
        &mut self,
        owner: &str,
        field: &'s Field,
        taken: &mut BTreeSet<String>,
    ) -> TokenStream {
        let wire = &field.name;
        let ident = identifier(&free(taken, spelling(wire)));
        let rename = (ident != wire).then(|| quote! { #[serde(rename = #wire)] });
        let ty = self.ty(&format!("{owner}{}", camel(wire)), &field.ty);
        let ty = if field.optional {
            quote! { Option<#ty> }
        } else {
            ty
        };
        quote! { #rename pub #ident: #ty }
    }

    fn ty(&mut self, name: &str, ty: &'s FieldType) -> TokenStream {
        match ty {
            FieldType::Primitive(primitive) => self::primitive(primitive),
            FieldType::Enum { integer, .. } => enumeration(*integer),
            FieldType::Named(id) => self.named(name, id),
            FieldType::Object(fields) => self.own_struct(name, fields),
            FieldType::List(element) => {
                let element = self.ty(name, element);
                quote! { Vec<#element> }
            }
            FieldType::JsonText(_) => quote! { String },
        }
    }
}

fn primitive(primitive: &Primitive) -> TokenStream {
    match primitive {
        Primitive::String(_) | Primitive::Secret(_) => quote! { String },
        Primitive::Integer => quote! { i64 },
        Primitive::Number => quote! { f64 },
        Primitive::Boolean => quote! { bool },
        Primitive::Json => quote! { serde_json::Value },
    }
}

fn enumeration(integer: bool) -> TokenStream {
    if integer {
        quote! { i64 }
    } else {
        quote! { String }
    }
}

/// The name, with as many underscores as make it unique.
fn free(taken: &mut BTreeSet<String>, mut name: String) -> String {
    while !taken.insert(name.clone()) {
        name.push('_');
    }
    name
}

/// A wire name as an identifier. A keyword gets an underscore.
fn spelling(wire: &str) -> String {
    let letter = |letter: char| if letter.is_alphanumeric() { letter } else { '_' };
    let name: String = wire.chars().map(letter).collect();
    if syn::parse_str::<Ident>(&name).is_ok() { name } else { format!("_{name}") }
}

fn camel(wire: &str) -> String {
    let words = wire.split(|letter: char| !letter.is_alphanumeric());
    let capitalised = words.map(|word| {
        let mut letters = word.chars();
        letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect::<String>()
    });
    capitalised.collect()
}

fn identifier(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

/// An object: its members, or the named type that has them.
#[derive(Clone, Copy)]
enum Object<'s> {
    /// Its members.
    Fields(&'s [Field]),
    /// A named type.
    Named(&'s TypeId),
}

impl<'s> Object<'s> {
    fn of(body: &'s Body) -> Self {
        match body {
            Body::Fields(fields) => Self::Fields(fields),
            Body::Named(id) => Self::Named(id),
        }
    }
}

/// The objects of one operation or notification, by name.
type Objects<'s> = Vec<(&'static str, Object<'s>)>;

/// The objects of every operation, then those of every notification.
fn objects_of(spec: &Spec) -> impl Iterator<Item = Objects<'_>> {
    let operations = spec.endpoints.values().flat_map(|endpoint| endpoint.operations.values());
    let resources = spec.notifications.values().map(|notification| &notification.resource);
    operations
        .map(of_operation)
        .chain(resources.map(|resource| vec![("Resource", Object::of(resource))]))
}

fn of_operation(operation: &Operation) -> Objects<'_> {
    let mut objects = Vec::new();
    let members =
        [("Path", &operation.path), ("Query", &operation.query), ("Header", &operation.header)];
    for (name, fields) in members {
        if !fields.is_empty() {
            objects.push((name, Object::Fields(fields)));
        }
    }
    match &operation.input {
        Input::None => {}
        Input::Json(body) => objects.push(("Request", Object::of(body))),
        Input::Upload(upload) => objects.push(("Meta", Object::Fields(&upload.meta))),
    }
    if let Response::Json { body, .. } = &operation.response {
        objects.push(("Response", Object::of(body)));
    }
    objects
}

/// Writes the naive crate to a folder: the workspace's profiles, its versions of serde, its lock.
pub(crate) fn write_crate(
    source: &str,
    workspace: &Path,
    folder: &Path,
) -> Result<(), Box<dyn Error>> {
    let manifest: DocumentMut = fs::read_to_string(workspace.join("Cargo.toml"))?.parse()?;
    fs::create_dir_all(folder.join("src"))?;
    fs::write(folder.join("src/lib.rs"), source)?;
    fs::write(folder.join("Cargo.toml"), own_manifest(&manifest)?.to_string())?;
    fs::copy(workspace.join("Cargo.lock"), folder.join("Cargo.lock"))?;
    Ok(())
}

fn own_manifest(workspace: &DocumentMut) -> Result<DocumentMut, Box<dyn Error>> {
    let entry = |path: &[&str]| -> Result<Item, Box<dyn Error>> {
        let found = path.iter().try_fold(workspace.as_item(), |item, key| item.get(key));
        Ok(found.ok_or_else(|| format!("Cargo.toml has no {}", path.join(".")))?.clone())
    };
    let mut package = Table::new();
    package.insert("name", value("naive"));
    package.insert("edition", entry(&["workspace", "package", "edition"])?);
    let mut dependencies = Table::new();
    for name in ["serde", "serde_json"] {
        dependencies.insert(name, entry(&["workspace", "dependencies", name])?);
    }
    let mut manifest = DocumentMut::new();
    manifest.insert("package", package.into());
    manifest.insert("dependencies", dependencies.into());
    manifest.insert("profile", entry(&["profile"])?);
    manifest.insert("workspace", Table::new().into());
    Ok(manifest)
}
