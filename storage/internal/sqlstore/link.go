package sqlstore

import (
	"context"
	"slices"
	"strings"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
)

const linkColumns = `l.id, l.workspace_id, l.tenant_id, l.role, l.programs, l.domains, l.max_uses, l.uses, l.validity, l.expires_at,` +
	` l.generation, l.maker, l.created_at, l.updated_at, l.revoked_at`

// ofLinkToken is the link l of a token lk.
const ofLinkToken = `{link_token} AS lk JOIN {link} AS l ON l.id = lk.link_id`

// makerFacts is the statement for the facts of the maker of a token's link, on its
// workspace.
var makerFacts = selectFacts(ofLinkToken, object{owner: "l.workspace_id", program: "NULL", creator: "NULL"}, "l.maker") +
	` WHERE lk.hash = ? AND l.maker IS NOT NULL`

// linkInto are the targets of linkColumns.
func linkInto(l *member.Link) []any {
	return []any{(*uuidColumn)(&l.ID.UUID), (*uuidColumn)(&l.Workspace.UUID), (*uuidColumn)(&l.Tenant.UUID), (*string)(&l.Role),
		(*heldColumn)(&l.Programs), jsonColumn{&l.Domains}, &l.MaxUses, &l.Uses, (*int64)(&l.Validity), (*timeColumn)(&l.ExpiresAt),
		&l.Generation, (*textColumn)(&l.Maker), (*timeColumn)(&l.CreatedAt), (*timeColumn)(&l.UpdatedAt), (*timeColumn)(&l.RevokedAt)}
}

// A heldColumn is a list of mini programs in a column, as JSON of these.
type heldColumn []rbac.HeldProgram

type heldJSON struct {
	MiniProgram id.MiniProgram `json:"mini_program"`
	Owner       id.Workspace   `json:"owner"`
	Team        rbac.Role      `json:"team,omitempty"`
}

func (h *heldColumn) Scan(src any) error {
	var list []heldJSON
	if err := (jsonColumn{&list}).Scan(src); err != nil {
		return err
	}
	*h = nil
	for _, p := range list {
		*h = append(*h, rbac.HeldProgram{MiniProgram: p.MiniProgram, Owner: p.Owner, Team: p.Team.Key()})
	}
	return nil
}

// heldArg is a heldColumn as it is stored.
func heldArg(held []rbac.HeldProgram) (any, error) {
	var list []heldJSON
	for _, h := range held {
		list = append(list, heldJSON{h.MiniProgram, h.Owner, h.Team.Role()})
	}
	return encode(list)
}

// Links implements member.Reader.
func (r *reader) Links(ctx context.Context, q member.LinkQuery) (list []member.Link, err error) {
	if q.Statuses != nil && len(q.Statuses) == 0 {
		return nil, ctx.Err()
	}
	var c condition
	c.and("l.workspace_id = ?", q.Workspace.UUID)
	withLinkStatus(&c, q)
	if q.Role != "" {
		c.and("l.role = ?", string(q.Role))
	}
	c.and("l.id > ?", q.After.UUID)
	err = r.read(ctx, "list links", Read{
		SQL:  `SELECT ` + linkColumns + ` FROM {link} AS l {use link_by_workspace} WHERE ` + c.text.String() + ` ORDER BY l.id` + limited(q.Limit),
		Args: c.args,
		Scan: cut(q.Limit, scanLinks(&list)),
	})
	return list, err
}

// withLinkStatus adds the statuses of a query: two of them depend on the time.
func withLinkStatus(c *condition, q member.LinkQuery) {
	if q.Statuses == nil {
		return
	}
	const left = "l.revoked_at IS NULL AND l.uses < l.max_uses"
	var arms []string
	var args []any
	for _, arm := range []struct {
		status member.LinkStatus
		text   string
		args   []any
	}{
		{member.LinkRevoked, "l.revoked_at IS NOT NULL", nil},
		{member.LinkUsedUp, "l.revoked_at IS NULL AND l.uses >= l.max_uses", nil},
		{member.LinkExpired, left + " AND (l.expires_at <= ? OR l.expires_at IS NULL)", []any{q.Now}},
		{member.LinkUsable, left + " AND l.expires_at > ?", []any{q.Now}},
	} {
		if slices.Contains(q.Statuses, arm.status) {
			arms, args = append(arms, arm.text), append(args, arm.args...)
		}
	}
	if len(arms) == 0 {
		arms = []string{"1 = 0"}
	}
	c.and("("+strings.Join(arms, " OR ")+")", args...)
}

