package memory

import (
	"cmp"
	"iter"
	"strings"

	"github.com/tidwall/btree"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/storage"
)

// A table holds records by id. A record never changes once it is in a table: a
// new one replaces it.
type table[T any] struct{ tree *btree.BTreeG[row] }

// A row is a record of any type, a *T: see [tree].
type row struct {
	key    id.UUID
	record any
}

func newTable[T any]() table[T] {
	return table[T]{newBTree(func(a, b row) int { return a.key.Compare(b.key) })}
}

func (t table[T]) copy() table[T] { return table[T]{t.tree.Copy()} }

// get returns the record, nil if there is none.
func (t table[T]) get(key id.UUID) *T {
	r, _ := t.tree.Get(row{key: key})
	record, _ := r.record.(*T)
	return record
}

// errNoID is the error for a new record without an id.
var errNoID = fault.Invalid("id", "required", "must not be zero: zero identifies nothing")

// free returns the error of a key that a new record cannot have.
func (t table[T]) free(key id.UUID) error {
	switch {
	case key.IsZero():
		return errNoID
	case t.get(key) != nil:
		return storage.ErrExists
	}
	return nil
}

func (t table[T]) put(key id.UUID, record *T) { t.tree.Set(row{key, record}) }

func (t table[T]) remove(key id.UUID) { t.tree.Delete(row{key: key}) }

// after returns the ids behind key, in order.
func (t table[T]) after(key id.UUID) iter.Seq[id.UUID] {
	return func(yield func(id.UUID) bool) {
		t.tree.Ascend(row{key: key}, func(r row) bool {
			return r.key == key || yield(r.key)
		})
	}
}

// A link is an entry of an index from one id to others.
type link struct{ from, to id.UUID }

type links struct{ tree *btree.BTreeG[link] }

func newLinks() links {
	return links{newBTree(func(a, b link) int {
		return cmp.Or(a.from.Compare(b.from), a.to.Compare(b.to))
	})}
}

func (l links) copy() links { return links{l.tree.Copy()} }

func (l links) add(from, to id.UUID) { l.tree.Set(link{from, to}) }

// replace puts an entry in the place of another; the zero link is none.
func (l links) replace(before, after link) {
	if before == after {
		return
	}
	if before != (link{}) {
		l.tree.Delete(before)
	}
	if after != (link{}) {
		l.tree.Set(after)
	}
}

// after returns the ids to which from is linked that are behind to, in order.
func (l links) after(from, to id.UUID) iter.Seq[id.UUID] {
	return func(yield func(id.UUID) bool) {
		l.tree.Ascend(link{from, to}, func(x link) bool {
			return x.from == from && (x.to == to || yield(x.to))
		})
	}
}

// A word is an entry of an index from a text, within an id, to ids.
type word struct {
	in   id.UUID
	text string
	to   id.UUID
}

func (w word) compare(v word) int {
	return cmp.Or(w.in.Compare(v.in), strings.Compare(w.text, v.text), w.to.Compare(v.to))
}

type words struct{ tree *btree.BTreeG[word] }

func newWords() words { return words{newBTree(word.compare)} }

func (w words) copy() words { return words{w.tree.Copy()} }

func (w words) add(in id.UUID, text string, to id.UUID) { w.tree.Set(word{in, text, to}) }

func (w words) remove(in id.UUID, text string, to id.UUID) { w.tree.Delete(word{in, text, to}) }

// replace puts an entry in the place of another; the zero word is none.
func (w words) replace(before, after word) {
	if before == after {
		return
	}
	if before != (word{}) {
		w.tree.Delete(before)
	}
	if after != (word{}) {
		w.tree.Set(after)
	}
}

// first returns the first id of a text, zero if there is none.
func (w words) first(in id.UUID, text string) (to id.UUID) {
	w.tree.Ascend(word{in: in, text: text}, func(x word) bool {
		if x.in == in && x.text == text {
			to = x.to
		}
		return false
	})
	return to
}

// after returns the ids of a text that are behind to, in order.
func (w words) after(in id.UUID, text string, to id.UUID) iter.Seq[id.UUID] {
	return func(yield func(id.UUID) bool) {
		w.tree.Ascend(word{in, text, to}, func(x word) bool {
			return x.in == in && x.text == text && (x.to == to || yield(x.to))
		})
	}
}

// beginning returns the entries whose text begins with the prefix and that are
// behind the text and id, in order.
func (w words) beginning(in id.UUID, prefix, text string, to id.UUID) iter.Seq2[string, id.UUID] {
	from := word{in, text, to}
	if text < prefix {
		from = word{in: in, text: prefix}
	}
	return func(yield func(string, id.UUID) bool) {
		w.tree.Ascend(from, func(x word) bool {
			return x.in == in && strings.HasPrefix(x.text, prefix) && (x == from || yield(x.text, x.to))
		})
	}
}

// ins returns every id that a text is within, in order: one look-up each.
func (w words) ins() iter.Seq[id.UUID] {
	return func(yield func(id.UUID) bool) {
		for from, more := (word{}), true; more; {
			more = false
			w.tree.Ascend(from, func(x word) bool {
				from.in, more = next(x.in), yield(x.in)
				return false
			})
			more = more && !from.in.IsZero()
		}
	}
}

// next returns the id after u in the order of ids; zero after the last.
func next(u id.UUID) id.UUID {
	for i := len(u) - 1; i >= 0; i-- {
		if u[i]++; u[i] != 0 {
			break
		}
	}
	return u
}
