//! What doctor booking needs from the outside, as contracts in the domain's words.
