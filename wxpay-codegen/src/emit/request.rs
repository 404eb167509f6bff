//! Prints a request struct: its builder, setters and encoding.

use proc_macro2::TokenStream;
use quote::quote;

use super::definition::{companion, struct_field};
use super::tokens::stage;
use super::{arguments, stages};
use crate::ir::{Field, Member, ModulePath, Sent, Ty, Value};

/// A struct that is sent: the struct, its builder and setters, its encoding, its companion.
pub(super) fn sent(sent: &Sent) -> TokenStream {
    let Sent { path, docs, fields, members, companion: module, listed, held } = sent;
    let (here, name) = (&path.module, &path.name);
    let struct_fields = fields.iter().map(|field| struct_field(field, here));
    let builder = builder(sent);
    let setters = fields.iter().filter(|field| field.optional).map(|field| setter(field, here));
    let blank = held.then(|| blank(sent));
    let build = listed.then(|| build(sent));
    let encode = members.as_ref().map(|members| encode(sent, members));
    let module = module.as_ref().map(|module| companion(module, stages::stages(sent)));
    quote! {
        #docs
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub struct #name { #(#struct_fields,)* }

        impl #name {
            #builder
            #(#setters)*
        }

        #blank

        #build

        #encode
        #module
    }
}

/// The member of a JSON object, or of whatever else has `put`.
pub(super) fn put(member: &Member, method: TokenStream, owner: TokenStream) -> TokenStream {
    let wire = &member.wire;
    let value = value(&member.value, &owner);
    quote! { #method(#wire, #value); }
}

/// What a member's value is read from.
pub(super) fn value(value: &Value, owner: &TokenStream) -> TokenStream {
    match value {
        Value::Field(field) => quote! { &#owner.#field },
        Value::JsonText(field) => quote! { &::wxpay_api::codegen::JsonText(&#owner.#field) },
        Value::MayBeEmpty(inner) => {
            let inner = self::value(inner, owner);
            quote! { &::wxpay_api::codegen::MayBeEmpty(#inner) }
        }
        Value::Clears(inner) => {
            let inner = self::value(inner, owner);
            quote! { &::wxpay_api::codegen::Clears(#inner) }
        }
        Value::FileSha256 => quote! { &#owner.file.sha256() },
        Value::FileSm3 => quote! { &#owner.file.sm3() },
        Value::FileName => quote! { &#owner.file.name() },
        Value::Constant(text) => quote! { &#text },
    }
}

/// What lets other structs start with a blank one of these.
fn blank(sent: &Sent) -> TokenStream {
    let name = &sent.path.name;
    let literal = literal(sent);
    quote! {
        impl ::wxpay_api::codegen::Blank for #name {
            #[inline]
            fn blank() -> Self { #literal }
        }
    }
}

/// The struct with nothing set. The usual values are written out, which spares the compiler a choice
/// among the implementations of a trait.
fn literal(sent: &Sent) -> TokenStream {
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

fn start(sent: &Sent) -> TokenStream {
    let first = sent.start();
    first.map_or_else(|| quote! { Self }, |first| stage(&first, &sent.path.module))
}

/// What lets a list build its elements.
fn build(sent: &Sent) -> TokenStream {
    let name = &sent.path.name;
    let first = sent.companion.as_ref().map(|module| &module.name).zip(sent.required().next());
    let start = first.map(|(module, Field { name, .. })| {
        let field = &name.rust;
        quote! { , #module, #field }
    });
    quote! { ::wxpay_api::codegen::listed!(#name #start); }
}

fn builder(sent: &Sent) -> TokenStream {
    let start = start(sent);
    let required: Vec<_> =
        sent.required().map(|field| format!("`{}`", field.name.rust.text)).collect();
    let docs = match required.as_slice() {
        [] => " Starts building; nothing is required.".to_owned(),
        [one] => format!(" Starts building; {one} is required."),
        all => format!(" Starts building; {} are required.", all.join(", ")),
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

fn setter(field: &Field, here: &ModulePath) -> TokenStream {
    let Field { summary, name, .. } = field;
    let name = &name.rust;
    let argument = arguments::argument(field, here);
    let value = arguments::value(field, here);
    quote! {
        #summary
        #[inline]
        pub fn #name(mut self, #name: #argument) -> Self {
            self.#name = ::core::option::Option::Some(#value);
            self
        }
    }
}

fn encode(sent: &Sent, members: &[Member]) -> TokenStream {
    let name = &sent.path.name;
    let body = if members.is_empty() {
        quote! { ::core::mem::drop(out.object()); }
    } else {
        let members =
            members.iter().map(|member| put(member, quote! { object.put }, quote! { self }));
        quote! {
            let mut object = out.object();
            #(#members)*
        }
    };
    quote! {
        impl ::wxpay_api::codegen::Encode for #name {
            #[inline]
            fn encode(&self, out: ::wxpay_api::codegen::Encoder<'_>) { #body }
        }
    }
}
