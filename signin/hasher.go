package signin

import "context"

// A Hasher makes hashes of passwords that take time and memory, and compares. All
// methods are safe for concurrent use. Package argon2id has the one to use; one of
// the host's own keeps to what is said here.
type Hasher interface {
	// Hash returns the hash of a password as text of at most 512 bytes that says how it
	// was made, with a salt of its own: never the same twice. The error is the
	// context's, while it waits its turn.
	Hash(ctx context.Context, p Password) (string, error)
	// Verify reports whether the hash is that of the password, in constant time for
	// hashes made alike, and whether Hash would make a stronger one by now. The hash
	// "" is nobody's: it takes as long as one that Hash makes, and ok is false. A hash
	// that it cannot read is an error.
	Verify(ctx context.Context, hash string, p Password) (ok, stale bool, err error)
}
