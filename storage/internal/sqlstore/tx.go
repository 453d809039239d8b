package sqlstore

import (
	"context"
	"maps"
	"strconv"
	"strings"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/unit"
)

// A reader is a storage.Reader on a session.
type reader struct {
	*core
	session Session
	// heads are those of the workspaces in the unit's scope; nil in a View.
	heads map[id.Workspace]audit.Head
	// ahead are the facts that were read along with the lock, as long as
	// nothing was written since.
	ahead struct {
		query rbac.Query
		facts rbac.Facts
		valid bool
	}
	// broken is the error that ended a unit and all that are nested in it: the
	// engine may have rolled back by itself, and a statement after that would
	// stand for good.
	broken *error
	ended  bool
}

func newReader(c *core, s Session) *reader {
	return &reader{core: c, session: s, broken: new(error)}
}

// usable returns the error of a unit that must not reach the engine any more.
func (r *reader) usable() error {
	if r.ended {
		return storage.ErrEnded
	}
	return *r.broken
}

// read runs reads for an operation.
func (r *reader) read(ctx context.Context, op string, reads ...Read) error {
	if err := r.usable(); err != nil {
		return err
	}
	return r.note(ctx, op, r.session.Read(ctx, reads...))
}

// note makes of an error what the unit answers with, and remembers one that
// ends the unit even if its function hides it or its context is done.
func (r *reader) note(ctx context.Context, op string, err error) error {
	if r.survives(ctx, err) {
		return r.fail(ctx, op, err)
	}
	*r.broken = r.fail(context.WithoutCancel(ctx), op, err)
	return *r.broken
}

// fallback answers what the store does not implement; it stands one level
// deeper than reader, whose methods win.
type fallback struct{ storage.UnimplementedTx }

// A tx is a storage.Tx on a session.
type tx struct {
	*reader
	fallback
	depth int
}

func newTx(c *core, s Session) *tx {
	t := &tx{reader: newReader(c, s)}
	t.heads = map[id.Workspace]audit.Head{}
	return t
}

// write runs writes for an operation.
func (t *tx) write(ctx context.Context, op string, writes ...Write) error {
	if err := t.usable(); err != nil {
		return err
	}
	t.ahead.valid = false
	return t.note(ctx, op, t.session.Write(ctx, writes...))
}

// lock locks the heads of the scope's workspaces, in the order of their ids
// and in a statement of its own, and reads after it the facts that the unit
// will ask for. To lock and read the rest in one statement would be wrong: it
// reads what was there before it waited for the lock.
func (t *tx) lock(ctx context.Context, s unit.Scope) error {
	var reads []Read
	if found, args := scopeOf(s); found != "" {
		reads = append(reads, Read{
			SQL: `SELECT h.workspace_id, h.seq, h.hash, h.at FROM (` + found + `) AS s` +
				` JOIN {head} AS h ON h.workspace_id = s.workspace_id ORDER BY h.workspace_id` + t.dialect.Lock,
			Args: args,
			Scan: each(func(rows Rows) error {
				h, err := scanHead(rows)
				t.heads[h.Workspace] = h
				return err
			}),
		})
	}
	var f rbac.Facts
	read, ok := readFacts(s.Query, &f)
	if ok {
		reads = append(reads, read)
	}
	if len(reads) == 0 {
		return nil
	}
	if err := t.read(ctx, "lock", reads...); err != nil {
		return err
	}
	t.ahead.query, t.ahead.facts, t.ahead.valid = s.Query, f, true
	return nil
}

// scopeOf is the statement that finds the workspaces of a scope, "" for
// an empty scope.
func scopeOf(s unit.Scope) (string, []any) {
	var arms []string
	var args []any
	if o, ok := objects[s.Query.Object.Kind]; ok {
		arms = append(arms, `SELECT `+o.owner+` AS workspace_id FROM `+o.table+` AS o WHERE o.id = ?`)
		args = append(args, s.Query.Object.ID.Bytes())
	}
	if s.Token != ([32]byte{}) {
		arms = append(arms, `SELECT m.workspace_id FROM {token} AS k JOIN {member} AS m ON m.id = k.member_id WHERE k.hash = ?`)
		args = append(args, s.Token[:])
	}
	if len(s.Workspaces) > 0 {
		named := padded(keys(s.Workspaces))
		arms = append(arms, `SELECT w.id AS workspace_id FROM {workspace} AS w WHERE w.id IN (`+marks(len(named))+`)`)
		args = append(args, named...)
	}
	return strings.Join(arms, " UNION "), args
}

// Nest implements storage.Tx.
func (t *tx) Nest(ctx context.Context, s unit.Scope, fn func(context.Context, storage.Tx) error) error {
	name := "nested_" + strconv.Itoa(t.depth+1)
	if err := t.write(ctx, "begin a nested unit", Write{SQL: "SAVEPOINT " + name}); err != nil {
		return err
	}
	inner := newTx(t.core, t.session)
	inner.heads, inner.depth, inner.broken = maps.Clone(t.heads), t.depth+1, t.broken
	kept := false
	// Also when fn panics.
	defer func() {
		inner.ended = true
		if !kept {
			t.undo(context.WithoutCancel(ctx), name)
		}
	}()
	if err := inner.lock(ctx, s); err != nil {
		return err
	}
	if err := fn(ctx, inner); err != nil {
		return err
	}
	const op = "end a nested unit"
	if err := t.write(ctx, op, Write{SQL: "RELEASE SAVEPOINT " + name}); err != nil {
		return err
	}
	// Of a write that was held back until here the nested unit must know.
	if err := t.read(ctx, op); err != nil {
		return err
	}
	kept, t.heads = true, inner.heads
	return nil
}

// undo rolls back to a savepoint. If that fails, so does the unit.
func (t *tx) undo(ctx context.Context, savepoint string) {
	const op = "roll a nested unit back"
	// A write that was held back until here may be refused: it is undone as well.
	t.read(ctx, op)
	err := t.write(ctx, op, Write{SQL: "ROLLBACK TO SAVEPOINT " + savepoint}, Write{SQL: "RELEASE SAVEPOINT " + savepoint})
	if err != nil {
		*t.broken = err
	}
}
