package storagetest

import (
	"slices"

	"github.com/superapp-go/superapp/id"
)

// sometimes is true one time in three.
func (b *bench) sometimes() bool { return b.rand.IntN(3) == 0 }

// one returns one of the list.
func one[T any](b *bench, list []T) T { return list[b.rand.IntN(len(list))] }

// first returns the first of a list that must have one.
func first[T any](b *bench, what string, list []T) T {
	b.Helper()
	if len(list) == 0 {
		b.Fatalf("no %s found, want one%s", what, b.told)
	}
	return list[0]
}

// some returns a part of the list, often none of it.
func some[T any](b *bench, list []T) (part []T) {
	for _, v := range list {
		if b.rand.IntN(4) == 0 {
			part = append(part, v)
		}
	}
	return part
}

// kept returns what is wanted of a list, in the order of ids: what a store
// should list.
func kept[T any](list []T, want func(T) bool, key func(T) id.UUID) (part []T) {
	for _, v := range list {
		if want(v) {
			part = append(part, v)
		}
	}
	slices.SortFunc(part, func(a, b T) int { return key(a).Compare(key(b)) })
	return part
}

// zeroOr is how a field of a query selects: zero selects all.
func zeroOr[T comparable](field, v T) bool {
	var zero T
	return field == zero || field == v
}

// nilOr is how a list of a query selects: nil selects all.
func nilOr[T comparable](list []T, v T) bool { return list == nil || slices.Contains(list, v) }

// only returns the part of a list that is wanted, in its order.
func only[T any](list []T, want func(T) bool) []T {
	return slices.DeleteFunc(slices.Clone(list), func(v T) bool { return !want(v) })
}
