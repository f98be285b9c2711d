//! What a module has: a struct per event, and one per tuple that occurs in them.

use std::collections::HashMap;

use event_streamer_models::{AbiEvent, AbiInput, B256};

use super::names::{Names, camel_case, snake_case};
use super::rust_type::RustType;
use crate::decode::EventDecoder;
use crate::distinct::Distinct;
use crate::error::AbiError;
use crate::human::{human_parameter, human_signature};
use crate::path::Path;
use crate::resolve::{name_of, resolve_event};
use crate::types::{AbiType, Layout, TupleField};

/// Every struct of a module, in the order in which they are written.
#[derive(Default)]
pub(super) struct Items(pub(super) Vec<Struct>);

pub(super) struct Struct {
    pub(super) name: String,
    pub(super) fields: Vec<Field>,
    pub(super) kind: Kind,
}

pub(super) enum Kind {
    Event {
        /// As one would write it in Solidity.
        declaration: String,
        signature: String,
        topic0: Option<B256>,
        indexed: usize,
    },
    Tuple {
        /// Its canonical type.
        ty: String,
        dynamic: bool,
        /// Bytes of its head.
        head: usize,
    },
}

pub(super) struct Field {
    pub(super) name: String,
    /// As one would write it in Solidity.
    pub(super) declaration: String,
    /// What it is called in errors; empty if it has no name.
    pub(super) key: String,
    pub(super) is_topic: bool,
    pub(super) ty: RustType,
}

impl Items {
    pub(super) fn of(events: &[AbiEvent]) -> Result<Self, AbiError> {
        let mut different = Distinct::default();
        for event in events {
            different.insert(EventDecoder::new(event)?);
        }
        let different = different.as_slice();
        // Events take their names before tuples do: they are what one looks for.
        let mut names = Names::of_types();
        let mut event_name = |decoder: &EventDecoder| {
            let base = camel_case(decoder.name()).unwrap_or_else(|| "Event".to_owned());
            names.take(base, "")
        };
        let event_names: Vec<String> = different.iter().map(&mut event_name).collect();
        let mut builder = Builder {
            items: Vec::new(),
            names,
            tuples: HashMap::new(),
        };
        for (decoder, name) in different.iter().zip(event_names) {
            builder.event(decoder, name)?;
        }
        Ok(Self(builder.items))
    }
}

struct Builder {
    items: Vec<Struct>,
    names: Names,
    /// Tuples that have a struct, by the name they would like to have.
    tuples: HashMap<String, Vec<(Vec<TupleField>, String)>>,
}

impl Builder {
    fn event(&mut self, decoder: &EventDecoder, name: String) -> Result<(), AbiError> {
        let event = decoder.event();
        let types = resolve_event(event, &Path::of_single("event", &event.name))?;
        let mut own_names = Names::default();
        let mut fields = Vec::with_capacity(types.len());
        let inputs = event.inputs.iter().zip(&types).zip(decoder.parameters());
        for (nth, ((input, ty), (key, is_topic))) in inputs.enumerate() {
            let own = field_name(name_of(input), nth, &mut own_names);
            let ty_of_field = match ty {
                AbiType::Word(word) => RustType::of_word(*word),
                _ if is_topic => RustType::hash(),
                _ => self.rust_type(ty, Some(input), &format!("{name} {own}")),
            };
            fields.push(Field {
                name: own,
                declaration: human_parameter(input, ty),
                key: key.to_owned(),
                is_topic,
                ty: ty_of_field,
            });
        }
        let kind = Kind::Event {
            declaration: human_signature(event)?,
            signature: decoder.signature().to_owned(),
            topic0: decoder.topic0(),
            indexed: decoder.indexed_count(),
        };
        self.items.push(Struct { name, fields, kind });
        Ok(())
    }

    /// `place` is what a struct without a name is called after. The recursion is as deep as the
    /// type, which is bounded.
    fn rust_type(&mut self, ty: &AbiType, input: Option<&AbiInput>, place: &str) -> RustType {
        match ty {
            AbiType::Word(word) => RustType::of_word(*word),
            AbiType::Bytes => RustType::itself("abi::HexBytes"),
            AbiType::String => RustType::itself("String"),
            AbiType::Array(element) => self.rust_type(element, input, place).array(),
            AbiType::FixedArray(element, length) => {
                self.rust_type(element, input, place).fixed_array(*length)
            }
            AbiType::Tuple(fields) => RustType::itself(&self.tuple(ty, fields, input, place)),
        }
    }

    /// The name of the struct of a tuple.
    fn tuple(
        &mut self,
        ty: &AbiType,
        fields: &[TupleField],
        input: Option<&AbiInput>,
        place: &str,
    ) -> String {
        let internal = input.and_then(|input| struct_name(input.internal_type.as_deref()?));
        let base = internal.or_else(|| camel_case(place));
        let base = base.unwrap_or_else(|| "Tuple".to_owned());
        let known = self.tuples.get(&base).into_iter().flatten();
        if let Some((_, name)) = known.clone().find(|(known, _)| known == fields) {
            return name.clone();
        }
        let name = self.names.take(base.clone(), "");
        let entry = (fields.to_vec(), name.clone());
        self.tuples.entry(base).or_default().push(entry);
        let components = input.and_then(|input| input.components.as_deref());
        let mut own_names = Names::default();
        let mut own_fields = Vec::with_capacity(fields.len());
        for (nth, field) in fields.iter().enumerate() {
            let own = field_name(field.name.as_deref(), nth, &mut own_names);
            let component = components.and_then(|components| components.get(nth));
            let place = format!("{name} {own}");
            let plain = AbiInput::default();
            let named = component.unwrap_or(&plain);
            own_fields.push(Field {
                declaration: human_parameter(named, &field.ty),
                key: field.name.clone().unwrap_or_default(),
                is_topic: false,
                ty: self.rust_type(&field.ty, component, &place),
                name: own,
            });
        }
        let layout = ty.layout();
        let kind = Kind::Tuple {
            ty: ty.to_string(),
            // Types that are too large have no layout, and no decoder either.
            dynamic: layout.is_some_and(|layout| layout.dynamic),
            head: layout.map_or(0, Layout::head),
        };
        self.items.push(Struct {
            name: name.clone(),
            fields: own_fields,
            kind,
        });
        name
    }
}

fn field_name(name: Option<&str>, nth: usize, names: &mut Names) -> String {
    let base = name.and_then(snake_case);
    names.take(base.unwrap_or_else(|| format!("arg{nth}")), "_")
}

/// `Slot` of `struct IPool.Slot[2][]`.
fn struct_name(internal_type: &str) -> Option<String> {
    let path = internal_type.strip_prefix("struct ")?;
    let path = path.split_once('[').map_or(path, |(path, _)| path);
    let name = path.rsplit('.').next()?;
    crate::resolve::is_identifier(name).then(|| camel_case(name))?
}
