//! Prints the types of requests and responses: structs, their encoding or decoding, open enums.

use proc_macro2::TokenStream;
use quote::quote;

use super::builder;
use super::events::notification_shape;
use super::tokens::ty;
use crate::ir::{
    Companion, Definition, Field, Member, ModulePath, OpenEnum, RequestStruct, ResponseStruct,
    Value,
};

/// Prints a type with its companion module.
pub(super) fn definition(definition: &Definition) -> TokenStream {
    match definition {
        Definition::Request(request) => sent(request),
        Definition::Response(received) => self::received(received),
        Definition::Enum(open) => open_enum(open),
    }
}

/// Prints a companion module: the stages of the builder, if any, then the nested types.
fn companion(companion: &Companion, stages: Option<TokenStream>) -> TokenStream {
    let Companion { name, docs, types } = companion;
    let types = types.iter().map(definition);
    quote! { #docs pub mod #name { #stages #(#types)* } }
}

/// Prints a field of a struct.
fn struct_field(field: &Field, here: &ModulePath) -> TokenStream {
    let Field { docs, name, .. } = field;
    let name = &name.rust;
    let plain = ty(&field.ty, here);
    let ty = if field.wrapped {
        quote! { ::core::option::Option<#plain> }
    } else {
        plain
    };
    quote! { #docs pub #name: #ty }
}

/// Prints a struct of a request: the struct, its builder and setters, its encoding, its companion.
pub(super) fn sent(sent: &RequestStruct) -> TokenStream {
    let RequestStruct { path, docs, fields, members, companion: module, listed, held } = sent;
    let (here, name) = (&path.module, &path.name);
    let struct_fields = fields.iter().map(|field| struct_field(field, here));
    let start = builder::builder(sent);
    let setters =
        fields.iter().filter(|field| field.optional).map(|field| builder::setter(field, here));
    let blank = held.then(|| builder::blank(sent));
    let build = listed.then(|| builder::build(sent));
    let encode = members.as_ref().map(|members| encode(sent, members));
    let module = module.as_ref().map(|module| companion(module, builder::stages(sent)));
    quote! {
        #docs
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub struct #name { #(#struct_fields,)* }

        impl #name {
            #start
            #(#setters)*
        }

        #blank

        #build

        #encode
        #module
    }
}

/// Prints the call that writes a member of a JSON object, a query, a header or a multipart body.
pub(super) fn put(member: &Member, method: TokenStream, owner: TokenStream) -> TokenStream {
    let wire = &member.wire;
    let value = value(&member.value, &owner);
    quote! { #method(#wire, #value); }
}

/// Prints the expression of a member's value.
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

fn encode(sent: &RequestStruct, members: &[Member]) -> TokenStream {
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

/// Prints a struct of a response: the struct, its decoding, its companion.
fn received(received: &ResponseStruct) -> TokenStream {
    let ResponseStruct { path, docs, fields, companion: module, shapes } = received;
    let (here, name) = (&path.module, &path.name);
    let struct_fields = fields.iter().map(|field| struct_field(field, here));
    let decode = decode(received);
    let resource = (!shapes.is_empty()).then(|| {
        let shapes = shapes.iter().map(notification_shape);
        quote! {
            impl ::wxpay_api::codegen::Resource for #name {
                const SHAPES: &'static [::wxpay_api::codegen::NotificationShape] = &[#(#shapes,)*];
            }
        }
    });
    let module = module.as_ref().map(|module| companion(module, None));
    quote! {
        #docs
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub struct #name { #(#struct_fields,)* }
        #decode
        #resource
        #module
    }
}

fn decode(received: &ResponseStruct) -> TokenStream {
    let name = &received.path.name;
    let fields = received.fields.iter().map(|field| {
        let (rust, wire) = (&field.name.rust, &field.name.wire);
        if field.json_text {
            quote! { #rust: members.json_text(#wire) }
        } else {
            quote! { #rust: members.take(#wire) }
        }
    });
    let members = match received.fields.is_empty() {
        true => quote! { _ },
        false => quote! { members },
    };
    quote! {
        impl ::wxpay_api::codegen::FromMembers for #name {
            #[inline]
            fn from_members(#members: ::wxpay_api::codegen::Members<'_>) -> Self {
                Self { #(#fields,)* }
            }
        }

        ::wxpay_api::codegen::empty_by_default!(#name);
    }
}

/// Prints an enum that keeps the values it does not know.
fn open_enum(open: &OpenEnum) -> TokenStream {
    let OpenEnum { path, docs, variants, .. } = open;
    let name = &path.name;
    let known = variants.iter().map(|variant| {
        let (docs, rust) = (&variant.docs, &variant.name.rust);
        quote! { #docs #rust }
    });
    let to_text = variants.iter().map(|variant| {
        let (rust, wire) = (&variant.name.rust, &variant.name.wire);
        quote! { Self::#rust => #wire }
    });
    let from_text = variants.iter().map(|variant| {
        let (rust, wire) = (&variant.name.rust, &variant.name.wire);
        quote! { #wire => Self::#rust }
    });
    let kind = if open.integer {
        quote! { integer }
    } else {
        quote! { text }
    };
    quote! {
        #docs
        #[derive(Clone, Debug, Eq, Hash, PartialEq)]
        #[non_exhaustive]
        pub enum #name {
            #(#known,)*
            #[doc = " A value that this version does not know, or no value."]
            Unknown(::wxpay_api::codegen::Unknown),
        }

        impl #name {
            #[doc = " The value on the wire."]
            #[inline]
            pub fn as_str(&self) -> &str {
                match self {
                    #(#to_text,)*
                    Self::Unknown(unknown) => unknown.as_str(),
                }
            }
        }

        impl ::core::convert::From<&str> for #name {
            #[inline]
            fn from(text: &str) -> Self {
                match text {
                    #(#from_text,)*
                    _ => Self::Unknown(::wxpay_api::codegen::Unknown::new(text)),
                }
            }
        }

        ::wxpay_api::codegen::open_enum!(#name, #kind);
    }
}
