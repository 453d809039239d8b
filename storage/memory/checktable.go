package memory

import "sync/atomic"

// A slot of a table, in one of three sizes; the largest is a cache line.
type (
	pair  [2]atomic.Uint64
	quad  [4]atomic.Uint64
	octet [8]atomic.Uint64
)

type slot interface{ pair | quad | octet }

// firstSize is the number of slots of a new table: a power of two, as every
// size is.
const firstSize = 16

// A growing slice is read by many while one puts a larger one in its place.
type growing[S slot] struct{ p atomic.Pointer[[]S] }

func (g *growing[S]) init() { g.publish(make([]S, firstSize)) }

func (g *growing[S]) load() []S { return *g.p.Load() }

func (g *growing[S]) publish(s []S) { g.p.Store(&s) }

// A list holds slots by number, from 1. Slot 0 stays empty.
type list[S slot] struct {
	growing[S]
	used uint64
}

// at returns a slot; for a number that there is not, any slot.
func (l *list[S]) at(n uint64) *S {
	s := l.load()
	return &s[n&uint64(len(s)-1)]
}

// add returns the number of a new slot.
func (l *list[S]) add() uint64 {
	l.used++
	if s := l.load(); l.used == uint64(len(s)) {
		grown := make([]S, 2*len(s))
		for i := range s {
			fill(&grown[i], &s[i])
		}
		l.publish(grown)
	}
	return l.used
}

// slots is a hash table with open addressing. A key is the first word of a
// slot, and those bits of the second that are in mask; it is never zero. The
// table is at most half full, so that what is not there is not sought for long.
type slots[S slot] struct {
	growing[S]
	mask uint64
	// hash computes where a slot belongs from its first two words.
	hash func(first, second uint64) uint64
	used int
}

func (t *slots[S]) init(mask uint64, hash func(first, second uint64) uint64) {
	t.growing.init()
	t.mask, t.hash = mask, hash
}

// find returns the slot of a key, or the empty one where it would be.
func (t *slots[S]) find(hash, first, second uint64) *S {
	return t.findIn(t.load(), hash, first, second)
}

func (t *slots[S]) findIn(s []S, hash, first, second uint64) *S {
	for i := hash; ; i++ {
		at := &s[i&uint64(len(s)-1)]
		x, y := (*at)[0].Load(), (*at)[1].Load()
		if x == first && y&t.mask == second || x|y == 0 {
			return at
		}
	}
}

// put returns the slot of a key, which it makes if there is none.
func (t *slots[S]) put(hash, first, second uint64) *S {
	at := t.find(hash, first, second)
	if !empty(at) {
		return at
	}
	if s := t.load(); t.used == len(s)/2 {
		grown := make([]S, 2*len(s))
		for i := range s {
			if at := &s[i]; !empty(at) {
				x, y := (*at)[0].Load(), (*at)[1].Load()
				fill(t.findIn(grown, t.hash(x, y), x, y&t.mask), at)
			}
		}
		t.publish(grown)
		at = t.find(hash, first, second)
	}
	t.used++
	(*at)[0].Store(first)
	(*at)[1].Store(second)
	return at
}

func empty[S slot](at *S) bool { return (*at)[0].Load()|(*at)[1].Load() == 0 }

// fill copies a slot word by word, as atomic words must be.
func fill[S slot](to, from *S) {
	for i := range len(*to) {
		(*to)[i].Store((*from)[i].Load())
	}
}
