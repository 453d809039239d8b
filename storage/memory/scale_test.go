package memory_test

import (
	"testing"

	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/internal/scale"
	"github.com/superapp-go/superapp/storage/memory"
)

func BenchmarkLists(b *testing.B) { scale.Lists(b, memory.New(), func() {}) }

func BenchmarkGrowth(b *testing.B) {
	scale.Growth(b, func(*testing.B) storage.Store { return memory.New() }, func() {})
}
