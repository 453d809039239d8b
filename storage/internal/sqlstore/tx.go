package sqlstore

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/unit"
)

// A head is one that a unit has locked.
type head struct {
	audit.Head
	// moved says that the unit has changed it.
	moved bool
}

// A reader is a storage.Reader on a session.
type reader struct {
	fallback
	*core
	session Session
	// heads are those of the workspaces in the unit's scope; nil in a View.
	heads map[id.Workspace]head
	// ahead are the facts that were read along with the lock, and the request if
	// they are about one, as long as nothing was written since.
	ahead struct {
		query  rbac.Query
		facts  rbac.Facts
		matter approval.Case
		valid  bool
	}
	// planAnew is [Dialect].PlanAnew until it is sent; "" where it is not to be.
	planAnew string
	// broken is the error that ended a unit and all that are nested in it: the
	// engine may have rolled back by itself, and a statement after that would
	// stand for good.
	broken *error
	// aborted is the error after which the engine refuses everything up to the
	// savepoint of this unit.
	aborted error
	ended   bool
}

func newReader(c *core, s Session) *reader {
	return &reader{core: c, session: s, broken: new(error)}
}

// usable returns the error of a unit that must not reach the engine any more,
// or of a context that is done.
func (r *reader) usable(ctx context.Context) error {
	if r.ended {
		return storage.ErrEnded
	}
	return cmp.Or(*r.broken, r.aborted, ctx.Err())
}

// read runs reads for an operation.
func (r *reader) read(ctx context.Context, op string, reads ...Read) error {
	if err := r.usable(ctx); err != nil {
		return err
	}
	if r.planAnew != "" && slices.ContainsFunc(reads, func(q Read) bool { return !q.Steady }) {
		if err := r.session.Write(ctx, Write{SQL: r.planAnew}); err != nil {
			return r.note(ctx, op, err)
		}
		r.planAnew = ""
	}
	return r.note(ctx, op, r.session.Read(ctx, reads...))
}

// note makes of an error what the unit answers with, and remembers one that
// ends the unit even if its function hides it or its context is done.
func (r *reader) note(ctx context.Context, op string, err error) error {
	if err == nil {
		return nil
	}
	given := r.fail(ctx, op, err)
	switch {
	case !r.survives(ctx, err):
		*r.broken, _ = r.answer(op, err)
	case r.dialect.Aborts:
		// Also if the context ended: the engine may have had the statement.
		r.aborted = given
	}
	return given
}

// fallback answers what the store does not implement.
type fallback struct{ storage.UnimplementedTx }

// A tx is a storage.Tx on a session.
type tx struct {
	*reader
	depth int
	// wrote says that the unit has written anything.
	wrote bool
}

func newTx(c *core, s Session) *tx {
	t := &tx{reader: newReader(c, s)}
	t.heads = map[id.Workspace]head{}
	return t
}

// write runs writes for an operation.
func (t *tx) write(ctx context.Context, op string, writes ...Write) error {
	if err := t.usable(ctx); err != nil {
		return err
	}
	t.ahead.valid, t.wrote = false, true
	return t.note(ctx, op, t.session.Write(ctx, writes...))
}

// lock locks the heads of the scope's workspaces, in the order of their ids
// and in a statement of its own, and reads after it the facts that the unit
// will ask for. To lock and read the rest in one statement would be wrong: it
// reads what was there before it waited for the lock.
func (t *tx) lock(ctx context.Context, s unit.Scope) error {
	var reads []Read
	if from, args := scopeOf(s); from != "" {
		reads = append(reads, Read{
			SQL:  `SELECT h.workspace_id, h.seq, h.hash, h.at FROM ` + from + ` ORDER BY h.workspace_id` + t.dialect.Lock,
			Args: args,
			Scan: each(func(rows Rows) error {
				h, err := scanHead(rows)
				t.heads[h.Workspace] = head{Head: h, moved: t.heads[h.Workspace].moved}
				return err
			}),
		})
	}
	var f rbac.Facts
	read, ok := t.readFacts(s.Query, &f)
	if ok {
		reads = append(reads, read)
	}
	var c approval.Case
	if s.Query.Object.Kind == rbac.KindRequest {
		reads = append(reads, readCase(s.Query.Object.ID, &c))
	}
	if len(reads) == 0 {
		return nil
	}
	if err := t.read(ctx, "lock", reads...); err != nil {
		return err
	}
	t.ahead.query, t.ahead.facts, t.ahead.matter, t.ahead.valid = s.Query, f, c, true
	return nil
}

