//! What the README shows compiles, and runs where it needs no server.
#![doc = include_str!("../README.md")]
