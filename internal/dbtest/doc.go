// Package dbtest gives the tests of the SQL stores, of examples and of
// benchmarks what they share: a schema of their own on a real server, a proxy
// that breaks connections and counts round trips, and pgbouncer. No package
// that hosts import may import it.
//
// Servers come from the environment: SUPERAPP_TEST_POSTGRES and
// SUPERAPP_TEST_MYSQL hold a DSN each. A test whose server is not named is
// skipped. Where the variable CI is set it fails instead, so that a server that
// went missing never looks like a pass.
package dbtest
