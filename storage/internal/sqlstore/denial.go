package sqlstore

import (
	"context"
	"math"
	"time"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
)

// Denials implements audit.Reader.
func (r *reader) Denials(ctx context.Context, q audit.DenialQuery) (list []audit.Denial, err error) {
	var c condition
	c.and("d.workspace_id = ?", q.Workspace.UUID)
	index := "{key}"
	if q.Object != (rbac.Object{}) {
		index = "{use denial_by_object}"
		c.and("d.object_id = ? AND d.object_kind = ?", q.Object.ID, int64(q.Object.Kind))
	}
	if q.Actor != "" {
		index = "{use denial_by_actor}"
		c.and("d.actor = ? AND d.by_system = ?", q.Actor, q.System)
	}
	if q.Before > 0 {
		c.and("d.seq < ?", int64(min(q.Before, math.MaxInt64)))
	}
	err = r.read(ctx, "list denials", Read{
		SQL: `SELECT d.workspace_id, d.seq, d.by_system, d.actor, d.permission, d.object_kind, d.object_id, d.attempts, d.first_at, d.last_at,` +
			` d.on_behalf_of, d.request, d.reason FROM {denial} AS d ` + index + ` WHERE ` + c.text.String() + ` ORDER BY d.seq DESC` + limited(q.Limit),
		Args: c.args,
		Scan: cut(q.Limit, each(func(rows Rows) error {
			var d audit.Denial
			var reason string
			if err := rows.Scan((*uuidColumn)(&d.Workspace.UUID), &d.Seq, &d.System, &d.Actor, &d.Permission,
				(*uint8)(&d.Object.Kind), (*uuidColumn)(&d.Object.ID), &d.Count, (*timeColumn)(&d.First), (*timeColumn)(&d.Last),
				&d.OnBehalfOf, &d.Request, &reason); err != nil {
				return err
			}
			var err error
			d.Reason, err = rbac.ParseReason(reason)
			list = append(list, d)
			return err
		})),
	})
	return list, err
}

// PutDenial implements audit.Tx.
func (t *tx) PutDenial(ctx context.Context, d audit.Denial) error {
	if err := t.locked(ctx, d.Workspace); err != nil {
		return err
	}
	return t.write(ctx, "store a denial", Write{
		SQL: `INSERT INTO {denial} (workspace_id, seq, by_system, actor, permission, object_kind, object_id, attempts, first_at, last_at,` +
			` on_behalf_of, request, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ` +
			t.dialect.Upsert("workspace_id, seq", "by_system", "actor", "permission", "object_kind", "object_id", "attempts", "first_at", "last_at",
				"on_behalf_of", "request", "reason"),
		Args: []any{d.Workspace.UUID, int64(d.Seq), d.System, d.Actor, d.Permission, int64(d.Object.Kind), d.Object.ID, int64(d.Count), d.First, d.Last,
			d.OnBehalfOf, d.Request, d.Reason.String()},
	})
}

// DeleteDenials implements audit.Tx.
func (t *tx) DeleteDenials(ctx context.Context, w id.Workspace, before time.Time) error {
	if err := t.locked(ctx, w); err != nil {
		return err
	}
	return t.write(ctx, "delete old denials", Write{
		SQL:  `DELETE FROM {denial} WHERE workspace_id = ? AND first_at < ?`,
		Args: []any{w.UUID, before},
	})
}

// locked returns storage.ErrScope unless the unit has locked the workspace.
func (t *tx) locked(ctx context.Context, w id.Workspace) error {
	if err := t.usable(ctx); err != nil {
		return err
	}
	if _, ok := t.heads[w]; !ok {
		return storage.ErrScope
	}
	return nil
}
