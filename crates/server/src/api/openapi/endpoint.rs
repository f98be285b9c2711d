//! An endpoint: where it is, what serves it, and what is to be known of it.

use axum::Router;
use axum::handler::Handler;
use axum::routing::{MethodFilter, MethodRouter};
use schemars::{JsonSchema, Schema, SchemaGenerator};

use crate::api::AppState;

pub(super) type SchemaOf = fn(&mut SchemaGenerator) -> Schema;

/// One method of one path. The router and the document are both made from these, so that neither
/// has what the other has not.
pub(in crate::api) struct Endpoint {
    pub(super) method: Method,
    pub(super) path: &'static str,
    pub(super) summary: &'static str,
    pub(super) tag: Tag,
    pub(super) query: Vec<Parameter>,
    pub(super) headers: Vec<Parameter>,
    pub(super) body: Option<SchemaOf>,
    pub(super) answers: Vec<Answer>,
    /// Without a key.
    pub(super) open: bool,
    route: MethodRouter<AppState>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::api) enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

/// What an endpoint is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::api) enum Tag {
    Subscriptions,
    Streams,
    Chains,
    Breakers,
    Service,
    Administration,
}

/// A parameter of the query, or a header.
pub(super) struct Parameter {
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    pub(super) schema: SchemaOf,
}

/// What comes back when all is well.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) media_type: &'static str,
    pub(super) schema: Option<SchemaOf>,
}

impl Method {
    /// As OpenAPI writes it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Post => "post",
            Self::Put => "put",
            Self::Patch => "patch",
            Self::Delete => "delete",
        }
    }

    fn filter(self) -> MethodFilter {
        match self {
            Self::Get => MethodFilter::GET,
            Self::Post => MethodFilter::POST,
            Self::Put => MethodFilter::PUT,
            Self::Patch => MethodFilter::PATCH,
            Self::Delete => MethodFilter::DELETE,
        }
    }
}

impl Tag {
    pub(super) const ALL: [Self; 6] = [
        Self::Subscriptions,
        Self::Streams,
        Self::Chains,
        Self::Breakers,
        Self::Service,
        Self::Administration,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Subscriptions => "Subscriptions",
            Self::Streams => "Streams and acknowledgements",
            Self::Chains => "Chains",
            Self::Breakers => "Circuit breakers",
            Self::Service => "The service",
            Self::Administration => "Administration",
        }
    }
}

impl Endpoint {
    pub(in crate::api) fn new<H, T>(
        method: Method,
        path: &'static str,
        tag: Tag,
        handler: H,
    ) -> Self
    where
        H: Handler<T, AppState>,
        T: 'static,
    {
        Self {
            method,
            path,
            summary: "",
            tag,
            query: Vec::new(),
            headers: Vec::new(),
            body: None,
            answers: Vec::new(),
            open: false,
            route: MethodRouter::new().on(method.filter(), handler),
        }
    }

    pub(in crate::api) fn summary(mut self, summary: &'static str) -> Self {
        self.summary = summary;
        self
    }

    pub(in crate::api) fn query<T: JsonSchema>(
        mut self,
        name: &'static str,
        about: &'static str,
    ) -> Self {
        let schema = T::json_schema;
        self.query.push(Parameter {
            name,
            about,
            schema,
        });
        self
    }

    pub(in crate::api) fn header(mut self, name: &'static str, about: &'static str) -> Self {
        let schema = String::json_schema;
        self.headers.push(Parameter {
            name,
            about,
            schema,
        });
        self
    }

    /// The request has a JSON body.
    pub(in crate::api) fn takes<T: JsonSchema>(mut self) -> Self {
        self.body = Some(SchemaGenerator::subschema_for::<T>);
        self
    }

    /// The answer has a JSON body.
    pub(in crate::api) fn answers<T: JsonSchema>(mut self, status: u16) -> Self {
        self.answers.push(Answer {
            status,
            media_type: "application/json",
            schema: Some(SchemaGenerator::subschema_for::<T>),
        });
        self
    }

    /// The answer is a text of another kind.
    pub(in crate::api) fn answers_text(mut self, media_type: &'static str) -> Self {
        self.answers.push(Answer {
            status: 200,
            media_type,
            schema: Some(String::json_schema),
        });
        self
    }

    /// The answer is 204.
    pub(in crate::api) fn answers_nothing(mut self) -> Self {
        self.answers.push(Answer {
            status: 204,
            media_type: "",
            schema: None,
        });
        self
    }

    pub(in crate::api) fn open(mut self) -> Self {
        self.open = true;
        self
    }

    pub(in crate::api) fn mount(self, router: Router<AppState>) -> Router<AppState> {
        router.route(self.path, self.route)
    }
}
