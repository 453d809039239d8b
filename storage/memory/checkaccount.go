package memory

import (
	"encoding/binary"
	"hash/maphash"
	"sync/atomic"
)

// accounts is the hash table from the text of an account to its slot. A text
// that fits stands in the slot, filled up with zeros; of a longer one its place
// in a list beside the table, and its hash.
type accounts struct {
	growing[octet]
	long atomic.Pointer[[]string]
	seed maphash.Seed
	used uint64
}

const maxInline = 8 * accountText

func (t *accounts) init() {
	t.growing.init()
	t.long.Store(new([]string))
	t.seed = maphash.MakeSeed()
}

func (t *accounts) hash(text string) uint64 { return maphash.String(t.seed, text) }

// find returns the slot of an account, or the empty one where it would be.
func (t *accounts) find(hash uint64, text string) *octet { return t.findIn(t.load(), hash, text) }

func (t *accounts) findIn(s []octet, hash uint64, text string) *octet {
	for i := hash; ; i++ {
		at := &s[i&uint64(len(s)-1)]
		state := at[accountState].Load()
		if state == 0 || state>>upper == uint64(len(text)) && t.holds(at, hash, text) {
			return at
		}
	}
}

// holds reports whether the slot, whose text has the same length, is that of
// the text.
func (t *accounts) holds(at *octet, hash uint64, text string) bool {
	if len(text) > maxInline {
		long, n := *t.long.Load(), at[0].Load()
		return at[1].Load() == hash && n < uint64(len(long)) && long[n] == text
	}
	i := 0
	for ; len(text) >= 8; i++ {
		if at[i].Load() != word64(text) {
			return false
		}
		text = text[8:]
	}
	return text == "" || at[i].Load() == tail(text)
}

// put returns the slot of an account that is not "", which it makes if there is
// none.
func (t *accounts) put(hash uint64, text string) *octet {
	at := t.find(hash, text)
	if at[accountState].Load() != 0 {
		return at
	}
	if s := t.load(); t.used == uint64(len(s)/2) {
		grown := make([]octet, 2*len(s))
		for i := range s {
			if at := &s[i]; at[accountState].Load() != 0 {
				text := t.text(at)
				fill(t.findIn(grown, t.hash(text), text), at)
			}
		}
		t.publish(grown)
		at = t.find(hash, text)
	}
	t.used++
	t.set(at, hash, text)
	at[accountState].Store(uint64(len(text))<<upper | t.used)
	return at
}

// set writes a text into its slot.
func (t *accounts) set(at *octet, hash uint64, text string) {
	if len(text) > maxInline {
		long := *t.long.Load()
		at[0].Store(uint64(len(long)))
		at[1].Store(hash)
		// Why: what is behind the end of a slice its readers do not see.
		long = append(long, text)
		t.long.Store(&long)
		return
	}
	i := 0
	for ; len(text) >= 8; i++ {
		at[i].Store(word64(text))
		text = text[8:]
	}
	if text != "" {
		at[i].Store(tail(text))
	}
}

// text returns the text of a slot.
func (t *accounts) text(at *octet) string {
	n := at[accountState].Load() >> upper
	if n > maxInline {
		return (*t.long.Load())[at[0].Load()]
	}
	var b [maxInline]byte
	for i := range accountText {
		binary.LittleEndian.PutUint64(b[8*i:], at[i].Load())
	}
	return string(b[:n])
}

// word64 returns the first 8 bytes of a text as a word.
func word64(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// tail returns a text of less than 8 bytes as a word.
func tail(s string) (word uint64) {
	for i := range len(s) {
		word |= uint64(s[i]) << (8 * i)
	}
	return word
}
