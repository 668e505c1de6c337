//! Behaviour of the client, as its users see it.