// scopeOf is where the heads h of a scope's workspaces are found, "" for an
// empty scope. Named workspaces are locked without a look at their own rows.
func scopeOf(s unit.Scope) (from string, args []any) {
	named := s.Workspaces
	var arms []string
	if s.Query.Object.Kind == rbac.KindWorkspace {
		named = append(slices.Clip(named), id.Workspace{UUID: s.Query.Object.ID})
	} else if o, ok := objects[s.Query.Object.Kind]; ok {
		arms = append(arms, `SELECT `+o.owner+` AS workspace_id FROM `+o.table+` AS o WHERE o.id = ?`)
		args = append(args, s.Query.Object.ID)
	}
	if s.Token != ([32]byte{}) {
		arms = append(arms, `SELECT m.workspace_id FROM `+ofToken+` WHERE k.hash = ?`)
		arms = append(arms, `SELECT l.workspace_id FROM `+ofLinkToken+` WHERE lk.hash = ?`)
		args = append(args, s.Token[:], s.Token[:])
	}
	ids := padded(keys(named))
	switch {
	case len(arms) == 0 && len(ids) == 0:
		return "", nil
	case len(arms) == 0:
		return `{head} AS h WHERE h.workspace_id IN (` + marks(len(ids)) + `)`, ids
	case len(ids) > 0:
		arms = append(arms, `SELECT w.id AS workspace_id FROM {workspace} AS w WHERE w.id IN (`+marks(len(ids))+`)`)
		args = append(args, ids...)
	}
	for i, arm := range arms {
		arms[i] = `SELECT * FROM (` + arm + `{share}) AS arm`
	}
	return `(` + strings.Join(arms, " UNION ") + `) AS s JOIN {head} AS h ON h.workspace_id = s.workspace_id`, args
}

// settle changes the heads that a unit locked and left as they are, if that is
// how other nodes of a cluster learn of the lock.
func (t *tx) settle(ctx context.Context) error {
	if !t.dialect.LocalLocks || !t.wrote {
		return nil
	}
	var writes []Write
	for w, h := range t.heads {
		if !h.moved {
			writes = append(writes, Write{SQL: `UPDATE {head} SET units = units + 1 WHERE workspace_id = ?`, Args: []any{w.UUID}})
		}
	}
	return t.write(ctx, "commit", writes...)
}

// Nest implements storage.Tx.
func (t *tx) Nest(ctx context.Context, s unit.Scope, fn func(context.Context, storage.Tx) error) error {
	name := savepoint + "_nested_" + strconv.Itoa(t.depth+1)
	for _, open := range t.dialect.Savepoint {
		// As at the beginning of a unit: the host may have lost his transaction.
		if err := t.write(ctx, "begin a nested unit", Write{SQL: strings.ReplaceAll(open, savepoint, name)}); err != nil {
			return err
		}
	}
	inner := newTx(t.core, t.session)
	inner.heads, inner.depth, inner.broken = maps.Clone(t.heads), t.depth+1, t.broken
	kept := false
	// Also when fn panics.
	defer func() {
		inner.ended = true
		if !kept {
			t.undo(ctx, name, inner.aborted)
		}
	}()
	if err := inner.lock(ctx, s); err != nil {
		return err
	}
	if err := fn(ctx, inner); err != nil {
		return err
	}
	const op = "end a nested unit"
	if err := inner.write(ctx, op, Write{SQL: "RELEASE SAVEPOINT " + name}); err != nil {
		return err
	}
	// Of a write that was held back until here the nested unit must know.
	if err := inner.read(ctx, op); err != nil {
		return err
	}
	kept, t.heads = true, inner.heads
	return nil
}

// undo rolls back to a savepoint, also when ctx is done. If that fails, so does
// the unit: with cause, the error of the nested one, if there is no savepoint
// because it was a write of this unit, held back until then, that was refused.
func (t *tx) undo(ctx context.Context, savepoint string, cause error) {
	if *t.broken != nil {
		return
	}
	const op = "roll a nested unit back"
	ctx, cancel := t.dialect.Bounded(context.WithoutCancel(ctx))
	defer cancel()
	// A write that was held back until here may be refused: it is undone as well.
	held := t.session.Read(ctx)
	if !t.survives(ctx, held) {
		t.note(ctx, op, held)
		return
	}
	err := t.write(ctx, op, Write{SQL: "ROLLBACK TO SAVEPOINT " + savepoint}, Write{SQL: "RELEASE SAVEPOINT " + savepoint})
	if err == nil {
		err = t.read(ctx, op)
	}
	if err != nil {
		*t.broken = cmp.Or(cause, t.fail(ctx, op, held), err)
	}
}
