package memory

import "github.com/tidwall/btree"

// degree makes small nodes: a unit copies the nodes on its way, so that small
// ones make writes cheap.
const degree = 8

func newBTree[T any](compare func(a, b T) int) *btree.BTreeG[T] {
	less := func(a, b T) bool { return compare(a, b) < 0 }
	return btree.NewBTreeGOptions(less, btree.Options{Degree: degree, NoLocks: true})
}

// A tree holds entries in an order.
//
// Why entries of any type in one type of tree: a generic tree is compiled anew for
// each type of entry, in this package and in every one that imports it. Trees
// that are large, or that every unit goes through, are of their own type.
type tree[T any] struct{ any *btree.BTreeG[any] }

func newTree[T any](compare func(a, b T) int) tree[T] {
	return tree[T]{newBTree(func(a, b any) int { return compare(a.(T), b.(T)) })}
}

// Copy returns a tree that may be changed without changing t.
func (t tree[T]) Copy() tree[T] { return tree[T]{t.any.Copy()} }

// Get returns the entry that is equal in the order.
func (t tree[T]) Get(key T) (T, bool) { return entry[T](t.any.Get(key)) }

// Set puts an entry in the place of one that is equal, which it returns.
func (t tree[T]) Set(e T) (T, bool) { return entry[T](t.any.Set(e)) }

// Delete takes out the entry that is equal.
func (t tree[T]) Delete(key T) { t.any.Delete(key) }

// Ascend goes through the entries from key on until visit returns false.
func (t tree[T]) Ascend(key T, visit func(T) bool) {
	t.any.Ascend(key, func(e any) bool { return visit(e.(T)) })
}

// Descend goes back through the entries from key on until visit returns false.
func (t tree[T]) Descend(key T, visit func(T) bool) {
	t.any.Descend(key, func(e any) bool { return visit(e.(T)) })
}

// Items returns the entries in order.
func (t tree[T]) Items() (list []T) {
	t.any.Scan(func(e any) bool {
		list = append(list, e.(T))
		return true
	})
	return list
}

func entry[T any](e any, ok bool) (T, bool) {
	if !ok {
		var none T
		return none, false
	}
	return e.(T), true
}
