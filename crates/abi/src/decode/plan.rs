//! What a decoder does, worked out once per event.

use event_streamer_models::AbiInput;

use super::reader::Head;
use super::text::push_json_string;
use crate::error::{AbiError, AbiErrorKind};
use crate::limits::MAX_HEAD_BYTES;
use crate::path::Path;
use crate::types::{AbiType, Layout, TupleField, WordType};

/// The way through topics and data.
#[derive(Debug)]
pub(super) struct ParametersPlan {
    pub(super) parameters: Box<[ParameterPlan]>,
    /// Parameters that are topics; topic0 is not counted.
    pub(super) indexed: usize,
}

#[derive(Debug)]
pub(super) struct ParameterPlan {
    /// The key as in [`DecodeError::path`](super::DecodeError::path).
    pub(super) key: Box<str>,
    /// What stands before the value: `"from":`, from the second on with a comma in front.
    pub(super) prefix: Prefix,
    pub(super) source: Source,
}

#[derive(Debug)]
pub(super) enum Source {
    /// A topic, counted without topic0. Of a value that does not fit into a word it is the hash.
    Topic {
        nth: usize,
        word: WordType,
        hashed: bool,
    },
    /// The data, with the position of the head.
    Data { head: usize, value: ValuePlan },
}

#[derive(Debug)]
pub(super) enum ValuePlan {
    Word(WordType),
    Bytes,
    String,
    Array(Box<ItemPlan>),
    FixedArray {
        item: Box<ItemPlan>,
        length: usize,
        dynamic: bool,
    },
    Tuple(Box<TuplePlan>),
}

/// The elements of an array.
#[derive(Debug)]
pub(super) struct ItemPlan {
    pub(super) value: ValuePlan,
    /// Bytes of each element's head.
    pub(super) head: usize,
}

#[derive(Debug)]
pub(super) struct TuplePlan {
    pub(super) fields: Box<[FieldPlan]>,
    /// Whether the tuple is an object: every component has a name, and no two the same.
    pub(super) keyed: bool,
    pub(super) dynamic: bool,
}

#[derive(Debug)]
pub(super) struct FieldPlan {
    /// Position of the head in the tuple.
    pub(super) head: usize,
    pub(super) value: ValuePlan,
    pub(super) name: Option<Box<str>>,
    /// What stands before the value: the key if the tuple is an object, and from the second on a
    /// comma in front.
    pub(super) prefix: Prefix,
}

impl FieldPlan {
    /// Where the head of this field stands in a tuple at `tuple`.
    pub(super) fn head_in(&self, tuple: Head) -> Head {
        Head {
            base: tuple.base,
            at: tuple.at + self.head,
        }
    }
}

/// Whether some of the parameters are topics.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Topics {
    /// Those that are indexed.
    Indexed,
    /// None: only events have any.
    None,
}

/// Compiles parameters whose types were resolved, and which stand under these keys.
pub(super) fn compile(
    inputs: &[AbiInput],
    types: &[AbiType],
    keys: Vec<String>,
    topics: Topics,
    path: &Path<'_>,
) -> Result<ParametersPlan, AbiError> {
    let too_large = || {
        let message = format!("the parameters together are larger than {MAX_HEAD_BYTES} bytes");
        AbiError::at(AbiErrorKind::Limit, path, message)
    };
    let mut parameters = Vec::with_capacity(types.len());
    let mut indexed = 0;
    let mut data = Layout::NOTHING;
    for ((input, ty), key) in inputs.iter().zip(types).zip(keys) {
        let source = if topics == Topics::Indexed && input.is_indexed() {
            indexed += 1;
            Source::Topic {
                nth: indexed - 1,
                word: topic_word(ty),
                hashed: !matches!(ty, AbiType::Word(_)),
            }
        } else {
            let (value, layout) = compile_value(ty).ok_or_else(too_large)?;
            let head = data.end();
            data = data.followed_by(layout).ok_or_else(too_large)?;
            Source::Data { head, value }
        };
        let prefix = Prefix::new(parameters.len(), Some(&key));
        parameters.push(ParameterPlan {
            key: key.into(),
            prefix,
            source,
        });
    }
    Ok(ParametersPlan {
        parameters: parameters.into(),
        indexed,
    })
}

