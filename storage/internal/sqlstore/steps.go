package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/storage"
)

// Where the engine commits each statement of a migration, no transaction keeps
// two processes apart, and one may die between two statements. So the row of
// a migration is a lease: it says who is at it, until when, and how many
// statements are applied. Who finds a lease that has run out goes on from there.

const (
	// lease is how long a process that has died keeps others waiting.
	lease = 30 * time.Second
	// heartbeat is the time between two renewals.
	heartbeat = lease / 3
)

// errHeld is the error for a migration that another process is at.
var errHeld = fmt.Errorf("%w: another process is at this migration", storage.ErrBusy)

// byStep returns what applies the missing migrations, one statement after the
// other. Whoever runs it again, since another node of a cluster was faster, goes
// on with his own lease.
func (s *Store) byStep(holder string) func(context.Context) error {
	return func(ctx context.Context) error { return s.migrateByStep(ctx, holder) }
}

func (s *Store) migrateByStep(ctx context.Context, holder string) error {
	// The transaction ends with the first statement; what is meant is a
	// connection.
	session, err := s.db.Begin(ctx, true)
	if err != nil {
		return s.fail(ctx, "begin", err)
	}
	defer session.Rollback()
	// Not each time: on a cluster every node would stop for it.
	err = s.fail(ctx, "migrate", session.Read(ctx, Read{SQL: `SELECT 1 FROM {superapp_migration} LIMIT 1`, Scan: one(nil, new(int))}))
	if errors.Is(err, storage.ErrSchemaMissing) {
		err = s.exec(ctx, session, s.migrations[0].Statements...)
	}
	if err != nil {
		return raced(err)
	}
	n, err := s.applied(ctx, inSession(session))
	if err != nil {
		return err
	}
	m := stepper{s, session, holder}
	for ; n < len(s.migrations); n++ {
		if err := m.apply(ctx, n); err != nil {
			return err
		}
	}
	return nil
}

// A stepper applies migrations as the one who holds their leases.
type stepper struct {
	*Store
	session Session
	holder  string
}

// apply applies what is missing of one migration.
func (m stepper) apply(ctx context.Context, n int) error {
	if err := m.commit(ctx, Write{SQL: m.begun(n)}); err != nil && !errors.Is(err, fault.ErrExists) {
		return err
	}
	var steps int
	var until int64
	if err := m.fail(ctx, "migrate", m.session.Read(ctx, Read{
		SQL:  `SELECT g.steps, g.lease_end FROM {superapp_migration} AS g WHERE g.version = ?`,
		Args: []any{n}, Scan: one(nil, &steps, &until),
	})); err != nil {
		return err
	}
	if err := m.commit(ctx, m.take(n, steps, until)); err != nil {
		return err
	}
	statements := m.migrations[n].Statements
	for i := steps; i < len(statements); i++ {
		// Who had a lease until it ran out may have died behind this statement.
		died := until > 0 && i == steps
		if err := m.step(ctx, n, statements[i], died); err != nil {
			// Whoever comes next need not wait for the lease to run out. That
			// somebody died before him stays true.
			over := "lease_end = 0"
			if died {
				over = "lease_end = 1"
			}
			if lost := m.commit(context.WithoutCancel(ctx), m.renew(n, over)); isBusy(lost) {
				return lost // somebody else has gone on
			}
			return err
		}
		if err := m.commit(ctx, m.renew(n, fmt.Sprintf("steps = %d, lease_end = %s", i+1, m.end()))); err != nil {
			return err
		}
	}
	return m.commit(ctx, m.renew(n, "finished_at = "+m.dialect.Now))
}

// step runs one statement. It may have been applied by a process that died
// before it could note so.
func (m stepper) step(ctx context.Context, n int, statement string, died bool) error {
	done := make(chan struct{})
	beats := make(chan struct{})
	go func() {
		defer close(beats)
		m.beat(ctx, n, done)
	}()
	err := m.session.Write(ctx, Write{SQL: statement, Long: true})
	close(done)
	<-beats
	if err != nil && died && m.dialect.Applied(err) {
		return nil
	}
	return m.fail(ctx, "migrate", err)
}

// beat renews the lease, on another connection, until the statement is done. If
// it cannot, the lease runs out: the engine lets nobody else change the same
// table, and his statement then finds itself applied.
func (m stepper) beat(ctx context.Context, n int, done <-chan struct{}) {
	for {
		select {
		case <-done:
			return
		case <-time.After(heartbeat):
		}
		if other, err := m.db.Begin(ctx, true); err == nil {
			other.Write(ctx, m.renew(n, "lease_end = "+m.end()))
			other.Commit(ctx)
		}
	}
}

// commit runs a write that is to stand by itself.
func (m stepper) commit(ctx context.Context, w Write) error {
	err := m.session.Write(ctx, w)
	if err == nil {
		err = m.session.Write(ctx, Write{SQL: "COMMIT"})
	}
	return m.fail(ctx, "migrate", err)
}

// take is the statement that takes a lease as it was read, if it is over
// or the holder's own, and nobody has taken it since.
func (m stepper) take(n, steps int, until int64) Write {
	return Write{
		SQL: fmt.Sprintf(`UPDATE {superapp_migration} SET holder = ?, lease_end = %s`+
			` WHERE version = %d AND finished_at IS NULL AND steps = ? AND lease_end = ? AND (lease_end < %s OR holder = ?)`,
			m.end(), n, m.dialect.Now),
		Args: []any{m.holder, steps, until, m.holder},
		None: errHeld,
	}
}

// renew is the statement that changes a lease, if it is still the holder's.
func (m stepper) renew(n int, set string) Write {
	return Write{
		SQL:  fmt.Sprintf(`UPDATE {superapp_migration} SET %s WHERE version = %d AND holder = ?`, set, n),
		Args: []any{m.holder},
		None: errHeld,
	}
}

// end is an expression for the end of a lease that begins now.
func (m stepper) end() string {
	return fmt.Sprintf("%s + %d", m.dialect.Now, lease.Microseconds())
}