// scanLinks returns a Scan that appends links to a list.
func scanLinks(list *[]member.Link) func(Rows) error {
	return each(func(rows Rows) error {
		var l member.Link
		err := rows.Scan(linkInto(&l)...)
		*list = append(*list, l)
		return err
	})
}

// byLink finds the link.
func (l *lookup) byLink() {
	l.add(`SELECT `+linkColumns+` FROM {link} AS l WHERE l.id = ?`, one(nil, linkInto(&l.found.Link)...), l.Link.UUID)
}

// byLinkToken finds everything about a link's token.
func (l *lookup) byLinkToken() {
	hash := l.LinkToken[:]
	f := &l.found
	l.add(`SELECT `+linkColumns+`, lk.hash, lk.generation FROM `+ofLinkToken+` WHERE lk.hash = ?`,
		one(nil, append(linkInto(&f.Link), (*hashColumn)(&f.TokenHash), &f.Generation)...), hash)
	l.add(`SELECT `+workspaceColumns+`, t.status FROM `+ofLinkToken+` JOIN {workspace} AS w ON w.id = l.workspace_id`+
		` JOIN {workspace} AS t ON t.id = w.tenant_id WHERE lk.hash = ?`,
		one(nil, append(workspaceInto(&f.Workspace), (*statusColumn)(&f.TenantStatus))...), hash)
	l.add(makerFacts, func(rows Rows) error { return l.customs.scanFacts(rows, "", &f.Sender) }, hash)
}

// linkArgs are the columns from role to maker.
func linkArgs(l member.Link) ([]any, error) {
	programs, err := heldArg(l.Programs)
	if err != nil {
		return nil, err
	}
	domains, err := encode(l.Domains)
	return []any{string(l.Role), programs, domains, l.MaxUses, l.Uses, int64(l.Validity), l.ExpiresAt, l.Generation, optional(l.Maker)}, err
}

// InsertLink implements member.Tx.
func (t *tx) InsertLink(ctx context.Context, l member.Link) error {
	args, err := linkArgs(l)
	if err != nil {
		return err
	}
	return t.write(ctx, "store a link", Write{
		SQL: `INSERT INTO {link} (id, workspace_id, tenant_id, role, programs, domains, max_uses, uses, validity, expires_at, generation, maker,` +
			` created_at, updated_at, revoked_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		Args: append(append([]any{l.ID.UUID, l.Workspace.UUID, l.Tenant.UUID}, args...), l.CreatedAt, l.UpdatedAt, l.RevokedAt),
	})
}

// UpdateLink implements member.Tx.
func (t *tx) UpdateLink(ctx context.Context, l member.Link) error {
	args, err := linkArgs(l)
	if err != nil {
		return err
	}
	return t.write(ctx, "change a link",
		update("link", "role = ?, programs = ?, domains = ?, max_uses = ?, uses = ?, validity = ?, expires_at = ?, generation = ?, maker = ?,"+
			" updated_at = ?, revoked_at = ?", l.ID.UUID, member.ErrLinkNotFound, append(args, l.UpdatedAt, l.RevokedAt)...))
}

// InsertLinkToken implements member.Tx.
func (t *tx) InsertLinkToken(ctx context.Context, hash [32]byte, l id.Link, generation int) error {
	return t.write(ctx, "store a link's token", Write{
		SQL:  `INSERT INTO {link_token} (hash, link_id, generation) VALUES (?, ?, ?)`,
		Args: []any{hash[:], l.UUID, generation},
	})
}
