-- The tokens are in the tables `scopes_..` of the token store, into which the program has copied them.
DROP TABLE token_scopes;
DROP TABLE tokens;
