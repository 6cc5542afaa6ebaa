//! Nobody comes to the API whose credential was not looked at: here, once, before anything else is.

use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, web};
use doctor_booking_application::{RecogniseError, Recognised};
use doctor_booking_domain::{Actor, RequestId, Role};

use crate::ApiState;
use crate::blocking::block;
use crate::code::Code;
use crate::credential::{Brought, is_from_here};
use crate::problem::Problem;
use crate::session::SESSION_PATH;

/// Recognises whoever asks the API for something. Who is not known gets no further, unless anybody may see what is free:
/// then as [nobody](Role::Nobody).
pub(crate) async fn authenticate<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B, BoxBody>>, Error> {
    // As the routes know the path: where it is spelled with percent signs, they see through that.
    if !request.match_info().as_str().starts_with("/api/") {
        return next.call(request).await.map(ServiceResponse::map_into_left_body);
    }
    let is_nobody = match recognise(&request).await {
        Ok(recognised) => {
            let is_nobody = recognised.actor.role == Role::Nobody;
            request.extensions_mut().insert(recognised);
            is_nobody
        }
        Err(problem) => return Ok(request.error_response(problem).map_into_right_body()),
    };
    let answer = next.call(request).await?;
    // Whoever is known to nobody is not told that somebody else may not either.
    let refused = answer.response().error().and_then(Error::as_error::<Problem>);
    if is_nobody && refused.is_some_and(|problem| problem.code() == Code::Forbidden) {
        let problem = Problem::general(Code::Unauthenticated);
        return Ok(answer.error_response(problem).map_into_right_body());
    }
    Ok(answer.map_into_left_body())
}

async fn recognise(request: &ServiceRequest) -> Result<Recognised, Problem> {
    let no_state = || Problem::internal("there is no state");
    let state = request.app_data::<web::Data<ApiState>>().cloned().ok_or_else(no_state)?;
    let id = request.extensions().get::<RequestId>().cloned().ok_or_else(|| Problem::internal("there is no id"))?;
    let as_nobody = |id| Recognised { actor: Actor::nobody().in_request(id), token: None };
    if request.match_info().as_str() == SESSION_PATH && request.method() == Method::POST {
        // Who signs in is not known yet.
        return Ok(as_nobody(id));
    }
    let refused = |problem: Problem| async {
        let (state, id) = (state.clone(), id.clone());
        block(move || Ok(state.use_cases().recognise.refused(&id)?)).await?;
        Err(problem)
    };
    let brought = match Brought::by(request) {
        Ok(Some(brought)) => brought,
        Ok(None) if state.settings().public_availability => {
            state.guard().admit_nobody(request)?;
            return Ok(as_nobody(id));
        }
        Ok(None) => return refused(Problem::general(Code::Unauthenticated)).await,
        Err(problem) if problem.code() == Code::Unauthenticated => return refused(problem).await,
        Err(problem) => return Err(problem),
    };
    if matches!(brought, Brought::Session(_)) && !is_from_here(request.method(), request.headers(), true) {
        return refused(Problem::general(Code::OriginMismatch)).await;
    }
    request.extensions_mut().insert(brought.clone());
    let looking = state.clone();
    let recognised = block(move || Ok(looking.use_cases().recognise.execute(brought.credential(), &id)?)).await?;
    state.guard().admit_caller(recognised.actor.caller, recognised.is_staff())?;
    Ok(recognised)
}

impl From<RecogniseError> for Problem {
    fn from(error: RecogniseError) -> Self {
        match error {
            RecogniseError::NotValid(_) => Self::general(Code::Unauthenticated).because(error),
            RecogniseError::NoKeys(_) => Self::unavailable(error),
            RecogniseError::Unavailable(error) => error.into(),
        }
    }
}
