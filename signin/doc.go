// Package signin keeps the passwords of members, for hosts that want the library
// to (M14). It is off unless superapp.Options gives it a [Hasher]; every verb
// answers [ErrOff] until then. Package argon2id has the Hasher to use.
//
// A password belongs to one membership. Who signs in with it gets an actor that
// is bound to that workspace (rbac.Actor.Within): what the account is elsewhere
// counts for nothing. There are no sessions: the host keeps the account and the
// workspace in one of its own, and makes the same actor at each request.
//
// # What nobody learns
//
// An account that does not exist, one without a password and a blocked one are
// answered like a wrong password: [ErrWrong], after one computation of a hash, the
// same reads and the same write. A name that nobody has is locked by failures like
// any other. SECURITY.md of this module tells the exceptions.
//
// # Failures
//
// An attempt is counted before its password is looked at, in a unit of its own, and
// the count is dropped when the password was right; it is taken back if no hash could
// be computed. So of any number of guesses at the same time no more are looked at
// than the workspace allows. This is why who signs in does so in no unit or
// transaction of the host's: see [ErrInUnit].
package signin
