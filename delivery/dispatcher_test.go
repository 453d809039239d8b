package delivery_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/delivery"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/memory"
	"github.com/superapp-go/superapp/storage/storagetest"
	"github.com/superapp-go/superapp/workspace"
)

var operator = rbac.System("test")

// A desk is a platform with one tenant workspace, for tests inside a bubble.
type desk struct {
	*testing.T
	*superapp.Platform
	w id.Workspace
}

func newDesk(t *testing.T, s storage.Store) *desk {
	p, err := superapp.New(s, nil)
	require.NoError(t, err)
	d := &desk{t, p, id.Workspace{}}
	d.w = d.openTenant("Wallet")
	return d
}

// openTenant opens one, which makes two events.
func (d *desk) openTenant(name string) id.Workspace {
	opened, _, err := d.OpenTenant(d.Context(), operator, superapp.Open{
		Name: name, Business: workspace.Business{Address: "1 Road", Scope: "tea", Representative: "Ada", Email: "ada@wallet.example"},
		Admin: member.First{Account: "u-ada", Email: "ada@wallet.example", Name: "Ada"},
	})
	require.NoError(d, err)
	return opened.Workspace.ID
}

// happen makes an event.
func (d *desk) happen(n int) {
	for i := range n {
		s := workspace.Verified
		if i%2 == 1 {
			s = workspace.Disabled
		}
		require.NoError(d, d.Workspaces.SetStatus(d.Context(), operator, d.w, s, "asked for"))
	}
}

// run runs a dispatcher with a handler until stop is called.
func (d *desk) run(o *delivery.Options, h delivery.HandlerFunc) (stop func()) {
	dispatcher, err := d.Delivery.Dispatcher(o)
	require.NoError(d, err)
	require.NoError(d, dispatcher.Handle("crm", h, &delivery.HandlerOptions{FromStart: true}))
	ctx, cancel := context.WithCancel(d.Context())
	done := make(chan error, 1)
	go func() { done <- dispatcher.Run(ctx) }()
	return func() {
		cancel()
		require.NoError(d, <-done)
	}
}

// letters are the dead letters.
func (d *desk) letters() []delivery.DeadLetter {
	all, err := page.Collect(page.All(d.Context(), d.Delivery.DeadLetters, operator, delivery.Filter{Handler: "crm"}))
	require.NoError(d, err)
	return all
}

// bubble runs a test with a desk in a bubble of fake time.
func bubble(t *testing.T, test func(*desk)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { test(newDesk(t, memory.New())) })
}

func TestDeliveries(t *testing.T) {
	t.Parallel()
	t.Run("memory", func(t *testing.T) {
		t.Parallel()
		s := memory.New()
		testkit.Deliveries(t, s, s)
	})
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		file := testkit.SQLiteFile(t)
		testkit.Deliveries(t, testkit.OpenSQLite(t, file), testkit.OpenSQLite(t, file))
	})
}

func TestEventsComeOnceAndInOrder(t *testing.T) {
	t.Parallel()
	bubble(t, func(d *desk) {
		d.happen(1000)
		var got []uint64
		stop := d.run(nil, func(_ context.Context, e audit.Event) error {
			got = append(got, e.Seq)
			return nil
		})
		time.Sleep(time.Minute)
		d.happen(3)
		time.Sleep(time.Minute)
		stop()
		require.Len(d, got, 1005)
		for i, seq := range got {
			require.EqualValues(d, i+1, seq)
		}
	})
}

