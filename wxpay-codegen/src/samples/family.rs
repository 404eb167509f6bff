//! Prints the samples of one product family.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use wxpay_spec::model::CORE;

use crate::ir::{Gate, Ident};
use crate::lower;

/// The samples of a product family, which make a module behind its feature.
pub(super) struct Family<'a> {
    name: &'a str,
    module: Option<Ident>,
    pub(super) operations: Vec<Function>,
    pub(super) resources: Vec<Function>,
}

/// A function that makes one visit.
pub(super) struct Function {
    pub(super) docs: String,
    pub(super) name: proc_macro2::Ident,
    pub(super) takes_secret: bool,
    pub(super) body: TokenStream,
}

impl<'a> Family<'a> {
    pub(super) fn new(name: &'a str) -> Self {
        let (operations, resources) = (Vec::new(), Vec::new());
        Self { name, module: lower::module_name(name), operations, resources }
    }

    pub(super) fn call_operations(&self) -> Option<TokenStream> {
        let secret = self.takes_secret().then(|| quote! { , secret });
        self.call(&self.operations, &quote! { operations(visitor #secret) })
    }

    pub(super) fn call_resources(&self) -> Option<TokenStream> {
        self.call(&self.resources, &quote! { resources(visitor) })
    }

    fn call(&self, functions: &[Function], call: &TokenStream) -> Option<TokenStream> {
        let (gate, module) = (self.gate(), &self.module);
        (!functions.is_empty()).then(|| quote! { #gate #module::#call; })
    }

    pub(super) fn module(&self) -> TokenStream {
        let (gate, module) = (self.gate(), &self.module);
        let secret = self.takes_secret().then(|| quote! { , secret: &str });
        let operations = visit_all("operation", &self.operations, secret);
        let resources = visit_all("resource", &self.resources, None);
        let mut imports = Vec::new();
        imports.extend((!self.operations.is_empty()).then(|| quote! { Expected }));
        imports.extend((!self.resources.is_empty()).then(|| quote! { ExpectedResource }));
        let functions = self.operations.iter().chain(&self.resources).map(Function::text);
        quote! {
            #gate
            mod #module {
                use crate::visitor::{#(#imports,)* Visitor};

                #operations
                #resources
                #(#functions)*
            }
        }
    }

    fn takes_secret(&self) -> bool {
        self.operations.iter().any(|function| function.takes_secret)
    }

    fn gate(&self) -> Gate {
        Gate((self.name != CORE).then(|| [self.name.to_owned()].into()))
    }
}

/// The function that makes all visits of one kind; none where there are none.
fn visit_all(
    kind: &str,
    functions: &[Function],
    secret: Option<TokenStream>,
) -> Option<TokenStream> {
    let (name, docs) = (format_ident!("{kind}s"), format!(" Visits every {kind}."));
    let calls = functions.iter().map(Function::call);
    (!functions.is_empty()).then(|| {
        quote! {
            #[doc = #docs]
            pub(super) fn #name(visitor: &mut impl Visitor #secret) { #(#calls)* }
        }
    })
}

impl Function {
    fn call(&self) -> TokenStream {
        let name = &self.name;
        let secret = self.takes_secret.then(|| quote! { , secret });
        quote! { #name(visitor #secret); }
    }

    fn text(&self) -> TokenStream {
        let Self { docs, name, body, .. } = self;
        let secret = self.takes_secret.then(|| quote! { , secret: &str });
        quote! {
            #[doc = #docs]
            fn #name(visitor: &mut impl Visitor #secret) { #body }
        }
    }
}
