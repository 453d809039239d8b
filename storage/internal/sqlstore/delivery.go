package sqlstore

import (
	"context"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/superapp-go/superapp/delivery"
	"github.com/superapp-go/superapp/id"
)

// RegisterHandler implements delivery.Tx.
func (t *tx) RegisterHandler(ctx context.Context, g delivery.Registration) error {
	var known bool
	err := t.read(ctx, "register a handler", Read{
		SQL: `SELECT n.name FROM {delivery_handler} AS n WHERE n.name = ?`, Args: []any{g.Handler}, Steady: true, Scan: one(&known, new(string)),
	})
	if err != nil {
		return err
	}
	var writes []Write
	if !known {
		writes = append(writes, Write{
			SQL: `INSERT INTO {delivery_handler} (name, created_at) VALUES (?, ?) ` + t.dialect.Upsert("name"), Args: []any{g.Handler, g.At},
		})
		if !g.FromStart {
			writes = append(writes, Write{
				SQL: `INSERT INTO {delivery} (handler, workspace_id, seq, attempts) SELECT n.name, h.workspace_id, h.seq, 0 FROM {delivery_handler} AS n CROSS JOIN {head} AS h WHERE n.name = ? ` +
					t.dialect.Upsert("handler, workspace_id"),
				Args: []any{g.Handler}, Long: true,
			})
		}
	}
	return t.write(ctx, "register a handler", append(writes, Write{
		SQL: `UPDATE {head} SET fresh = TRUE WHERE fresh = FALSE AND seq > COALESCE((SELECT d.seq FROM {delivery} AS d` +
			` WHERE d.handler = ? AND d.workspace_id = {.head}.workspace_id), 0)`,
		Args: []any{g.Handler}, Long: true,
	})...)
}

// ClaimDeliveries implements delivery.Tx. The candidates are read without a lock;
// who gets them is decided by an update with a condition, of which the second one to
// come finds nothing to change: on one server because it waits for the first, on a
// cluster because only one of them can be committed.
func (t *tx) ClaimDeliveries(ctx context.Context, c delivery.Claim) (claimed []delivery.Claimed, err error) {
	var found []id.Workspace
	var missing []any
	err = t.read(ctx, "claim deliveries", Read{
		SQL: `SELECT h.workspace_id, d.workspace_id IS NULL FROM {head} AS h {use head_fresh} LEFT JOIN {delivery} AS d ON d.handler = ? AND d.workspace_id = h.workspace_id` +
			` WHERE h.fresh = TRUE AND (h.seq > COALESCE(d.seq, 0) OR EXISTS (SELECT 1 FROM {dead_letter} AS l WHERE l.again = TRUE AND l.handler = ? AND l.workspace_id = h.workspace_id))` +
			` AND (d.leased_until IS NULL OR d.leased_until <= ?) AND (d.due_at IS NULL OR d.due_at <= ?)` +
			` ORDER BY COALESCE(d.due_at, ?), h.workspace_id` + limited(c.Limit),
		Args: []any{c.Handler, c.Handler, c.Now, c.Now, time.Unix(0, 0)},
		Scan: cut(c.Limit, each(func(rows Rows) error {
			var w id.Workspace
			var none bool
			err := rows.Scan((*uuidColumn)(&w.UUID), &none)
			found = append(found, w)
			if none {
				missing = append(missing, c.Handler, w.UUID)
			}
			return err
		})),
	})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	// In one order, so that two claims do not wait for each other in a circle.
	slices.SortFunc(found, func(a, b id.Workspace) int { return a.Compare(b.UUID) })
	var writes []Write
	for some := range slices.Chunk(missing, 2) {
		writes = append(writes, Write{
			SQL: `INSERT INTO {delivery} (handler, workspace_id, seq, attempts) VALUES (?, ?, 0, 0) ` + t.dialect.Upsert("handler, workspace_id"), Args: some,
		})
	}
	var where condition
	where.and("handler = ?", c.Handler)
	where.in("workspace_id", keys(found))
	where.and("(leased_until IS NULL OR leased_until <= ?) AND (due_at IS NULL OR due_at <= ?)", c.Now, c.Now)
	writes = append(writes, Write{
		SQL: `UPDATE {delivery} SET lease = ?, leased_until = ? WHERE ` + where.text.String(), Args: append([]any{c.Lease, c.Until}, where.args...),
	})
	if err := t.write(ctx, "claim deliveries", writes...); err != nil {
		return nil, err
	}
	var order condition
	order.and("d.handler = ? AND d.lease = ?", c.Handler, c.Lease)
	order.in("d.workspace_id", keys(found))
	err = t.read(ctx, "claim deliveries", Read{
		SQL:  `SELECT d.workspace_id, d.seq, d.attempts FROM {delivery} AS d WHERE ` + order.text.String() + ` ORDER BY COALESCE(d.due_at, ?), d.workspace_id`,
		Args: append(order.args, time.Unix(0, 0)),
		Scan: each(func(rows Rows) error {
			var x delivery.Claimed
			err := rows.Scan((*uuidColumn)(&x.Workspace.UUID), &x.Seq, &x.Attempts)
			claimed = append(claimed, x)
			return err
		}),
	})
	return claimed, err
}