func TestWakeDeliversAtOnce(t *testing.T) {
	t.Parallel()
	bubble(t, func(d *desk) {
		dispatcher, err := d.Delivery.Dispatcher(&delivery.Options{Interval: time.Hour})
		require.NoError(d, err)
		var got atomic.Int64
		require.NoError(d, dispatcher.Handle("crm", delivery.HandlerFunc(func(context.Context, audit.Event) error { got.Add(1); return nil }), nil))
		ctx, cancel := context.WithCancel(d.Context())
		done := make(chan error, 1)
		go func() { done <- dispatcher.Run(ctx) }()
		synctest.Wait()
		d.happen(1)
		time.Sleep(time.Minute)
		require.Zero(d, got.Load())
		dispatcher.Wake()
		time.Sleep(time.Second)
		require.EqualValues(d, 1, got.Load())
		require.ErrorIs(d, dispatcher.Run(ctx), delivery.ErrRunning)
		require.ErrorIs(d, dispatcher.Handle("other", delivery.HandlerFunc(nil), nil), delivery.ErrRunning)
		cancel()
		require.NoError(d, <-done)
	})
}

// A call of Wake counts for a workspace that is being served as well: what is told to
// the handler then was read before.
func TestWakeIsNotLostWhileAHandlerWorks(t *testing.T) {
	t.Parallel()
	bubble(t, func(d *desk) {
		var got atomic.Int64
		dispatcher, err := d.Delivery.Dispatcher(&delivery.Options{Interval: time.Hour})
		require.NoError(d, err)
		require.NoError(d, dispatcher.Handle("crm", delivery.HandlerFunc(func(context.Context, audit.Event) error {
			time.Sleep(time.Second)
			got.Add(1)
			return nil
		}), &delivery.HandlerOptions{FromStart: true}))
		ctx, cancel := context.WithCancel(d.Context())
		done := make(chan error, 1)
		go func() { done <- dispatcher.Run(ctx) }()
		time.Sleep(1500 * time.Millisecond)
		d.happen(1)
		dispatcher.Wake()
		time.Sleep(5 * time.Second)
		require.EqualValues(d, 3, got.Load())
		cancel()
		require.NoError(d, <-done)
	})
}

func TestFailuresAreTriedAgain(t *testing.T) {
	t.Parallel()
	bubble(t, func(d *desk) {
		var mu sync.Mutex
		var tries []time.Time
		stop := d.run(&delivery.Options{Attempts: 4, FirstPause: time.Minute, LongPause: 3 * time.Minute}, func(_ context.Context, e audit.Event) error {
			if e.Seq == 2 {
				mu.Lock()
				defer mu.Unlock()
				tries = append(tries, time.Now())
				return errors.New("the server says 500")
			}
			return nil
		})
		time.Sleep(time.Hour)
		mu.Lock()
		defer mu.Unlock()
		require.Len(d, tries, 4)
		for i, longest := range []time.Duration{time.Minute, 2 * time.Minute, 3 * time.Minute} {
			pause := tries[i+1].Sub(tries[i])
			require.GreaterOrEqual(d, pause, longest/2)
			require.LessOrEqual(d, pause, longest+2*time.Second)
		}
		dead := d.letters()
		require.Len(d, dead, 1)
		require.Equal(d, delivery.DeadLetter{
			Handler: "crm", Workspace: d.w, Seq: 2, Attempts: 4, Error: "the server says 500", FailedAt: dead[0].FailedAt,
		}, dead[0])
		stop()
	})
}

func TestEventsBehindWaitForTheOneThatFails(t *testing.T) {
	t.Parallel()
	bubble(t, func(d *desk) {
		other := d.openTenant("Other")
		d.happen(2)
		var mu sync.Mutex
		var got []uint64
		var elsewhere int
		fails := true
		stop := d.run(nil, func(_ context.Context, e audit.Event) error {
			mu.Lock()
			defer mu.Unlock()
			switch {
			case e.Workspace == other:
				elsewhere++
			case e.Seq == 2 && fails:
				return errors.New("down")
			default:
				got = append(got, e.Seq)
			}
			return nil
		})
		time.Sleep(30 * time.Minute)
		mu.Lock()
		require.Equal(d, []uint64{1}, got)
		require.Equal(d, 2, elsewhere, "another workspace does not wait")
		fails = false
		mu.Unlock()
		time.Sleep(6 * time.Minute)
		stop()
		require.Equal(d, []uint64{1, 2, 3, 4}, got)
		require.Empty(d, d.letters())
	})
}

