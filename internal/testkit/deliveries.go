package testkit

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/delivery"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/storagetest"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

// Deliveries delivers the events of several workspaces by a dispatcher on each of
// the stores, which are on one migrated and empty database, while more are
// appended. One of the dispatchers dies on the way: it cannot reach its store any
// more. Every event arrives, in the order of its workspace, and no two of one
// workspace at the same time.
func Deliveries(t *testing.T, stores ...storage.Store) {
	t.Helper()
	const spaces, each = 6, 60
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	var all []id.Workspace
	for range spaces {
		w := workspace.Workspace{ID: id.Workspace{UUID: id.New()}, Kind: workspace.Tenant, Status: workspace.Verified, Name: "W"}
		w.Tenant = w.ID
		if err := stores[0].Update(ctx, unit.Scope{}, func(ctx context.Context, tx storage.Tx) error { return tx.InsertWorkspace(ctx, w) }); err != nil {
			t.Fatal(err)
		}
		all = append(all, w.ID)
	}
	got := &received{last: map[id.Workspace]uint64{}, busy: map[id.Workspace]bool{}}
	dead := make([]atomic.Bool, len(stores))
	var running sync.WaitGroup
	die := make([]context.CancelFunc, len(stores))
	for i, s := range stores {
		spied := storagetest.Spy(s, func(storagetest.Call) error {
			if dead[i].Load() {
				return storage.ErrUnreachable
			}
			return nil
		})
		p, err := superapp.New(spied, nil)
		if err != nil {
			t.Fatal(err)
		}
		d, err := p.Delivery.Dispatcher(&delivery.Options{
			Workers: 2, Batch: 7, Interval: 20 * time.Millisecond, Timeout: 100 * time.Millisecond, Lease: 2200 * time.Millisecond, FirstPause: time.Millisecond,
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Handle("test", delivery.HandlerFunc(func(ctx context.Context, e audit.Event) error { return got.take(ctx, i, e) }),
			&delivery.HandlerOptions{FromStart: true}); err != nil {
			t.Fatal(err)
		}
		run, stop := context.WithCancel(ctx)
		die[i] = func() { dead[i].Store(true); stop() }
		running.Go(func() { _ = d.Run(run) })
	}
	n, died := uint64(0), len(stores) == 1
	for ; n < each || !died && ctx.Err() == nil; n++ {
		for _, w := range all {
			if err := stores[0].Update(ctx, unit.Scope{Workspaces: []id.Workspace{w}}, func(ctx context.Context, tx storage.Tx) error {
				return audit.Append(ctx, tx, audit.Entry{Workspace: w, Verb: "test.happened", Object: rbac.OnWorkspace(w), Actor: rbac.System("test"), At: time.Now()})
			}); err != nil {
				t.Fatal(err)
			}
		}
		// Not before it had a share: on a busy machine it may begin late.
		if !died && n >= each/2 && got.share(len(stores)-1) > 0 {
			die[len(stores)-1]()
			died = true
		}
	}
	want := map[id.Workspace]uint64{}
	for _, w := range all {
		want[w] = n
	}
	for ctx.Err() == nil && !maps.Equal(got.so(), want) {
		time.Sleep(20 * time.Millisecond)
	}
	for _, stop := range die[:max(1, len(stores)-1)] {
		stop()
	}
	running.Wait()
	if !maps.Equal(got.so(), want) {
		t.Errorf("the last events that arrived are %v, want %d of each", got.so(), n)
	}
	for _, wrong := range got.wrong {
		t.Error(wrong)
	}
	if !died || got.by[0] == 0 {
		t.Errorf("the dispatchers delivered %v: want all to have a share", got.by)
	}
}

// RestBeside lets workspaces rest while somebody holds the lock of one, as a long
// transaction of the host's does, in a store that is migrated and empty and locks each
// workspace by itself. Neither the rest nor a writer of another workspace waits for that.
// At the end all of them rest.
func RestBeside(t *testing.T, s storage.Store) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	happen := func(ctx context.Context, w id.Workspace, then func()) error {
		return s.Update(ctx, unit.Scope{Workspaces: []id.Workspace{w}}, func(ctx context.Context, tx storage.Tx) error {
			defer then()
			return audit.Append(ctx, tx, audit.Entry{Workspace: w, Verb: "test.happened", Object: rbac.OnWorkspace(w), Actor: rbac.System("test"), At: time.Now()})
		})
	}
	var all []id.Workspace
	for range 3 {
		w := workspace.Workspace{ID: id.Workspace{UUID: id.New()}, Kind: workspace.Tenant, Status: workspace.Verified, Name: "W"}
		w.Tenant = w.ID
		if err := s.Update(ctx, unit.Scope{}, func(ctx context.Context, tx storage.Tx) error { return tx.InsertWorkspace(ctx, w) }); err != nil {
			t.Fatal(err)
		}
		if err := happen(ctx, w.ID, func() {}); err != nil {
			t.Fatal(err)
		}
		all = append(all, w.ID)
	}
	slices.SortFunc(all, func(a, b id.Workspace) int { return a.Compare(b.UUID) })
	held, release := make(chan struct{}), make(chan struct{})
	hold := sync.OnceFunc(func() { close(held) })
	var others sync.WaitGroup
	others.Go(func() {
		if err := happen(ctx, all[1], func() { hold(); <-release }); err != nil {
			t.Error(err)
		}
	})
	<-held
	short, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	resting := make(chan struct{})
	begun := sync.OnceFunc(func() { close(resting) })
	others.Go(func() {
		if err := s.Update(short, unit.Scope{}, func(ctx context.Context, tx storage.Tx) error {
			defer begun()
			return tx.RestDeliveries(ctx, 100)
		}); err != nil {
			t.Errorf("the rest waits for the workspace that is held: %v", err)
		}
	})
	<-resting
	time.Sleep(200 * time.Millisecond) // its writes may travel with the commit
	for _, w := range []id.Workspace{all[0], all[2]} {
		if err := happen(short, w, func() {}); err != nil {
			t.Errorf("a writer waits for the rest: %v", err)
		}
	}
	close(release)
	others.Wait()
	if err := s.Update(ctx, unit.Scope{}, func(ctx context.Context, tx storage.Tx) error { return tx.RestDeliveries(ctx, 100) }); err != nil {
		t.Error(err)
	}
}

// received is what arrived.
type received struct {
	mu    sync.Mutex
	last  map[id.Workspace]uint64
	busy  map[id.Workspace]bool
	wrong []string
	by    [8]int
}

func (r *received) so() map[id.Workspace]uint64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return maps.Clone(r.last)
}

// share is how many events a dispatcher delivered.
func (r *received) share(by int) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.by[by]
}

// take takes an event; every tenth fails once.
func (r *received) take(ctx context.Context, by int, e audit.Event) error {
	r.mu.Lock()
	if r.busy[e.Workspace] {
		r.wrong = append(r.wrong, "two events of a workspace arrive at the same time")
	}
	r.busy[e.Workspace] = true
	r.by[by]++
	fails := e.Seq%10 == 0 && r.last[e.Workspace] < e.Seq && r.by[by]%3 > 0
	r.mu.Unlock()
	pause := time.NewTimer(time.Millisecond)
	defer pause.Stop()
	select {
	case <-pause.C:
	case <-ctx.Done():
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.busy[e.Workspace] = false
	switch {
	case fails:
		return errors.New("not now")
	case e.Seq > r.last[e.Workspace]+1:
		r.wrong = append(r.wrong, "an event was left out")
	case e.Seq == r.last[e.Workspace]+1:
		r.last[e.Workspace] = e.Seq
	}
	return nil
}
