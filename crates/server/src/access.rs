//! Who may come in: the administrator's token of the configuration, the first token of all, and those whom operators make.

use std::sync::Arc;

use anyhow::{Context, bail};
use chrono::{DateTime, TimeDelta, Utc};
use doctor_booking_adapters_jwt::{JwtIdentities, KeySource, Options};
use doctor_booking_adapters_system::{SystemClock, UuidIds};
use doctor_booking_application::{CreatedToken, Limit, NewToken, PageRequest, TokenSecret, UseCases, digest};
use doctor_booking_domain::{Actor, DoctorId, PatientId, Role, Token, TokenId, TokenName};
use doctor_booking_ports::Clock;

use crate::commands::say;
use crate::config::{Config, RoleName, TokenCommand};
use crate::store;

/// How a token is called that was not named.
const UNNAMED: &str = "made on the command line";

/// The use cases, recognising those whom the configuration names, or an identity provider that it trusts.
pub(crate) fn recognising(use_cases: UseCases, config: &Config) -> anyhow::Result<UseCases> {
    let use_cases = match identities(config)? {
        Some(identities) => use_cases.recognising(|recognise| recognise.trusting(Arc::new(identities))),
        None => use_cases,
    };
    let Some(secret) = config.admin_token() else { return Ok(use_cases) };
    if !secret.bytes().all(|byte| byte.is_ascii_graphic()) {
        bail!("an administrator's token has only visible ASCII characters: others cannot be brought in a header");
    }
    if secret.len() < 32 {
        tracing::warn!("the administrator's token is short: whoever guesses it may do everything");
    }
    let secret = digest(secret);
    let use_cases = use_cases.recognising(|recognise| recognise.with_administrator(secret));
    use_cases.recognise.prepare().context("cannot enter the administrator's token")?;
    Ok(use_cases)
}

/// The identity provider that is trusted, if one is.
fn identities(config: &Config) -> anyhow::Result<Option<JwtIdentities>> {
    let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let (keys, issuer) = match (given(&config.jwks), given(&config.issuer)) {
        (None, None) if given(&config.audience).is_some() => {
            bail!("--audience is of no use without --jwks and --issuer")
        }
        (None, None) => return Ok(None),
        (Some(keys), Some(issuer)) => (keys, issuer),
        _ => bail!("--jwks and --issuer go together: the keys, and whose they are"),
    };
    let audience = given(&config.audience);
    if audience.is_none() {
        tracing::warn!("without --audience, JWTs that the issuer has made for others are accepted, too");
    }
    let (role_claim, subject_claim) = (config.role_claim.clone(), config.subject_claim.clone());
    let Ok(keys) = keys.parse::<KeySource>();
    let identities = JwtIdentities::new(Options { keys, issuer, audience, role_claim, subject_claim })?;
    if let Err(error) = identities.check() {
        tracing::warn!(%error, "no JWT can be accepted for now");
    }
    Ok(Some(identities))
}

/// The secret of the first token of all, where nobody could come in otherwise: to be shown this once.
pub(crate) fn first_secret(use_cases: &UseCases, config: &Config) -> anyhow::Result<Option<TokenSecret>> {
    if config.admin_token().is_some() {
        return Ok(None);
    }
    let name = TokenName::parse("made at the first start").context("a name")?;
    let made = use_cases.make_first_token.execute(name).context("cannot make the first token")?;
    Ok(made.and_then(|CreatedToken { secret, .. }| secret))
}

/// Where to sign in with a secret: a fragment never leaves the browser.
pub(crate) fn sign_in_link(url: &str, secret: &TokenSecret) -> String {
    // Whoever listens everywhere is here, too.
    let url = url.replace("://0.0.0.0:", "://127.0.0.1:").replace("://[::]:", "://[::1]:");
    format!("{url}/#token={}", secret.as_str())
}

/// Does what the command line says about tokens.
pub(crate) fn token(config: &Config, command: &TokenCommand) -> anyhow::Result<()> {
    let (clock, ids) = (Arc::new(SystemClock) as Arc<dyn Clock>, Arc::new(UuidIds) as _);
    let use_cases = UseCases::new(&store::open(config)?, &clock, &ids);
    let operator = Actor::administrator(Actor::nobody().caller);
    match command {
        TokenCommand::Create { role, name, doctor_id, patient_id, expires_in_days } => {
            let name = TokenName::parse(name.as_deref().unwrap_or(UNNAMED)).context("--name")?;
            let role = role_of(*role, doctor_id.as_deref(), patient_id.as_deref())?;
            let expires_at = expires_in_days.map(|days| clock.now() + TimeDelta::days(days.into()));
            let new = NewToken { name, role, expires_at };
            let CreatedToken { secret, .. } = use_cases.create_token.execute(&operator, new, None)?;
            let secret = secret.context("the token has no secret")?;
            say(secret.as_str())?;
            // Where a free port is picked, nobody knows here which.
            if config.listen.ends_with(":0") {
                return Ok(());
            }
            say(&format!("sign in at {}", sign_in_link(&format!("http://{}", config.listen), &secret)))
        }
        TokenCommand::List => {
            let mut page = PageRequest::first(Limit::new(Limit::MOST)?);
            loop {
                let found = use_cases.list_tokens.execute(&operator, &page)?;
                for token in &found.items {
                    say(&line(token, clock.now()))?;
                }
                let Some(next) = found.next else { return Ok(()) };
                page.after = Some(next);
            }
        }
        TokenCommand::Revoke { id } => {
            let id: TokenId = id.parse().context("a token is named by its id")?;
            if !use_cases.revoke_token.execute(&operator, id)? {
                bail!("there is no such token");
            }
            say("the token is worth nothing any more")
        }
    }
}

fn role_of(role: RoleName, doctor: Option<&str>, patient: Option<&str>) -> anyhow::Result<Role> {
    let role = match (role, doctor, patient) {
        (RoleName::Administrator, None, None) => Role::Administrator,
        (RoleName::FrontDesk, None, None) => Role::FrontDesk,
        (RoleName::Doctor, Some(id), None) => Role::Doctor(id.parse::<DoctorId>().context("--doctor-id")?),
        (RoleName::Patient, None, Some(id)) => Role::Patient(id.parse::<PatientId>().context("--patient-id")?),
        _ => bail!("a token of a doctor has a --doctor-id, that of a patient a --patient-id, and no other has either"),
    };
    Ok(role)
}

fn line(token: &Token, now: DateTime<Utc>) -> String {
    let state = match (token.revoked_at, token.is_live(now)) {
        (Some(_), _) => "revoked",
        (None, true) => "live",
        (None, false) => "expired",
    };
    let whose = token.role.doctor().map(|id| id.to_string()).or(token.role.patient().map(|id| id.to_string()));
    let whose = whose.map(|id| format!(" {id}")).unwrap_or_default();
    format!("{} {state} {}{whose} {}", token.id, token.role.as_str(), token.name.as_str())
}
