// Package testkit holds what the tests of several packages need beside package
// superapptest.
package testkit

import (
	"context"
	"testing"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/unit"
)

// Pages reads a list to its end, in pages of a size of which only the last may
// be short.
func Pages[T any](t testing.TB, size int, list func(page.Request) (page.Page[T], error)) (items []T) {
	t.Helper()
	for req := (page.Request{Size: size}); ; {
		p, err := list(req)
		switch {
		case err != nil:
			t.Fatalf("a page of %d: %v", size, err)
		case len(p.Items) > size || p.Next != "" && len(p.Items) < size:
			t.Fatalf("a page of %d, want %d", len(p.Items), size)
		}
		items = append(items, p.Items...)
		if p.Next == "" {
			return items
		}
		req.After = p.Next
	}
}

// SetStatus gives a mini program a status, as the verbs of a release will.
func SetStatus(t testing.TB, k *superapptest.Kit, p id.MiniProgram, s miniprogram.Status) {
	t.Helper()
	on := unit.On(superapptest.System, rbac.OnMiniProgram(p))
	err := k.Store.Update(context.Background(), on, func(ctx context.Context, tx storage.Tx) error {
		found, err := tx.MiniProgram(ctx, p)
		if err != nil {
			return err
		}
		found.Status = s
		return tx.UpdateMiniProgram(ctx, found, nil)
	})
	if err != nil {
		t.Fatalf("set a mini program's status: %v", err)
	}
}
