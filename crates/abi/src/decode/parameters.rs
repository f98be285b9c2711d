//! A list of parameters, compiled: what logs, calls, answers and reverts have in common.

use event_streamer_models::{AbiInput, B256};
use serde::Deserialize;

use super::de;
use super::error::DecodeError;
use super::json::JsonWriter;
use super::names::{Reserved, parameter_keys};
use super::plan::{self, ParametersPlan, Source, Topics};
use super::reader::{Head, Reader};
use super::strictness::Strictness;
use super::tree;
use super::walk::JsonWalk;
use crate::encode::{EncodeError, EncodeErrorKind, check_count, encode_parameters, encode_topic};
use crate::error::AbiError;
use crate::path::Path;
use crate::types::AbiType;
use crate::value::AbiValue;

/// Parameters and the way through their encoding.
#[derive(Debug)]
pub(crate) struct Parameters {
    types: Vec<AbiType>,
    plan: ParametersPlan,
}

impl Parameters {
    /// The parameters of an event, of which some are topics.
    pub(crate) fn of_event(
        inputs: &[AbiInput],
        types: Vec<AbiType>,
        path: &Path<'_>,
    ) -> Result<Self, AbiError> {
        let keys = parameter_keys(inputs, Reserved::Metadata);
        let plan = plan::compile(inputs, &types, keys, Topics::Indexed, path)?;
        Ok(Self { types, plan })
    }

    /// Parameters that all stand in the data, and in the company of no metadata.
    pub(crate) fn of_data(
        inputs: &[AbiInput],
        types: Vec<AbiType>,
        path: &Path<'_>,
    ) -> Result<Self, AbiError> {
        let keys = parameter_keys(inputs, Reserved::Nothing);
        let plan = plan::compile(inputs, &types, keys, Topics::None, path)?;
        Ok(Self { types, plan })
    }

    /// How many parameters are topics.
    pub(crate) fn indexed(&self) -> usize {
        self.plan.indexed
    }

    /// The topics of those parameters that are topics, and the data of the others.
    pub(crate) fn encode(&self, values: &[AbiValue]) -> Result<(Vec<B256>, Vec<u8>), EncodeError> {
        check_count(values.len(), self.types.len())?;
        let parts = || {
            let typed = self.types.iter().zip(values);
            self.keys()
                .zip(typed)
                .map(|((key, is_topic), (ty, value))| (is_topic, (key, ty, value)))
        };
        let mut topics = Vec::with_capacity(self.indexed());
        for (_, (key, ty, value)) in parts().filter(|(is_topic, _)| *is_topic) {
            topics.push(encode_topic(ty, value).map_err(|error| error.in_parameter(key))?);
        }
        let mut data = Vec::new();
        let in_data = parts()
            .filter(|(is_topic, _)| !is_topic)
            .map(|(_, part)| part);
        encode_parameters(in_data, &mut data)?;
        Ok((topics, data))
    }

    /// The topic that a value of the indexed parameter under `key` has, and which it is.
    pub(crate) fn topic(&self, key: &str, value: &AbiValue) -> Result<(usize, B256), EncodeError> {
        let topics = self
            .keys()
            .zip(&self.types)
            .filter(|((_, is_topic), _)| *is_topic);
        let found = topics.enumerate().find(|(_, ((own, _), _))| *own == key);
        found
            .ok_or_else(|| EncodeError::new(EncodeErrorKind::NotIndexed))
            .and_then(|(nth, (_, ty))| Ok((nth, encode_topic(ty, value)?)))
            .map_err(|error| error.in_parameter(key))
    }

    /// The keys in order, each with whether the parameter is a topic.
    pub(crate) fn keys(&self) -> impl ExactSizeIterator<Item = (&str, bool)> + Clone {
        self.plan.parameters.iter().map(|parameter| {
            let is_topic = matches!(parameter.source, Source::Topic { .. });
            (&*parameter.key, is_topic)
        })
    }

    /// What decides what is made of an encoding.
    pub(crate) fn likeness(&self) -> (&[AbiType], Vec<(&str, bool)>) {
        (&self.types, self.keys().collect())
    }

    /// Appends `"key":value,..`. `topics` are those of the parameters, as many as are
    /// [indexed](Self::indexed).
    pub(crate) fn write_json(
        &self,
        topics: &[B256],
        data: &[u8],
        strictness: Strictness,
        out: &mut Vec<u8>,
    ) -> Result<(), DecodeError> {
        let mut walk = JsonWalk {
            reader: Reader::new(data, strictness),
            json: JsonWriter { out },
        };
        for parameter in &self.plan.parameters {
            parameter.prefix.write(walk.json.out);
            match &parameter.source {
                Source::Topic { nth, word, .. } => walk.topic(*word, topics[*nth].as_bytes()),
                Source::Data { head, value } => walk.value(value, Head { base: 0, at: *head }),
            }
            .map_err(|error| error.in_parameter(&parameter.key))?;
        }
        walk.reader.finish()
    }

    /// The values in order.
    pub(crate) fn values(
        &self,
        topics: &[B256],
        data: &[u8],
        strictness: Strictness,
    ) -> Result<Vec<AbiValue>, DecodeError> {
        let mut reader = Reader::new(data, strictness);
        let mut values = Vec::with_capacity(self.plan.parameters.len());
        for parameter in &self.plan.parameters {
            let value = match &parameter.source {
                Source::Topic { nth, word, hashed } => {
                    tree::topic(&reader, *word, *hashed, &topics[*nth])
                }
                Source::Data { head, value } => {
                    tree::value(&mut reader, value, Head { base: 0, at: *head })
                }
            };
            values.push(value.map_err(|error| error.in_parameter(&parameter.key))?);
        }
        reader.finish()?;
        Ok(values)
    }

    /// The values as whatever `T` takes.
    pub(crate) fn deserialize<'de, T: Deserialize<'de>>(
        &self,
        topics: &'de [B256],
        data: &'de [u8],
        strictness: Strictness,
    ) -> Result<T, DecodeError> {
        de::deserialize(&self.plan, topics, data, strictness)
    }
}
