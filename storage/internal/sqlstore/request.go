package sqlstore

import (
	"bytes"
	"context"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/id"
)

const requestColumns = `q.id, q.kind, q.status, q.workspace_id, q.tenant_id, q.mini_program_id, q.object_kind, q.object_id, q.submitter,` +
	` q.frozen, q.digest, q.reason, q.decider, q.answer, q.submitted_at, q.ended_at`

// requestInto are the targets of requestColumns.
func requestInto(r *approval.Request) []any {
	return []any{(*uuidColumn)(&r.ID.UUID), (*string)(&r.Kind), (*string)(&r.Status), (*uuidColumn)(&r.Workspace.UUID),
		(*uuidColumn)(&r.Tenant.UUID), (*uuidColumn)(&r.MiniProgram.UUID), (*uint8)(&r.Object.Kind), (*uuidColumn)(&r.Object.ID),
		(*textColumn)(&r.Submitter), (*[]byte)(&r.Frozen), (*hashColumn)(&r.Digest), &r.Reason, (*textColumn)(&r.Decider), &r.Answer,
		(*timeColumn)(&r.SubmittedAt), (*timeColumn)(&r.EndedAt)}
}

func scanRequests(list *[]approval.Request) func(Rows) error {
	return each(func(rows Rows) error {
		var r approval.Request
		err := rows.Scan(requestInto(&r)...)
		*list = append(*list, r)
		return err
	})
}

// Case implements approval.Reader.
func (r *reader) Case(ctx context.Context, id id.Request) (c approval.Case, err error) {
	if r.ahead.valid && r.ahead.matter.ID == id && !id.IsZero() && r.usable(ctx) == nil {
		c = r.ahead.matter
		c.Frozen = bytes.Clone(c.Frozen)
		return c, ctx.Err()
	}
	err = r.read(ctx, "read a request", readCase(id.UUID, &c))
	if err == nil && c.ID.IsZero() {
		err = approval.ErrNotFound
	}
	return c, err
}

// caseColumns are those of a request q with w, which owns it, o, its tenant, and
// s, what that sets.
const (
	caseColumns = requestColumns + `, w.status, o.status, COALESCE(s.own_decision, FALSE)`
	caseOwners  = ` {then} {workspace} AS w {key} {then} {workspace} AS o {key}`
	caseTenant  = ` LEFT JOIN {settings} AS s ON s.workspace_id = q.tenant_id WHERE w.id = q.workspace_id AND o.id = q.tenant_id`
)

// caseInto are the targets of caseColumns.
func caseInto(c *approval.Case) []any {
	return append(requestInto(&c.Request), (*statusColumn)(&c.OwnerStatus), (*statusColumn)(&c.TenantStatus), &c.OwnDecision)
}

// readCase reads a request with what decides about it; its ID stays zero if
// there is none.
func readCase(id id.UUID, c *approval.Case) Read {
	return Read{
		SQL:  `SELECT ` + caseColumns + ` FROM {request} AS q` + caseOwners + caseTenant + ` AND q.id = ?`,
		Args: []any{id},
		Scan: one(nil, caseInto(c)...),
	}
}

// InsertRequest implements approval.Tx.
func (t *tx) InsertRequest(ctx context.Context, r approval.Request) error {
	topic := r
	topic.Status = approval.InReview
	return t.write(ctx, "store a request", Write{
		SQL: `INSERT INTO {request} (id, kind, status, workspace_id, tenant_id, mini_program_id, object_kind, object_id, topic, submitter,` +
			` frozen, digest, reason, decider, answer, submitted_at, ended_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		Args: []any{r.ID.UUID, string(r.Kind), string(r.Status), r.Workspace.UUID, r.Tenant.UUID, key(r.MiniProgram.UUID), int64(r.Object.Kind), r.Object.ID,
			topic.OpenKey(), optional(r.Submitter), blob(bytes.Clone(r.Frozen)), r.Digest[:], r.Reason, optional(r.Decider), r.Answer,
			r.SubmittedAt, r.EndedAt},
	})
}

// UpdateRequest implements approval.Tx.
func (t *tx) UpdateRequest(ctx context.Context, r approval.Request) error {
	return t.write(ctx, "change a request",
		update("request", "status = ?, decider = ?, answer = ?, ended_at = ?", r.ID.UUID, approval.ErrNotFound,
			string(r.Status), optional(r.Decider), r.Answer, r.EndedAt))
}
