//! Prints the stages of a struct's builder.

use proc_macro2::TokenStream;
use quote::quote;

use super::{arguments, needs};
use crate::ir::{Field, ModulePath, Sent};

/// The stages of a struct's builder, for its companion module; none when nothing is required.
pub(super) fn stages(sent: &Sent) -> Option<TokenStream> {
    let here = sent.start()?.companion;
    let name = &sent.path.name;
    let required: Vec<_> = sent.required().collect();
    let needs = needs::import(&here);
    let next = required.iter().skip(1).map(Some).chain([None]);
    let stages = required.iter().zip(next);
    let stages = stages.map(|(field, next)| stage(sent, field, next.copied(), &here));
    let optional = sent.fields.iter().filter(|field| field.optional);
    let optional: Vec<_> = optional.map(|field| anywhere(field, &here)).collect();
    let optional = (!optional.is_empty()).then(|| {
        quote! {
            impl<Field> Needs<Field> { #(#optional)* }
        }
    });
    let docs =
        format!(" A [`{name}`](super::{name}) that still needs `Field` and what follows it.");
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

/// The setter of an optional field, for every stage: that of the struct inside.
fn anywhere(field: &Field, here: &ModulePath) -> TokenStream {
    let Field { summary, name, .. } = field;
    let name = &name.rust;
    let argument = arguments::argument(field, here);
    quote! {
        #summary
        pub fn #name(self, #name: #argument) -> Self { Needs(self.0.#name(#name), self.1) }
    }
}

/// The stage that waits for `field`. The last one gives the struct.
fn stage(sent: &Sent, field: &Field, next: Option<&Field>, here: &ModulePath) -> TokenStream {
    let Field { summary, name, .. } = field;
    let (name, whole) = (&name.rust, &sent.path.name);
    let argument = arguments::argument(field, here);
    let value = arguments::value(field, here);
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
