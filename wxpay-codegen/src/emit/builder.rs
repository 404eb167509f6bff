//! Prints a request's builder: its start, its stages, its setters and their arguments.

use proc_macro2::TokenStream;
use quote::quote;

use super::tokens::{relative, stage, ty};
use crate::ir::{Field, Ident, ModulePath, RequestStruct, Ty, TypePath};

/// Prints the stages of a struct's builder, for its companion module. Without required fields there
/// are none.
pub(super) fn stages(sent: &RequestStruct) -> Option<TokenStream> {
    let here = sent.start()?.companion;
    let name = &sent.path.name;
    let required: Vec<_> = sent.required().collect();
    let needs = import(&here);
    let next = required.iter().skip(1).map(Some).chain([None]);
    let stages = required.iter().zip(next);
    let stages = stages.map(|(field, next)| print_stage(sent, field, next.copied(), &here));
    let optional = sent.fields.iter().filter(|field| field.optional);
    let optional: Vec<_> = optional.map(|field| anywhere(field, &here)).collect();
    let optional = (!optional.is_empty()).then(|| {
        quote! {
            impl<Field> Needs<Field> { #(#optional)* }
        }
    });
    let docs =
        format!(" A half-built [`{name}`](super::{name}). The next required field is `Field`.");
    Some(quote! {
        #[doc = #docs]
        pub struct Needs<Field>(
            pub(super) super::#name,
            pub(super) ::core::marker::PhantomData<Field>,
        );

        #needs

        #(#stages)*

        #optional
    })
}

/// Prints the setter of an optional field for every stage; it calls the setter of the struct
/// inside.
fn anywhere(field: &Field, here: &ModulePath) -> TokenStream {
    let Field { summary, name, .. } = field;
    let name = &name.rust;
    let argument = argument(field, here);
    quote! {
        #summary
        pub fn #name(self, #name: #argument) -> Self { Needs(self.0.#name(#name), self.1) }
    }
}

/// Prints the stage that waits for `field`. The last stage returns the struct.
fn print_stage(
    sent: &RequestStruct,
    field: &Field,
    next: Option<&Field>,
    here: &ModulePath,
) -> TokenStream {
    let Field { summary, name, .. } = field;
    let (name, whole) = (&name.rust, &sent.path.name);
    let argument = argument(field, here);
    let value = value(field, here);
    let (then, result) = match next {
        Some(next) => {
            let next = &next.name.rust;
            let then = quote! { Needs<needs::#next> };
            (then, quote! { Needs(self.0, ::core::marker::PhantomData) })
        }
        None => (quote! { super::#whole }, quote! { self.0 }),
    };
    quote! {
        impl Needs<needs::#name> {
            #summary
            #[inline]
            pub fn #name(mut self, #name: #argument) -> #then {
                self.0.#name = #value;
                #result
            }
        }
    }
}

/// Prints the type of a setter's argument.
fn argument(field: &Field, from: &ModulePath) -> TokenStream {
    match &field.ty {
        Ty::Integer | Ty::Number | Ty::Boolean | Ty::File => ty(&field.ty, from),
        Ty::Object { path, start } => {
            let object = relative(path, from);
            let start = start.as_ref().map_or_else(|| object.clone(), |start| stage(start, from));
            quote! { impl ::core::ops::FnOnce(#start) -> #object }
        }
        Ty::List(item) => match &**item {
            Ty::Object { path, .. } => {
                let object = relative(path, from);
                let list = quote! { ::wxpay_api::codegen::List<#object> };
                quote! { impl ::core::ops::FnOnce(#list) -> #list }
            }
            item => {
                let item = scalar(item, from);
                quote! { impl ::core::iter::IntoIterator<Item = #item> }
            }
        },
        other => scalar(other, from),
    }
}

/// Prints the conversion of a setter's argument into the field's value.
fn value(field: &Field, from: &ModulePath) -> TokenStream {
    let name = &field.name.rust;
    match &field.ty {
        Ty::Integer | Ty::Number | Ty::Boolean | Ty::File => quote! { #name },
        Ty::Object { path, .. } => {
            let object = relative(path, from);
            quote! { #name(#object::builder()) }
        }
        Ty::List(item) => match &**item {
            Ty::Object { .. } => quote! { #name(::wxpay_api::codegen::List::new()).into() },
            item if is_copied(item) => quote! { #name.into_iter().collect() },
            _ => quote! { #name.into_iter().map(::core::convert::Into::into).collect() },
        },
        _ => quote! { #name.into() },
    }
}

fn scalar(item: &Ty, from: &ModulePath) -> TokenStream {
    let plain = ty(item, from);
    if is_copied(item) {
        return plain;
    }
    quote! { impl ::core::convert::Into<#plain> }
}

fn is_copied(item: &Ty) -> bool {
    matches!(item, Ty::Integer | Ty::Number | Ty::Boolean)
}

/// Prints the import of the stage markers into a companion module.
fn import(from: &ModulePath) -> TokenStream {
    let root = TypePath {
        module: ModulePath::default(),
        name: Ident { text: "needs".to_owned(), raw: false },
    };
    let needs = relative(&root, from);
    quote! {
        #[doc(hidden)]
        pub use #needs;
    }
}

/// Prints the implementation with which other structs create an empty one of these.
pub(super) fn blank(sent: &RequestStruct) -> TokenStream {
    let name = &sent.path.name;
    let literal = literal(sent);
    quote! {
        impl ::wxpay_api::codegen::Blank for #name {
            #[inline]
            fn blank() -> Self { #literal }
        }
    }
}

/// Prints the struct with no field set. Literals for the usual types spare the compiler the search
/// for a trait's implementation.
fn literal(sent: &RequestStruct) -> TokenStream {
    let fields = sent.fields.iter().map(|field| {
        let name = &field.name.rust;
        let value = match &field.ty {
            _ if field.wrapped => quote! { ::core::option::Option::None },
            Ty::String => quote! { ::std::string::String::new() },
            Ty::Integer => quote! { 0 },
            Ty::Number => quote! { 0.0 },
            Ty::Boolean => quote! { false },
            Ty::List(_) => quote! { ::std::vec::Vec::new() },
            Ty::Timestamp
            | Ty::Secret
            | Ty::SecretBytes
            | Ty::Json
            | Ty::File
            | Ty::Enum(_)
            | Ty::Object { .. } => quote! { ::wxpay_api::codegen::Blank::blank() },
        };
        quote! { #name: #value }
    });
    quote! { Self { #(#fields,)* } }
}

fn start(sent: &RequestStruct) -> TokenStream {
    let first = sent.start();
    first.map_or_else(|| quote! { Self }, |first| stage(&first, &sent.path.module))
}

/// Prints the implementation with which a list builds its elements.
pub(super) fn build(sent: &RequestStruct) -> TokenStream {
    let name = &sent.path.name;
    let first = sent.companion.as_ref().map(|module| &module.name).zip(sent.required().next());
    let start = first.map(|(module, Field { name, .. })| {
        let field = &name.rust;
        quote! { , #module, #field }
    });
    quote! { ::wxpay_api::codegen::listed!(#name #start); }
}

pub(super) fn builder(sent: &RequestStruct) -> TokenStream {
    let start = start(sent);
    let required: Vec<_> =
        sent.required().map(|field| format!("`{}`", field.name.rust.text)).collect();
    let docs = match required.as_slice() {
        [] => " Starts a builder. Nothing is required.".to_owned(),
        [one] => format!(" Starts a builder. {one} is required."),
        all => format!(" Starts a builder. {} are required.", all.join(", ")),
    };
    let blank = if sent.held {
        quote! { ::wxpay_api::codegen::Blank::blank() }
    } else {
        literal(sent)
    };
    let value = match &sent.companion {
        Some(companion) if !required.is_empty() => {
            let companion = &companion.name;
            quote! { #companion::Needs(#blank, ::core::marker::PhantomData) }
        }
        _ => blank,
    };
    quote! { #[doc = #docs] #[inline] pub fn builder() -> #start { #value } }
}

pub(super) fn setter(field: &Field, here: &ModulePath) -> TokenStream {
    let Field { summary, name, .. } = field;
    let name = &name.rust;
    let argument = argument(field, here);
    let value = value(field, here);
    quote! {
        #summary
        #[inline]
        pub fn #name(mut self, #name: #argument) -> Self {
            self.#name = ::core::option::Option::Some(#value);
            self
        }
    }
}
