//! A path and its methods; every other method is told which there are.

use actix_web::dev::Handler;
use actix_web::{FromRequest, Resource, Responder, web};

use crate::problem::Problem;

/// A path and its methods.
pub(crate) struct Endpoint {
    resource: Resource,
    allow: Vec<&'static str>,
}

macro_rules! methods {
    ($($name:ident $($method:literal = $route:ident),+;)+) => {
        $(
            pub(crate) fn $name<F, Args>(mut self, handler: F) -> Self
            where
                F: Handler<Args>,
                F::Output: Responder + 'static,
                Args: FromRequest + 'static,
            {
                $(
                    self.resource = self.resource.route(web::$route().to(handler.clone()));
                    self.allow.push($method);
                )+
                self
            }
        )+
    };
}

impl Endpoint {
    pub(crate) fn at(path: &str) -> Self {
        Self { resource: web::resource(path), allow: vec![] }
    }

    methods! {
        get "GET" = get, "HEAD" = head;
        post "POST" = post;
        put "PUT" = put;
        patch "PATCH" = patch;
        delete "DELETE" = delete;
    }

    /// The resource, which refuses what it has no method for.
    pub(crate) fn finish(self) -> Resource {
        let allow = self.allow.join(", ");
        self.resource.default_service(web::to(move || {
            let problem = Problem::method_not_allowed(&allow);
            async { Err::<actix_web::HttpResponse, _>(problem) }
        }))
    }
}