func TestPermanentFailuresAreDeadAtOnce(t *testing.T) {
	t.Parallel()
	bubble(t, func(d *desk) {
		long := strings.Repeat("咖", 300)
		stop := d.run(nil, func(_ context.Context, e audit.Event) error {
			return delivery.Permanent(fmt.Errorf("no: %s\x00", long))
		})
		time.Sleep(10 * time.Second)
		stop()
		dead := d.letters()
		require.Len(d, dead, 2)
		require.Equal(d, 1, dead[0].Attempts)
		require.LessOrEqual(d, len(dead[0].Error), delivery.MaxError)
		require.True(d, strings.HasPrefix(dead[0].Error, "no: 咖"))
	})
	require.NoError(t, delivery.Permanent(nil))
	require.False(t, delivery.IsPermanent(errors.New("x")))
	cause := errors.New("x")
	require.ErrorIs(t, delivery.Permanent(cause), cause)
}

func TestDeadLettersAreDecided(t *testing.T) {
	t.Parallel()
	bubble(t, func(d *desk) {
		d.happen(1)
		var down atomic.Bool
		down.Store(true)
		var got []uint64
		stop := d.run(nil, func(_ context.Context, e audit.Event) error {
			if down.Load() {
				return delivery.Permanent(errors.New("down"))
			}
			got = append(got, e.Seq)
			return nil
		})
		time.Sleep(10 * time.Second)
		require.Len(d, d.letters(), 3)

		// Their events fail as well.
		require.NoError(d, d.Delivery.Retry(d.Context(), operator, "crm", d.w, 1))
		time.Sleep(10 * time.Second)
		dead := d.letters()
		require.Len(d, dead, 4)
		require.Equal(d, 2, dead[0].Attempts)
		require.False(d, dead[0].Again)

		down.Store(false)
		require.NoError(d, d.Delivery.Drop(d.Context(), operator, "crm", d.w, 3))
		for range 2 {
			require.NoError(d, d.Delivery.Retry(d.Context(), operator, "crm", d.w, 2), "the second time is no event")
		}
		time.Sleep(10 * time.Second)
		stop()
		require.Equal(d, []uint64{2, 5, 6}, got[:3], "what is dead comes before what is new")
		require.Len(d, d.letters(), 2)

		require.ErrorIs(d, d.Delivery.Drop(d.Context(), operator, "crm", d.w, 3), delivery.ErrNoLetter)
		require.ErrorIs(d, d.Delivery.Retry(d.Context(), operator, "crm", d.w, 0), delivery.ErrNoLetter)
		require.ErrorIs(d, d.Delivery.Retry(d.Context(), operator, "other", d.w, 1), delivery.ErrNoLetter)
		require.Error(d, d.Delivery.Drop(d.Context(), rbac.User("u-ada"), "crm", d.w, 1))
	})
}

func TestPanicsAreFailures(t *testing.T) {
	t.Parallel()
	for name, h := range map[string]delivery.HandlerFunc{
		"a panic":          func(context.Context, audit.Event) error { panic("oh no") },
		"a goroutine ends": func(context.Context, audit.Event) error { runtime.Goexit(); return nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(d *desk) {
				stop := d.run(&delivery.Options{Attempts: 2}, h)
				time.Sleep(time.Minute)
				stop()
				require.Len(d, d.letters(), 2)
				require.Contains(d, d.letters()[0].Error, delivery.ErrPanic.Error())
			})
		})
	}
}