// SaveDelivery implements delivery.Tx. The row is locked and looked at first, since
// not every engine can tell whether an update found it.
func (t *tx) SaveDelivery(ctx context.Context, p delivery.Progress) error {
	var lease id.UUID
	err := t.read(ctx, "save a delivery", Read{
		SQL:  `SELECT h.lease FROM {delivery} AS h WHERE h.handler = ? AND h.workspace_id = ?` + t.dialect.Lock,
		Args: []any{p.Handler, p.Workspace.UUID}, Steady: true, Scan: one(nil, (*uuidColumn)(&lease)),
	})
	switch {
	case err != nil:
		return err
	case lease.IsZero() || lease != p.Lease:
		return delivery.ErrLease
	}
	var holds any
	if !p.Until.IsZero() {
		holds = p.Lease
	}
	return t.write(ctx, "save a delivery", Write{
		SQL:  `UPDATE {delivery} SET seq = ?, attempts = ?, due_at = ?, lease = ?, leased_until = ? WHERE handler = ? AND workspace_id = ?`,
		Args: []any{int64(p.Seq), p.Attempts, p.DueAt, holds, p.Until, p.Handler, p.Workspace.UUID},
	})
}

// RestDeliveries implements delivery.Tx. The candidates are read without a lock. A head is
// the lock of its workspace, so those that somebody holds are left for the next time: to
// wait for one with the others in hand would make their writers wait as well. A candidate
// may have got an event meanwhile: its place is asked for once more, of the row as it is.
func (t *tx) RestDeliveries(ctx context.Context, limit int) error {
	const behind = ` NOT EXISTS (SELECT 1 FROM {delivery_handler} AS n LEFT JOIN {delivery} AS d ON d.handler = n.name AND d.workspace_id = h.workspace_id` +
		` WHERE h.seq > COALESCE(d.seq, 0)) AND NOT EXISTS (SELECT 1 FROM {delivery_handler} AS k JOIN {dead_letter} AS l ON l.handler = k.name` +
		` WHERE l.again = TRUE AND l.workspace_id = h.workspace_id)`
	var w id.Workspace
	var seq int64
	found := map[id.Workspace]int64{}
	err := t.read(ctx, "let workspaces rest", Read{
		SQL: `SELECT h.workspace_id, h.seq FROM {head} AS h {use head_fresh} WHERE h.fresh = TRUE AND` + behind + ` ORDER BY h.workspace_id` + limited(limit),
		Scan: cut(limit, each(func(rows Rows) error {
			err := rows.Scan((*uuidColumn)(&w.UUID), &seq)
			found[w] = seq
			return err
		})),
	})
	if err != nil || len(found) == 0 {
		return err
	}
	var where condition
	where.in("h.workspace_id", keys(slices.Collect(maps.Keys(found))))
	var done []Write
	err = t.read(ctx, "let workspaces rest", Read{
		SQL:  `SELECT h.workspace_id, h.seq FROM {head} AS h {key} WHERE ` + where.text.String() + ` ORDER BY h.workspace_id` + t.dialect.lockFree(),
		Args: where.args,
		Scan: each(func(rows Rows) error {
			err := rows.Scan((*uuidColumn)(&w.UUID), &seq)
			if seq == found[w] {
				done = append(done, Write{SQL: `UPDATE {head} SET fresh = FALSE WHERE workspace_id = ? AND seq = ?`, Args: []any{w.UUID, seq}})
			}
			return err
		}),
	})
	if err != nil || len(done) == 0 {
		return err
	}
	return t.write(ctx, "let workspaces rest", done...)
}