/// How an indexed parameter stands in its topic (Solidity's ABI specification, "Encoding of
/// Indexed Event Parameters"): everything that is not one word is hashed.
fn topic_word(ty: &AbiType) -> WordType {
    match ty {
        AbiType::Word(word) => *word,
        _ => WordType::FixedBytes(32),
    }
}

/// `None` if the type is beyond [`MAX_HEAD_BYTES`].
fn compile_value(ty: &AbiType) -> Option<(ValuePlan, Layout)> {
    Some(match ty {
        AbiType::Word(word) => (ValuePlan::Word(*word), Layout::WORD),
        AbiType::Bytes => (ValuePlan::Bytes, Layout::TAIL),
        AbiType::String => (ValuePlan::String, Layout::TAIL),
        AbiType::Array(element) => {
            let (item, _) = compile_item(element)?;
            (ValuePlan::Array(Box::new(item)), Layout::TAIL)
        }
        AbiType::FixedArray(element, length) => {
            let (item, layout) = compile_item(element)?;
            let layout = layout.repeated(*length)?;
            let length = usize::try_from(*length).ok()?;
            (
                ValuePlan::FixedArray {
                    item: Box::new(item),
                    length,
                    dynamic: layout.dynamic,
                },
                layout,
            )
        }
        AbiType::Tuple(fields) => compile_tuple(fields)?,
    })
}

fn compile_item(element: &AbiType) -> Option<(ItemPlan, Layout)> {
    let (value, layout) = compile_value(element)?;
    Some((
        ItemPlan {
            value,
            head: layout.head(),
        },
        layout,
    ))
}

fn compile_tuple(fields: &[TupleField]) -> Option<(ValuePlan, Layout)> {
    let mut names: Vec<&str> = fields
        .iter()
        .filter_map(|field| field.name.as_deref())
        .collect();
    names.sort_unstable();
    names.dedup();
    let keyed = names.len() == fields.len();
    let mut layout = Layout::NOTHING;
    let mut plans = Vec::with_capacity(fields.len());
    for field in fields {
        let (value, own) = compile_value(&field.ty)?;
        let prefix = Prefix::new(plans.len(), field.name.as_deref().filter(|_| keyed));
        let name = field.name.as_deref().filter(|_| keyed).map(Into::into);
        plans.push(FieldPlan {
            head: layout.end(),
            value,
            name,
            prefix,
        });
        layout = layout.followed_by(own)?;
    }
    let tuple = TuplePlan {
        fields: plans.into(),
        keyed,
        dynamic: layout.dynamic,
    };
    Some((ValuePlan::Tuple(Box::new(tuple)), layout))
}

/// What stands before a value. Of a usual length it is copied in one size, which is some
/// instructions instead of a call.
#[derive(Debug)]
pub(super) struct Prefix {
    text: Box<[u8]>,
    padded: [u8; Self::USUAL],
}

impl Prefix {
    const USUAL: usize = 32;

    /// Before the `nth` value of an object, or of an array if it has no key.
    fn new(nth: usize, key: Option<&str>) -> Self {
        let mut text = Vec::new();
        if nth > 0 {
            text.push(b',');
        }
        if let Some(key) = key {
            push_json_string(&mut text, key);
            text.push(b':');
        }
        let mut padded = [0; Self::USUAL];
        for (place, byte) in padded.iter_mut().zip(&text) {
            *place = *byte;
        }
        Self {
            text: text.into(),
            padded,
        }
    }

    #[inline]
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        if self.text.len() <= Self::USUAL {
            let end = out.len() + self.text.len();
            out.extend_from_slice(&self.padded);
            out.truncate(end);
        } else {
            out.extend_from_slice(&self.text);
        }
    }
}
