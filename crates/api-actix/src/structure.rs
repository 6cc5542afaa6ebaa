//! Everything that is wrong with the structure of a body, by the schema that the OpenAPI document has for it.
//!
//! Bodies are read by serde, which stops at the first thing that does not fit. Only then this comes in, and only for
//! structure: types, fields that are missing, fields that are not known. What values are possible, the domain says.

use std::collections::HashMap;
use std::sync::LazyLock;

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{ValidationError, Validator};
use serde_json::{Map, Value, json};

use crate::code::Code;
use crate::problem::Violation;
use crate::query::pointer;

/// What says how a value is built, rather than which values there are.
const STRUCTURE: [&str; 8] =
    ["$ref", "type", "properties", "required", "additionalProperties", "items", "oneOf", "anyOf"];

/// By the name of the schema; every one that the document has.
static VALIDATORS: LazyLock<HashMap<String, Validator>> = LazyLock::new(|| {
    let document = serde_json::to_value(crate::openapi()).unwrap_or_default();
    let schemas = document["components"]["schemas"].as_object().cloned().unwrap_or_default();
    let schemas: Map<_, _> = schemas.into_iter().map(|(name, schema)| (name, structure(schema))).collect();
    let validator = |name: &str| {
        let schema =
            json!({"$ref": format!("#/components/schemas/{name}"), "components": {"schemas": schemas.clone()}});
        jsonschema::draft202012::new(&schema).ok()
    };
    schemas.keys().filter_map(|name| Some((name.clone(), validator(name)?))).collect()
});

/// The schema without what it says about values.
fn structure(schema: Value) -> Value {
    let Value::Object(schema) = schema else { return schema };
    let kept = schema.into_iter().filter(|(keyword, _)| STRUCTURE.contains(&keyword.as_str()));
    let mut kept: Map<_, _> = kept.map(|(keyword, value)| (keyword.clone(), inner(&keyword, value))).collect();
    if kept.contains_key("additionalProperties") {
        // Without any property beside it, the field that is one too many would not be named.
        kept.entry("properties").or_insert_with(|| json!({}));
    }
    Value::Object(kept)
}

fn inner(keyword: &str, value: Value) -> Value {
    match (keyword, value) {
        ("properties", Value::Object(properties)) => {
            Value::Object(properties.into_iter().map(|(name, schema)| (name, structure(schema))).collect())
        }
        ("oneOf" | "anyOf", Value::Array(schemas)) => Value::Array(schemas.into_iter().map(structure).collect()),
        ("items" | "additionalProperties", schema) => structure(schema),
        (_, value) => value,
    }
}

/// Everything in which `body` is not built as the schema of this name says.
pub(crate) fn violations(schema: &str, body: &Value) -> Vec<Violation> {
    let Some(validator) = VALIDATORS.get(schema) else { return vec![] };
    validator.iter_errors(body).flat_map(|error| explain(error.instance_path().as_str(), error.kind())).collect()
}

fn explain(place: &str, error: &ValidationErrorKind) -> Vec<Violation> {
    let field = |name: &str| format!("{place}{}", pointer(name));
    match error {
        ValidationErrorKind::AdditionalProperties { unexpected } => unexpected
            .iter()
            .map(|name| Violation::new(field(name), Code::UnknownField, "there is no such field here"))
            .collect(),
        ValidationErrorKind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            vec![Violation::new(field(name), Code::MissingField, "is missing")]
        }
        ValidationErrorKind::Type { kind } => {
            let types = match kind {
                TypeKind::Single(kind) => kind.to_string(),
                TypeKind::Multiple(kinds) => {
                    kinds.into_iter().map(|kind| kind.to_string()).collect::<Vec<_>>().join(" or ")
                }
            };
            vec![Violation::new(place, Code::WrongType, format!("must be of type {types}"))]
        }
        ValidationErrorKind::OneOfNotValid { context } => match of_its_type(place, context) {
            Some(errors) => {
                errors.iter().flat_map(|error| explain(error.instance_path().as_str(), error.kind())).collect()
            }
            None => vec![Violation::new(place, Code::WrongType, "has the wrong type")],
        },
        _ => vec![Violation::new(place, Code::WrongType, "has the wrong type")],
    }
}

/// What is wrong with something that may be an object or null, and is an object: of all possibilities the only one that has
/// its type.
fn of_its_type<'a, 'e>(place: &str, context: &'a [Vec<ValidationError<'e>>]) -> Option<&'a [ValidationError<'e>]> {
    let is_of_another = |error: &ValidationError| {
        error.instance_path().as_str() == place && matches!(error.kind(), ValidationErrorKind::Type { .. })
    };
    let mut of_type = context.iter().filter(|errors| !errors.iter().any(is_of_another));
    of_type.next().filter(|_| of_type.next().is_none()).map(Vec::as_slice)
}