// DeadLetters implements delivery.Reader.
func (r *reader) DeadLetters(ctx context.Context, q delivery.Query) (list []delivery.DeadLetter, err error) {
	index := "{key}"
	var c condition
	c.and("l.handler = ?", q.Handler)
	if q.Again {
		index = "{use dead_letter_again}"
		c.and("l.again = TRUE")
	}
	after := int64(min(q.AfterSeq, math.MaxInt64))
	switch {
	case q.Workspace.IsZero():
		text, args := r.dialect.Behind([2]string{"l.workspace_id", "l.seq"}, [2]any{q.AfterWorkspace.UUID, after})
		c.and(text, args...)
	case q.AfterWorkspace.Compare(q.Workspace.UUID) > 0:
		return nil, ctx.Err()
	default:
		if q.AfterWorkspace != q.Workspace {
			after = 0
		}
		c.and("l.workspace_id = ? AND l.seq > ?", q.Workspace.UUID, after)
	}
	err = r.read(ctx, "list dead letters", Read{
		SQL: `SELECT l.handler, l.workspace_id, l.seq, l.attempts, l.error, l.failed_at, l.again FROM {dead_letter} AS l ` + index +
			` WHERE ` + c.text.String() + ` ORDER BY l.workspace_id, l.seq` + limited(q.Limit),
		Args: c.args,
		Scan: cut(q.Limit, each(func(rows Rows) error {
			var l delivery.DeadLetter
			err := rows.Scan(&l.Handler, (*uuidColumn)(&l.Workspace.UUID), &l.Seq, &l.Attempts, &l.Error, (*timeColumn)(&l.FailedAt), &l.Again)
			list = append(list, l)
			return err
		})),
	})
	return list, err
}

// PutDeadLetter implements delivery.Tx.
func (t *tx) PutDeadLetter(ctx context.Context, l delivery.DeadLetter) error {
	return t.write(ctx, "store a dead letter", Write{
		SQL: `INSERT INTO {dead_letter} (handler, workspace_id, seq, attempts, error, failed_at, again) VALUES (?, ?, ?, ?, ?, ?, ?) ` +
			t.dialect.Upsert("handler, workspace_id, seq", "attempts", "error", "failed_at", "again"),
		Args: []any{l.Handler, l.Workspace.UUID, int64(l.Seq), l.Attempts, l.Error, l.FailedAt, l.Again},
	})
}

// DeleteDeadLetter implements delivery.Tx.
func (t *tx) DeleteDeadLetter(ctx context.Context, handler string, w id.Workspace, seq uint64) error {
	return t.write(ctx, "delete a dead letter", Write{
		SQL:  `DELETE FROM {dead_letter} WHERE handler = ? AND workspace_id = ? AND seq = ?`,
		Args: []any{handler, w.UUID, int64(min(seq, math.MaxInt64))},
	})
}
