//! Which schema the body of a response has to obey.

use core::fmt;

use crate::reader::Validator;

/// What the document says about the body of a response.
#[derive(Clone, Copy, Debug)]
pub enum Response {
    /// It is JSON that obeys a schema.
    Schema(Validator),
    /// It is not described.
    NoSchema,
    /// The operation has no response with this status.
    Undeclared,
}

/// There is no schema to check a body against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoSchema {
    /// The operation has no response with this status, and no `default`.
    UndeclaredStatus {
        /// The `operationId`.
        operation: &'static str,
        /// The status code.
        status: u16,
    },
    /// The operation has a response with this status, but it has no JSON schema.
    UndescribedBody {
        /// The `operationId`.
        operation: &'static str,
        /// The status code.
        status: u16,
    },
}

impl fmt::Display for NoSchema {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UndeclaredStatus { operation, status } => {
                write!(formatter, "`{operation}` declares no response with status {status}")
            }
            Self::UndescribedBody { operation, status } => write!(
                formatter,
                "`{operation}` declares no JSON schema for responses with status {status}"
            ),
        }
    }
}

impl core::error::Error for NoSchema {}

impl Response {
    /// The validator of the body, or why there is none.
    pub fn validator(self, operation: &'static str, status: u16) -> Result<Validator, NoSchema> {
        match self {
            Self::Schema(validator) => Ok(validator),
            Self::NoSchema => Err(NoSchema::UndescribedBody { operation, status }),
            Self::Undeclared => Err(NoSchema::UndeclaredStatus { operation, status }),
        }
    }
}
