package miniprogram

import "github.com/superapp-go/superapp/audit"

// Event returns the verb that reports a move.
func (m Move) Event() audit.Verb { return moves[m].event }

// Moves lists every move.
func Moves() (all []Move) {
	for m := range moves {
		all = append(all, m)
	}
	return all
}

// Murmur is MurmurHash3 of a text.
func Murmur(seed uint32, s string) uint32 { return murmur(seed, 0, s) }

// Hash is what buckets are made from.
var Hash = hash
