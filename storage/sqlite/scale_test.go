package sqlite_test

import (
	"testing"

	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/internal/scale"
	"github.com/superapp-go/superapp/storage/sqlite"
)

func BenchmarkLists(b *testing.B) {
	scale.Lists(b, open(b, file(b), &sqlite.Options{Synchronous: sqlite.Normal}), func() {})
}

func BenchmarkGrowth(b *testing.B) {
	scale.Growth(b, func(b *testing.B) storage.Store {
		return open(b, file(b), &sqlite.Options{Synchronous: sqlite.Normal})
	}, func() {})
}
