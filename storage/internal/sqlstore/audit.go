package sqlstore

import (
	"bytes"
	"context"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
)

func scanHead(rows Rows) (h audit.Head, err error) {
	err = rows.Scan((*uuidColumn)(&h.Workspace.UUID), &h.Seq, (*hashColumn)(&h.Hash), (*timeColumn)(&h.At))
	return h, err
}

// Head implements audit.Reader.
func (r *reader) Head(ctx context.Context, w id.Workspace) (audit.Head, error) {
	if h, ok := r.heads[w]; ok && r.usable(ctx) == nil {
		return h.Head, ctx.Err()
	}
	var h audit.Head
	err := r.read(ctx, "read the head of a trail", Read{
		SQL:  `SELECT h.workspace_id, h.seq, h.hash, h.at FROM {head} AS h WHERE h.workspace_id = ?`,
		Args: []any{w.UUID},
		Scan: each(func(rows Rows) (err error) {
			h, err = scanHead(rows)
			return err
		}),
	})
	if err == nil && h.Workspace.IsZero() {
		err = audit.ErrWorkspace
	}
	return h, err
}

const eventColumns = `e.workspace_id, e.seq, e.at, e.verb, e.object_kind, e.object_id, e.by_system, e.actor,` +
	` e.data, e.personal, e.salt, e.commitment, e.hash, e.erasure`

// Events implements audit.Reader. What happened to an object, and what an actor
// did, have indexes of their own; for verbs there is one that has the events of
// each in order, so that several verbs are a union.
func (r *reader) Events(ctx context.Context, q audit.Query) (events []audit.Event, err error) {
	if q.Verbs != nil && len(q.Verbs) == 0 {
		return nil, ctx.Err()
	}
	index, arms := "{key}", [][]audit.Verb{q.Verbs}
	switch {
	case q.Object != (rbac.Object{}):
		index = "{use event_by_object}"
	case q.Actor != "":
		index = "{use event_by_actor}"
	case q.Verbs != nil:
		index, arms = "{use event_by_verb}", nil
		verbs := slices.Compact(slices.Sorted(slices.Values(q.Verbs)))
		for _, v := range padded(verbs) {
			arms = append(arms, []audit.Verb{v})
		}
		if len(verbs) > maxArms {
			index, arms = "{key}", [][]audit.Verb{q.Verbs}
		}
	}
	var texts []string
	var args []any
	for _, verbs := range arms {
		var c condition
		c.and("e.workspace_id = ?", q.Workspace.UUID)
		if q.Object != (rbac.Object{}) {
			c.and("e.object_id = ? AND e.object_kind = ?", q.Object.ID, int64(q.Object.Kind))
		}
		if q.Actor != "" {
			c.and("e.actor = ? AND e.by_system = ?", q.Actor, q.System)
		}
		if len(arms) > 1 || index == "{use event_by_verb}" {
			c.and("e.verb = ?", string(verbs[0]))
		} else if verbs != nil {
			c.in("e.verb", names(verbs))
		}
		c.and("e.seq > ?", int64(min(q.After, math.MaxInt64)))
		if q.Until > 0 {
			c.and("e.seq <= ?", int64(min(q.Until, math.MaxInt64)))
		}
		texts = append(texts, `SELECT `+eventColumns+` FROM {event} AS e `+index+` WHERE `+c.text.String()+` ORDER BY e.seq`+limited(q.Limit))
		args = append(args, c.args...)
	}
	text := texts[0]
	if len(texts) > 1 {
		for i := range texts {
			texts[i] = `SELECT * FROM (` + texts[i] + `{share}) AS a`
		}
		text = `SELECT * FROM (` + strings.Join(texts, ` UNION `) + `) AS e ORDER BY e.seq` + limited(q.Limit)
	}
	err = r.read(ctx, "list events", Read{
		SQL:  text,
		Args: args,
		Scan: cut(q.Limit, each(func(rows Rows) error {
			var e audit.Event
			err := rows.Scan((*uuidColumn)(&e.Workspace.UUID), &e.Seq, (*timeColumn)(&e.At), (*string)(&e.Verb),
				(*uint8)(&e.Object.Kind), (*uuidColumn)(&e.Object.ID), &e.System, &e.Actor,
				&e.Data, &e.Personal, &e.Salt, (*hashColumn)(&e.Commitment), (*hashColumn)(&e.Hash), &e.Erasure)
			events = append(events, e)
			return err
		})),
	})
	return events, err
}

// AppendEvent implements audit.Tx.
func (t *tx) AppendEvent(ctx context.Context, e audit.Event) error {
	if err := t.usable(ctx); err != nil {
		return err
	}
	last, ok := t.heads[e.Workspace]
	switch {
	case !ok:
		return storage.ErrScope
	case e.Seq != last.Seq+1:
		return storage.ErrSequence
	}
	w, seq, at := e.Workspace.UUID, int64(e.Seq), e.At
	err := t.write(ctx, "append an event",
		Write{
			SQL: `INSERT INTO {event} (workspace_id, seq, at, verb, object_kind, object_id, by_system, actor,` +
				` data, personal, salt, commitment, hash, erasure) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			Args: []any{w, seq, at, string(e.Verb), int64(e.Object.Kind), e.Object.ID, e.System, e.Actor,
				bytes.Clone(e.Data), blob(bytes.Clone(e.Personal)), blob(bytes.Clone(e.Salt)), e.Commitment[:], e.Hash[:], int64(e.Erasure)},
		},
		Write{
			SQL:  `UPDATE {head} SET seq = ?, hash = ?, at = ?, fresh = TRUE WHERE workspace_id = ?`,
			Args: []any{seq, e.Hash[:], at, w},
		})
	if err == nil {
		t.heads[e.Workspace] = head{audit.Head{Workspace: e.Workspace, Seq: e.Seq, Hash: e.Hash, At: e.At.UTC().Truncate(time.Microsecond)}, true}
	}
	return err
}

// RedactEvent implements audit.Tx.
func (t *tx) RedactEvent(ctx context.Context, e audit.Event) error {
	if err := t.usable(ctx); err != nil {
		return err
	}
	if last, ok := t.heads[e.Workspace]; !ok {
		return storage.ErrScope
	} else if e.Seq == 0 || e.Seq > last.Seq {
		return audit.ErrWorkspace
	}
	return t.write(ctx, "erase personal data", Write{
		SQL: `UPDATE {event} SET actor = ?, personal = ?, salt = ?, erasure = ? WHERE workspace_id = ? AND seq = ?`,
		Args: []any{e.Actor, blob(bytes.Clone(e.Personal)), blob(bytes.Clone(e.Salt)), int64(e.Erasure),
			e.Workspace.UUID, int64(e.Seq)},
	})
}
