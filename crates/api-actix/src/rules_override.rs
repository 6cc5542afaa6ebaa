//! Rules that are set aside for one visit.

use doctor_booking_domain::{RuleName, SetAside};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::code::Code;
use crate::schema;
use crate::violations::{Read, Violations};

/// Rules that are set aside, one by one and by name; all others are kept. Nothing sets aside that somebody else has the
/// slot or holds it, that it is to come, that the doctor is active, or that the doctor offers visits of the type. The history
/// keeps which, as `rulesSetAside`, and why.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = RulesOverride, examples(json!({
    "rules": ["outside-working-hours"], "reason": "An emergency; the doctor has agreed to come"
})))]
pub(crate) struct RulesOverrideDto {
    /// Which, each once. `outside-working-hours` covers time off and closures. With `patient-busy` the patient may be
    /// elsewhere at the same time; others that come later still meet this visit.
    #[schema(value_type = Vec<schema::RuleName>, min_items = 1, max_items = 5)]
    rules: Vec<String>,
    /// Why.
    #[schema(value_type = schema::Reason)]
    reason: String,
}

impl RulesOverrideDto {
    /// What is set aside, where anything is to be.
    pub(crate) fn read(given: Option<&Self>, violations: &mut Violations) -> Read<Option<SetAside>> {
        let Some(Self { rules, reason }) = given else { return Some(None) };
        let rules: Vec<_> =
            rules.iter().enumerate().map(|(index, name)| rule(violations, rules, index, name)).collect();
        if rules.is_empty() {
            violations.add("/override/rules", Code::InvalidOverride, "must name at least one rule");
        }
        let reason = violations.text("/override/reason", reason);
        // With no rule the violation is there already.
        SetAside::new(rules.into_iter().collect::<Option<Vec<_>>>()?, reason?).ok().map(Some)
    }
}

fn rule(violations: &mut Violations, all: &[String], index: usize, name: &String) -> Read<RuleName> {
    let pointer = format!("/override/rules/{index}");
    let Some(rule) = RuleName::find(name) else {
        let names = RuleName::ALL.map(RuleName::as_str);
        violations.add(pointer, Code::UnknownValue, format!("must be one of {}", names.join(", ")));
        return None;
    };
    if all[..index].contains(name) {
        violations.add(pointer, Code::InvalidOverride, "the rule is named already");
        return None;
    }
    Some(rule)
}