func TestHandlersThatHangAreGivenUp(t *testing.T) {
	t.Parallel()
	bubble(t, func(d *desk) {
		d.openTenant("Other")
		release := make(chan struct{})
		var calls atomic.Int64
		stop := d.run(&delivery.Options{Workers: 3, Attempts: 2}, func(_ context.Context, e audit.Event) error {
			calls.Add(1)
			<-release
			return nil
		})
		time.Sleep(10 * time.Hour)
		require.EqualValues(d, 3, calls.Load(), "as many as there are workers, and no more")
		close(release)
		time.Sleep(time.Hour)
		stop()
		dead := d.letters()
		require.NotEmpty(d, dead)
		require.Equal(d, delivery.ErrHangs.Error(), dead[0].Error)
	})
}

func TestHandlersAreToldToStop(t *testing.T) {
	t.Parallel()
	bubble(t, func(d *desk) {
		var ended []time.Duration
		stop := d.run(&delivery.Options{Attempts: 1}, func(ctx context.Context, e audit.Event) error {
			began := time.Now()
			<-ctx.Done()
			ended = append(ended, time.Since(began))
			return ctx.Err()
		})
		time.Sleep(30 * time.Second)
		stop()
		require.Equal(d, []time.Duration{20 * time.Second, 10 * time.Second}, ended[:2], "by the timeout, and by the end")
		require.Len(d, d.letters(), 1, "the end of the dispatcher is no failure")
	})
}

// A dispatcher that can note nothing delivers again, and loses nothing.
func TestWhatWasNotNotedComesAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var broken atomic.Bool
		s := storagetest.Spy(memory.New(), func(c storagetest.Call) error {
			if broken.Load() && c.Method == "SaveDelivery" {
				return storage.ErrUnreachable
			}
			return nil
		})
		d := newDesk(t, s)
		d.happen(3)
		broken.Store(true)
		var got []uint64
		stop := d.run(nil, func(_ context.Context, e audit.Event) error {
			got = append(got, e.Seq)
			return nil
		})
		time.Sleep(90 * time.Second)
		broken.Store(false)
		time.Sleep(3 * time.Minute)
		stop()
		require.Equal(t, []uint64{1, 2, 3, 4, 5}, got[:5])
		require.Equal(t, []uint64{1, 2, 3, 4, 5}, got[len(got)-5:])
		require.Greater(t, len(got), 5)
	})
}

// However slow a handler is, its turn ends before the lease does: nobody else is called
// meanwhile, and no event comes twice.
func TestSlowHandlersKeepTheirLease(t *testing.T) {
	t.Parallel()
	bubble(t, func(d *desk) {
		d.happen(20)
		var mu sync.Mutex
		var got []uint64
		slow := func(_ context.Context, e audit.Event) error {
			mu.Lock()
			got = append(got, e.Seq)
			mu.Unlock()
			time.Sleep(15 * time.Second)
			return nil
		}
		stops := []func(){d.run(nil, slow), d.run(nil, slow)}
		time.Sleep(time.Hour)
		for _, stop := range stops {
			stop()
		}
		require.Len(d, got, 22)
	})
}

func TestOptions(t *testing.T) {
	t.Parallel()
	p, err := superapp.New(memory.New(), nil)
	require.NoError(t, err)
	for name, o := range map[string]delivery.Options{
		"workers": {Workers: -1}, "batch": {Batch: 501}, "attempts": {Attempts: -1}, "interval": {Interval: -1}, "timeout": {Timeout: -1},
		"lease": {Lease: 22 * time.Second}, "first_pause": {FirstPause: -1}, "long_pause": {LongPause: time.Millisecond},
	} {
		_, err := p.Delivery.Dispatcher(&o)
		require.ErrorContains(t, err, name)
	}
	d, err := p.Delivery.Dispatcher(nil)
	require.NoError(t, err)
	ok := delivery.HandlerFunc(func(context.Context, audit.Event) error { return nil })
	require.NoError(t, d.Handle("crm", ok, nil))
	for _, name := range []string{"crm", "", "CRM", "a b", strings.Repeat("a", 65), "é"} {
		require.ErrorIs(t, d.Handle(name, ok, nil), delivery.ErrHandler, name)
	}
	require.ErrorIs(t, d.Handle("other", nil, nil), delivery.ErrHandler)
}
