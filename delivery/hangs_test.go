package delivery_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
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
	"github.com/superapp-go/superapp/storage/memory"
)

// A busy handler counts the calls of one workspace that run side by side.
type busy struct {
	mu   sync.Mutex
	now  map[id.Workspace]int
	most int
	had  []uint64
}

// handle deals with an event by deal.
func (b *busy) handle(deal func(context.Context, audit.Event) error) delivery.HandlerFunc {
	return func(ctx context.Context, e audit.Event) error {
		b.mu.Lock()
		if b.now == nil {
			b.now = map[id.Workspace]int{}
		}
		b.now[e.Workspace]++
		b.most = max(b.most, b.now[e.Workspace])
		b.mu.Unlock()
		err := deal(ctx, e)
		b.mu.Lock()
		defer b.mu.Unlock()
		b.now[e.Workspace]--
		b.had = append(b.had, e.Seq)
		return err
	}
}

// A handler that takes no notice of its context, for less than a lease, is alone with its
// workspace until it returns.
func TestNobodyIsCalledBesideAHandlerThatHangs(t *testing.T) {
	t.Parallel()
	// hang hangs with the first event, so often.
	hang := func(times int64) func(context.Context, audit.Event) error {
		var calls atomic.Int64
		return func(_ context.Context, e audit.Event) error {
			if e.Seq == 1 && calls.Add(1) <= times {
				time.Sleep(70 * time.Second)
			}
			return nil
		}
	}
	t.Run("it is tried again", func(t *testing.T) {
		t.Parallel()
		bubble(t, func(d *desk) {
			var b busy
			h := b.handle(hang(1))
			stops := []func(){d.run(nil, h), d.run(nil, h)}
			time.Sleep(5 * time.Minute)
			for _, stop := range stops {
				stop()
			}
			require.Equal(d, []uint64{1, 1, 2}, b.had)
			require.Equal(d, 1, b.most)
		})
	})
	t.Run("it becomes a dead letter", func(t *testing.T) {
		t.Parallel()
		bubble(t, func(d *desk) {
			var b busy
			stop := d.run(&delivery.Options{Attempts: 1}, b.handle(hang(2)))
			time.Sleep(5 * time.Minute)
			require.Len(d, d.letters(), 1)
			require.Equal(d, []uint64{1, 2}, b.had)
			require.Equal(d, 1, b.most)

			require.NoError(d, d.Delivery.Retry(d.Context(), operator, "crm", d.w, 1))
			time.Sleep(5 * time.Minute)
			stop()
			require.Equal(d, []uint64{1, 2, 1, 3}, b.had, "a retry that hangs as well")
			require.Equal(d, 1, b.most)
		})
	})
	t.Run("its dispatcher stops", func(t *testing.T) {
		t.Parallel()
		for _, retried := range []bool{false, true} {
			bubble(t, func(d *desk) {
				if retried {
					stop := d.run(nil, func(context.Context, audit.Event) error { return delivery.Permanent(errors.New("no")) })
					time.Sleep(5 * time.Second)
					stop()
					require.NoError(d, d.Delivery.Retry(d.Context(), operator, "crm", d.w, 1))
				}
				var b busy
				stop := d.run(nil, b.handle(hang(1)))
				time.Sleep(15 * time.Second)
				began := time.Now()
				stop()
				require.Less(d, time.Since(began), 2*time.Second, "nobody waits for it")
				stop = d.run(nil, b.handle(hang(0)))
				time.Sleep(5 * time.Minute)
				stop()
				require.Equal(d, []uint64{1, 1}, b.had[:2])
				require.Equal(d, 1, b.most)
			})
		}
	})
}

// What a worker has claimed along with a slow workspace waits for one of its events.
func TestASlowWorkspaceLetsGoOfItsRow(t *testing.T) {
	t.Parallel()
	bubble(t, func(d *desk) {
		for range 40 {
			d.openTenant("Other")
		}
		seen := map[id.Workspace]bool{}
		var slow id.Workspace
		var began, last time.Time
		stop := d.run(&delivery.Options{Workers: 1}, func(_ context.Context, e audit.Event) error {
			// By the 16th, rows are as long as they get.
			if seen[e.Workspace] = true; len(seen) == 16 && slow.IsZero() {
				slow, began = e.Workspace, time.Now()
			}
			if e.Workspace == slow {
				time.Sleep(15 * time.Second)
			} else {
				last = time.Now()
			}
			return nil
		})
		time.Sleep(5 * time.Minute)
		stop()
		require.Len(d, seen, 41)
		require.Less(d, last.Sub(began), 20*time.Second)
	})
}

// Who operates the platform sees that a handler fails before there is a dead letter, and
// of which event.
func TestFailuresAreLogged(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		handle func(context.Context, audit.Event) error
		want   []string
	}{
		"it fails": {func(context.Context, audit.Event) error { return errors.New("the server says 500") }, []string{
			`msg="an event could not be delivered, trying again" seq=1 attempts=1 workspace=W handler=crm error="the server says 500"`,
			`msg="an event became a dead letter" seq=1 attempts=3 workspace=W handler=crm error="the server says 500"`,
		}},
		"it hangs": {func(_ context.Context, e audit.Event) error { time.Sleep(time.Minute); return nil }, []string{
			`msg="a handler did not return in time and was given up" seq=1 attempts=1 workspace=W handler=crm error="the handler did not return in time"`,
			`msg="a handler did not return in time and was given up" seq=1 attempts=2 workspace=W handler=crm error="the handler did not return in time"`,
			`msg="a handler did not return in time and was given up" seq=1 attempts=3 workspace=W handler=crm error="the handler did not return in time"`,
			`msg="an event became a dead letter" seq=1 attempts=3 workspace=W handler=crm error="the handler did not return in time"`,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var text bytes.Buffer
				p, err := superapp.New(memory.New(), &superapp.Options{Logger: slog.New(slog.NewTextHandler(&text, &slog.HandlerOptions{
					ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
						if a.Key == slog.TimeKey || a.Key == slog.LevelKey {
							return slog.Attr{}
						}
						return a
					},
				}))})
				require.NoError(t, err)
				d := &desk{t, p, id.Workspace{}}
				d.w = d.openTenant("Wallet")
				stop := d.run(&delivery.Options{Attempts: 3}, func(ctx context.Context, e audit.Event) error {
					if e.Seq == 1 {
						return c.handle(ctx, e)
					}
					return nil
				})
				time.Sleep(10 * time.Minute)
				stop()
				require.Equal(t, c.want, strings.Split(strings.TrimSpace(strings.ReplaceAll(text.String(), d.w.String(), "W")), "\n"))
			})
		})
	}
}
