//! From encoded values into any type that `serde` can fill, without a tree in between.

mod fault;
mod fields;
mod sequence;
#[cfg(test)]
mod tests;
mod value;

use event_streamer_models::B256;
use serde::Deserialize;

use super::error::DecodeError;
use super::plan::ParametersPlan;
use super::reader::Reader;
use super::strictness::Strictness;
use fields::Fields;
use value::Root;

/// What deserializers hand to each other.
struct Context<'de> {
    reader: Reader<'de>,
    /// For texts that do not stand in the data as such: decimals and hex digits.
    text: Vec<u8>,
}

pub(super) fn deserialize<'de, T: Deserialize<'de>>(
    plan: &ParametersPlan,
    topics: &'de [B256],
    data: &'de [u8],
    strictness: Strictness,
) -> Result<T, DecodeError> {
    let mut context = Context {
        reader: Reader::new(data, strictness),
        text: Vec::new(),
    };
    let root = Root {
        context: &mut context,
        fields: Fields::Parameters {
            plans: &plan.parameters,
            topics,
        },
    };
    let value = T::deserialize(root).map_err(|fault| fault.0)?;
    context.reader.finish()?;
    Ok(value)
}
