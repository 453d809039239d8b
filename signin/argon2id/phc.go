package argon2id

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"regexp"
	"strconv"

	"golang.org/x/crypto/argon2"

	"github.com/superapp-go/superapp/fault"
)

// parameters are what a computation takes.
type parameters struct {
	memory, time uint32
	threads      uint8
}

// or returns the parameters with what is zero taken from others.
func (p parameters) or(others parameters) parameters {
	return parameters{cmp.Or(p.memory, others.memory), cmp.Or(p.time, others.time), cmp.Or(p.threads, others.threads)}
}

// strong reports whether they are no weaker than OWASP's least.
func (p parameters) strong() bool {
	for _, least := range floor {
		if p.memory >= least.memory && p.time >= least.time {
			return true
		}
	}
	return false
}

// possible reports whether they can be computed with, in seconds: whoever writes to
// the database must not stop everybody's sign-in by one hash.
func (p parameters) possible() bool {
	return p.time >= 1 && p.threads >= 1 && p.threads <= maxThreads &&
		p.memory >= 8*uint32(p.threads) && p.memory <= maxMemory && uint64(p.memory)*uint64(p.time) <= maxWork
}

// An encoded is a hash with how it was made.
type encoded struct {
	parameters
	// key names the pepper, nil for none.
	key        []byte
	salt, hash []byte
}

// ErrMalformed is the error for a stored text that is no hash of argon2id.
var ErrMalformed = fault.Define(fault.ErrUnavailable, "argon2id.malformed",
	"what is stored of the password is no argon2id hash in PHC form: was it made by another Hasher?")

var phc = regexp.MustCompile(`^\$argon2id\$v=(\d{1,3})\$m=(\d{1,10}),t=(\d{1,10}),p=(\d{1,3})(?:,keyid=([A-Za-z0-9+/]{11}))?` +
	`\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$`)

var base = base64.RawStdEncoding.Strict()

// parse reads a hash as [encoded.String] prints it; [ErrMalformed].
func parse(text string) (e encoded, err error) {
	found := phc.FindStringSubmatch(text)
	if found == nil || found[1] != strconv.Itoa(argon2.Version) {
		return e, ErrMalformed
	}
	var bad bool
	number := func(s string, bits int) uint64 {
		n, err := strconv.ParseUint(s, 10, bits)
		bad = bad || err != nil
		return n
	}
	bytes := func(s string) []byte {
		b, err := base.DecodeString(s)
		bad = bad || err != nil
		return b
	}
	e.memory, e.time, e.threads = uint32(number(found[2], 32)), uint32(number(found[3], 32)), uint8(number(found[4], 8))
	if found[5] != "" {
		e.key = bytes(found[5])
	}
	e.salt, e.hash = bytes(found[6]), bytes(found[7])
	if bad || !e.possible() {
		return encoded{}, ErrMalformed
	}
	return e, nil
}

// String prints the hash in PHC form.
func (e encoded) String() string {
	key := ""
	if e.key != nil {
		key = ",keyid=" + base.EncodeToString(e.key)
	}
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d%s$%s$%s",
		argon2.Version, e.memory, e.time, e.threads, key, base.EncodeToString(e.salt), base.EncodeToString(e.hash))
}
