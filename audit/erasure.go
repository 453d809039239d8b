package audit

import (
	"encoding/hex"
	"encoding/json"
	"slices"
)

// EventErased says that personal data was erased; its After is an [Erasure].
const EventErased Verb = "audit.erased"

// An Erasure is what the trail tells of an erasure. It does not tell whose data it
// was.
type Erasure struct {
	// Pseudonym stands where the account was.
	Pseudonym string `json:"pseudonym"`
	// Events are those that were changed, in the order of Seq.
	Events []Redaction `json:"events"`
}

// A Redaction is an event of which personal data was erased.
type Redaction struct {
	Seq uint64 `json:"seq"`
	// Commitment is, in hexadecimal digits, the hash of the Salt and Personal that
	// are left.
	Commitment string `json:"commitment"`
}

// Audit returns the erasure; it holds no personal data.
func (e Erasure) Audit() (state, personal any) { return e, nil }

// DecodeErasure returns what an event with [EventErased] tells.
func (e Event) DecodeErasure() (x Erasure, err error) {
	d, err := e.DecodeData()
	if err != nil {
		return x, err
	}
	err = json.Unmarshal(d.After, &x)
	return x, err
}

// behind reports whether all events of an erasure stand in order before a place.
func (e Erasure) behind(seq uint64) bool {
	last := uint64(0)
	for _, r := range e.Events {
		if r.Seq <= last || r.Seq >= seq {
			return false
		}
		last = r.Seq
	}
	return true
}

// left returns the commitment to what was left of an event.
func (e Erasure) left(seq uint64) (c [32]byte, ok bool) {
	i, found := slices.BinarySearchFunc(e.Events, seq, func(r Redaction, seq uint64) int {
		switch {
		case r.Seq < seq:
			return -1
		case r.Seq > seq:
			return 1
		}
		return 0
	})
	if !found {
		return c, false
	}
	b, err := hex.DecodeString(e.Events[i].Commitment)
	if err != nil || len(b) != len(c) {
		return c, false
	}
	return [32]byte(b), true
}
