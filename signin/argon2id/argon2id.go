// Package argon2id is the signin.Hasher to use: argon2id (RFC 9106), as OWASP
// advises.
//
// A hash is text in PHC form that says how it was made, such as
// $argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>. Whoever raises the parameters later
// keeps what is stored: it is made anew, stronger, as people sign in. Until then the
// time of an answer tells those who have not from names that nobody has.
//
// The package alone links golang.org/x/crypto; hosts that keep no passwords do not.
package argon2id

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"runtime"

	"golang.org/x/crypto/argon2"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/signin"
)

// Options configure a [Hasher]. Nil means the defaults.
type Options struct {
	// Memory is what a computation takes, in KiB, Time how often it goes over that,
	// Threads how many work on it. At least as strong as OWASP's least: 7 MiB, 5
	// times; 9 MiB, 4; 12 MiB, 3; 19 MiB, twice; 46 MiB, once. Default: 19 MiB (19456),
	// 2, 1. At most 2 GiB, and Memory times Time at most 8 GiB.
	Memory, Time uint32
	Threads      uint8
	// Concurrent is how many computations there are at a time: the others wait, as
	// long as their contexts let them. Memory times Concurrent is what the host
	// should have. Default: runtime.GOMAXPROCS(0).
	Concurrent int
	// Peppers are secrets of the host's, of at least 16 bytes, kept apart from the
	// database: without them nobody can guess passwords from stolen hashes. The first
	// one goes into new hashes; hashes made with the others, or with none, are
	// recognised and made anew at the next sign-in. A pepper that is lost takes the
	// passwords with it. Default: none.
	Peppers [][]byte
	// UnsafeCheap allows parameters below OWASP's least, and makes the least the
	// default: for tests.
	UnsafeCheap bool
}

const (
	saltBytes  = 16
	hashBytes  = 32
	minPepper  = 16
	maxMemory  = 2 << 20 // KiB, RFC 9106's most
	maxWork    = 8 << 20 // KiB, gone over in all: seconds
	maxThreads = 64
)

// floor is OWASP's least: so much memory at least for so many times.
var floor = []parameters{{47104, 1, 1}, {19456, 2, 1}, {12288, 3, 1}, {9216, 4, 1}, {7168, 5, 1}}

// A Hasher makes and compares hashes by argon2id. It is safe for concurrent use.
type Hasher struct {
	parameters parameters
	peppers    []pepper
	turns      chan struct{}
}

// A pepper is one with the name by which hashes refer to it.
type pepper struct {
	key    []byte
	secret []byte
}

var _ signin.Hasher = (*Hasher)(nil)

// New returns a Hasher. The error is a *fault.InvalidError for options that are too
// weak, or more than a machine can do.
func New(o *Options) (*Hasher, error) {
	set := Options{}
	if o != nil {
		set = *o
	}
	p := parameters{set.Memory, set.Time, set.Threads}.or(parameters{19456, 2, 1})
	if set.UnsafeCheap {
		p = parameters{set.Memory, set.Time, set.Threads}.or(parameters{8, 1, 1})
	}
	if set.Concurrent == 0 {
		set.Concurrent = runtime.GOMAXPROCS(0)
	}
	var problems fault.Problems
	if !p.possible() {
		problems.Add("memory", "not_allowed", fmt.Sprintf("want at most %d KiB, memory times time at most %d KiB, at most %d threads, and 8 KiB for each thread", maxMemory, maxWork, maxThreads))
	} else if !set.UnsafeCheap && !p.strong() {
		problems.Add("memory", "not_allowed", fmt.Sprintf("%d KiB, %d times, is weaker than OWASP's least, such as 19456 KiB, 2 times", p.memory, p.time))
	}
	if set.Concurrent < 1 {
		problems.Add("concurrent", "not_allowed", "want at least 1")
	}
	h := &Hasher{parameters: p, turns: make(chan struct{}, max(set.Concurrent, 1))}
	for i, secret := range set.Peppers {
		if len(secret) < minPepper {
			problems.Add(fmt.Sprintf("peppers[%d]", i), "too_short", fmt.Sprintf("want at least %d bytes, got %d", minPepper, len(secret)))
		}
		h.peppers = append(h.peppers, newPepper(secret))
	}
	if err := problems.Err(); err != nil {
		return nil, err
	}
	return h, nil
}

// newPepper copies a secret, and names it by a part of a hash of it.
func newPepper(secret []byte) pepper {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("superapp/pepper/1"))
	return pepper{key: mac.Sum(nil)[:8], secret: append([]byte(nil), secret...)}
}

// Hash implements signin.Hasher.
func (h *Hasher) Hash(ctx context.Context, p signin.Password) (string, error) {
	made := encoded{parameters: h.parameters, salt: make([]byte, saltBytes), hash: make([]byte, hashBytes)}
	rand.Read(made.salt)
	if len(h.peppers) > 0 {
		made.key = h.peppers[0].key
	}
	sum, err := h.compute(ctx, made, p)
	if err != nil {
		return "", err
	}
	made.hash = sum
	return made.String(), nil
}

// Verify implements signin.Hasher.
func (h *Hasher) Verify(ctx context.Context, hash string, p signin.Password) (ok, stale bool, err error) {
	if hash == "" {
		_, err := h.Hash(ctx, p)
		return false, false, err
	}
	stored, err := parse(hash)
	if err != nil {
		return false, false, err
	}
	sum, err := h.compute(ctx, stored, p)
	if err != nil {
		return false, false, err
	}
	ok = subtle.ConstantTimeCompare(sum, stored.hash) == 1
	return ok, ok && h.stale(stored), nil
}

// ErrPepper is the error for a hash that was made with a pepper that is not given.
var ErrPepper = fault.Define(fault.ErrUnavailable, "argon2id.pepper",
	"the password was hashed with a pepper that is not among Options.Peppers: add it")

// compute makes the hash of a password as another was made, when it is its turn.
func (h *Hasher) compute(ctx context.Context, like encoded, p signin.Password) ([]byte, error) {
	secret := []byte(p.Reveal())
	if like.key != nil {
		i := h.pepper(like.key)
		if i < 0 {
			return nil, ErrPepper
		}
		mac := hmac.New(sha256.New, h.peppers[i].secret)
		mac.Write(secret)
		secret = mac.Sum(nil)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case h.turns <- struct{}{}:
		defer func() { <-h.turns }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return argon2.IDKey(secret, like.salt, like.time, like.memory, like.threads, uint32(len(like.hash))), nil
}

// pepper returns the place of the pepper of that name, -1 for none.
func (h *Hasher) pepper(key []byte) int {
	for i, p := range h.peppers {
		if string(p.key) == string(key) {
			return i
		}
	}
	return -1
}

// stale reports whether a hash would be made stronger now.
func (h *Hasher) stale(e encoded) bool {
	weaker := e.memory < h.parameters.memory || e.time < h.parameters.time || len(e.salt) < saltBytes || len(e.hash) < hashBytes
	return weaker || len(h.peppers) > 0 && h.pepper(e.key) != 0
}
