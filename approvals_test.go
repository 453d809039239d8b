package superapp_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/unit"
)

// A watch is a store that notes each request that comes to be decided.
type watch struct {
	storage.Store
	mu      sync.Mutex
	decided []approval.Status
}

func (w *watch) Update(ctx context.Context, s unit.Scope, fn func(context.Context, storage.Tx) error) error {
	return w.Store.Update(ctx, s, func(ctx context.Context, tx storage.Tx) error { return fn(ctx, watchTx{tx, w}) })
}

type watchTx struct {
	storage.Tx
	w *watch
}

func (t watchTx) Nest(ctx context.Context, s unit.Scope, fn func(context.Context, storage.Tx) error) error {
	return t.Tx.Nest(ctx, s, func(ctx context.Context, tx storage.Tx) error { return fn(ctx, watchTx{tx, t.w}) })
}

func (t watchTx) InsertRequest(ctx context.Context, r approval.Request) error {
	t.w.note(r)
	return t.Tx.InsertRequest(ctx, r)
}

func (t watchTx) UpdateRequest(ctx context.Context, r approval.Request) error {
	t.w.note(r)
	return t.Tx.UpdateRequest(ctx, r)
}

func (w *watch) note(r approval.Request) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if r.Status == approval.Approved || r.Status == approval.Rejected {
		w.decided = append(w.decided, r.Status)
	}
}

// TestOnlyDecideDecides: of every exported method of the platform, Approvals.Decide
// alone makes a request approved or rejected (V4).
func TestOnlyDecideDecides(t *testing.T) {
	t.Parallel()
	calls := 0
	for _, name := range methods() {
		all := append([]call{}, further[name]...)
		if verbs[name].call != nil {
			all = append(all, verbs[name].call)
		}
		for _, c := range all {
			calls++
			k := verbKit(t, superapptest.Options{NoRerun: true, Platform: generous(t)})
			w := &watch{Store: k.Store}
			require.NoError(t, c(t.Context(), k, k.Over(w)), name)
			if name == "Approvals.Decide" {
				require.Len(t, w.decided, 1, name)
			} else {
				require.Empty(t, w.decided, name)
			}
		}
	}
	require.Greater(t, calls, 50)
}

// TestOneWayToStore: requests are stored by package approval alone, in one place
// each, so that no verb gets around its rules.
func TestOneWayToStore(t *testing.T) {
	t.Parallel()
	found := map[string][]string{}
	require.NoError(t, filepath.WalkDir(".", func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") ||
			strings.HasPrefix(path, "storage"+string(filepath.Separator)) || strings.HasPrefix(path, "examples"+string(filepath.Separator)) {
			return err
		}
		text, err := os.ReadFile(path)
		for _, method := range []string{".InsertRequest(", ".UpdateRequest("} {
			for range strings.Count(string(text), method) {
				found[method] = append(found[method], filepath.ToSlash(path))
			}
		}
		return err
	}))
	require.Equal(t, map[string][]string{".InsertRequest(": {"approval/end.go"}, ".UpdateRequest(": {"approval/end.go"}}, found)
}
