package mapstore_test

import (
	"testing"

	"github.com/superapp-go/superapp/examples/mapstore"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/storagetest"
)

// TestConformance is all the proof a store needs.
func TestConformance(t *testing.T) {
	t.Parallel()
	storagetest.Run(t, func(*testing.T) storage.Store { return mapstore.New() })
}
