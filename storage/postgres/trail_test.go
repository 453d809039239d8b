package postgres_test

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/delivery"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/dbtest"
	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/postgres"
	"github.com/superapp-go/superapp/unit"
)

// TestTamper edits the tables themselves.
func TestTamper(t *testing.T) {
	t.Parallel()
	schemas := migrated(t, postgres.Options{})
	p := pool(t, schemas(t).DSN)
	testkit.Tamper(t, func(t *testing.T) (storage.Store, func(string) error) {
		schema := schemas(t).Name
		return open(t, p, &postgres.Options{Schema: schema}), func(statement string) error {
			_, err := p.Exec(t.Context(), strings.NewReplacer("{event}", schema+".event", "{head}", schema+".head").Replace(statement))
			return err
		}
	})
}

// TestDeliveries has two processes, with a pool each.
func TestDeliveries(t *testing.T) {
	t.Parallel()
	s := migrated(t, postgres.Options{})(t)
	o := &postgres.Options{Schema: s.Name}
	testkit.Deliveries(t, open(t, pool(t, s.DSN), o), open(t, pool(t, s.DSN), o))
}

func TestRestBesideAWorkspaceThatIsHeld(t *testing.T) {
	t.Parallel()
	s := migrated(t, postgres.Options{})(t)
	db := pool(t, s.DSN)
	testkit.RestBeside(t, open(t, db, &postgres.Options{Schema: s.Name}))
	var fresh int
	require.NoError(t, db.QueryRow(t.Context(), "SELECT count(*) FROM "+s.Name+".head WHERE fresh").Scan(&fresh))
	require.Zero(t, fresh)
}

// TestDeliveryProcess is the process that TestDeliveriesOfAKilledProcess kills.
func TestDeliveryProcess(t *testing.T) {
	testkit.DeliveryProcess(t, func(t *testing.T, at string) storage.Store {
		schema, dsn, _ := strings.Cut(at, " ")
		return open(t, pool(t, dsn), &postgres.Options{Schema: schema})
	})
}

func TestDeliveriesOfAKilledProcess(t *testing.T) {
	t.Parallel()
	s := migrated(t, postgres.Options{})(t)
	testkit.Killed(t, open(t, pool(t, s.DSN), &postgres.Options{Schema: s.Name}), s.Name+" "+s.DSN)
}

// BenchmarkDispatch delivers to a handler that does nothing: many events of few
// workspaces, and few of many.
func BenchmarkDispatch(b *testing.B) {
	for _, c := range []struct{ spaces, each int }{{20, 1000}, {2000, 5}} {
		if testing.Short() {
			c.spaces, c.each = min(c.spaces, 20), min(c.each, 20)
		}
		b.Run(fmt.Sprintf("%dx%d", c.spaces, c.each), func(b *testing.B) {
			s := dbtest.Postgres(b)
			store := open(b, pool(b, s.DSN), &postgres.Options{Schema: s.Name})
			require.NoError(b, store.Migrate(b.Context()))
			for range c.spaces {
				w := tenant()
				require.NoError(b, put(b.Context(), store, w))
				require.NoError(b, store.Update(b.Context(), unit.Scope{Workspaces: []id.Workspace{w.ID}}, func(ctx context.Context, tx storage.Tx) error {
					for range c.each {
						if err := audit.Append(ctx, tx, audit.Entry{Workspace: w.ID, Verb: "test.happened", Object: rbac.OnWorkspace(w.ID), Actor: rbac.System("test"), At: time.Now()}); err != nil {
							return err
						}
					}
					return nil
				}))
			}
			p, err := superapp.New(store, nil)
			require.NoError(b, err)
			b.ResetTimer()
			for n := range b.N {
				d, err := p.Delivery.Dispatcher(nil)
				require.NoError(b, err)
				ctx, cancel := context.WithCancel(b.Context())
				var got atomic.Int64
				require.NoError(b, d.Handle(fmt.Sprint("bench-", n), delivery.HandlerFunc(func(context.Context, audit.Event) error {
					if got.Add(1) == int64(c.spaces*c.each) {
						cancel()
					}
					return nil
				}), &delivery.HandlerOptions{FromStart: true}))
				require.NoError(b, d.Run(ctx))
			}
			b.ReportMetric(float64(b.N*c.spaces*c.each)/b.Elapsed().Seconds(), "events/s")
		})
	}
}
