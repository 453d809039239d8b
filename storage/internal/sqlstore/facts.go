package sqlstore

import (
	"context"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
)

// An object says where the facts of one kind of object stand: the expressions
// are columns of its table, called o.
type object struct {
	table, owner, program, creator string
	// facts is the statement of [readFacts].
	facts string
}

var objects = withFacts(map[rbac.Kind]object{
	rbac.KindWorkspace:   {table: "{workspace}", owner: "o.id", program: "NULL", creator: "NULL"},
	rbac.KindMiniProgram: {table: "{mini_program}", owner: "o.workspace_id", program: "o.id", creator: "o.creator"},
	rbac.KindMember:      {table: "{member}", owner: "o.workspace_id", program: "NULL", creator: "NULL"},
	rbac.KindVersion:     {table: "{version}", owner: "o.workspace_id", program: "o.mini_program_id", creator: "o.uploader"},
	rbac.KindQRCode:      {table: "{qr_code}", owner: "o.workspace_id", program: "o.mini_program_id", creator: "o.creator"},
	rbac.KindRequest:     {table: "{request}", owner: "o.workspace_id", program: "o.mini_program_id", creator: "o.submitter"},
	rbac.KindFeature:     {table: "{feature}", owner: "o.tenant_id", program: "NULL", creator: "NULL"},
	rbac.KindRole:        {table: "{role}", owner: "o.workspace_id", program: "NULL", creator: "NULL"},
	rbac.KindLink:        {table: "{link}", owner: "o.workspace_id", program: "NULL", creator: "NULL"},
	rbac.KindJSAPI:       {table: "{jsapi}", owner: "o.tenant_id", program: "NULL", creator: "NULL"},
})

func withFacts(kinds map[rbac.Kind]object) map[rbac.Kind]object {
	for k, o := range kinds {
		o.facts = selectFacts(o.table+" AS o", o, "?") + " WHERE o.id = ?"
		kinds[k] = o
	}
	return kinds
}

// selectFacts is the statement for the facts about an account, but for its
// condition: w owns the object, t is its tenant, h and a are the account's
// memberships there and above, hr and ar their roles if those are the workspaces'
// own, hp and ap how they hold the mini program.
func selectFacts(from string, o object, account string) string {
	return `SELECT w.id, w.tenant_id, w.status, t.status, ` + o.program + `, ` + o.creator + `,` +
		` h.id, h.state, h.role, hr.definition, hp.member_id IS NOT NULL, hp.team_role,` +
		` a.id, a.state, a.role, ar.definition, ap.member_id IS NOT NULL` +
		` FROM ` + from +
		` JOIN {workspace} AS w ON w.id = ` + o.owner +
		` JOIN {workspace} AS t ON t.id = w.tenant_id` +
		` LEFT JOIN {member} AS h ON h.workspace_id = w.id AND h.present_account = ` + account +
		` LEFT JOIN {role} AS hr ON hr.workspace_id = h.workspace_id AND hr.code = h.role` +
		` LEFT JOIN {held} AS hp ON hp.member_id = h.id AND hp.mini_program_id = ` + o.program +
		` LEFT JOIN {member} AS a ON w.tenant_id <> w.id AND a.workspace_id = w.tenant_id AND a.present_account = ` + account +
		` LEFT JOIN {role} AS ar ON ar.workspace_id = a.workspace_id AND ar.code = a.role` +
		` LEFT JOIN {held} AS ap ON ap.member_id = a.id AND ap.mini_program_id = ` + o.program
}

// readFacts reads the facts of a query into f; ok is false for an object of no
// known kind, of which there are none.
func (c *core) readFacts(q rbac.Query, f *rbac.Facts) (r Read, ok bool) {
	o, ok := objects[q.Object.Kind]
	account := string(q.Account)
	return Read{
		SQL:    o.facts,
		Args:   []any{account, account, q.Object.ID},
		Steady: true,
		Scan:   func(rows Rows) error { return c.customs.scanFacts(rows, q.Account, f) },
	}, ok
}

func (c *customs) scanFacts(rows Rows, account id.Account, f *rbac.Facts) error {
	*f = rbac.Facts{}
	if !rows.Next() {
		return nil
	}
	var creator string
	err := rows.Scan((*uuidColumn)(&f.Owner.UUID), (*uuidColumn)(&f.Tenant.UUID),
		(*statusColumn)(&f.OwnerStatus), (*statusColumn)(&f.TenantStatus),
		(*uuidColumn)(&f.MiniProgram.UUID), (*textColumn)(&creator),
		(*uuidColumn)(&f.Home.Member.UUID), presence{&f.Home.Presence}, (*roleColumn)(&f.Home.Role), c.column(&f.Home.Role, &f.Home.Custom),
		&f.Home.Assigned, (*roleColumn)(&f.Team),
		(*uuidColumn)(&f.Above.Member.UUID), presence{&f.Above.Presence}, (*roleColumn)(&f.Above.Role), c.column(&f.Above.Role, &f.Above.Custom),
		&f.Above.Assigned)
	f.Found = true
	f.Own = creator != "" && creator == string(account)
	return err
}

// Facts implements rbac.Reader.
func (r *reader) Facts(ctx context.Context, q rbac.Query) (rbac.Facts, error) {
	if r.ahead.valid && r.ahead.query == q && r.usable(ctx) == nil {
		return r.ahead.facts, ctx.Err()
	}
	var f rbac.Facts
	read, ok := r.readFacts(q, &f)
	if !ok {
		return f, ctx.Err()
	}
	err := r.read(ctx, "read facts", read)
	return f, err
}

// Grants implements rbac.Reader.
func (r *reader) Grants(ctx context.Context, account id.Account) (grants []rbac.Grant, err error) {
	if account == "" {
		return nil, ctx.Err()
	}
	of := map[id.Member]int{}
	const present = ` WHERE m.account = ? AND m.state IN ('active', 'inactive')`
	err = r.read(ctx, "read grants",
		Read{
			SQL: `SELECT m.id, m.workspace_id, m.tenant_id, w.status, t.status, m.state, m.role, r.definition` +
				` FROM {member} AS m JOIN {workspace} AS w ON w.id = m.workspace_id` +
				` JOIN {workspace} AS t ON t.id = m.tenant_id` +
				` LEFT JOIN {role} AS r ON r.workspace_id = m.workspace_id AND r.code = m.role` + present + ` ORDER BY m.id`,
			Args:   []any{string(account)},
			Steady: true,
			Scan: each(func(rows Rows) error {
				var g rbac.Grant
				err := rows.Scan((*uuidColumn)(&g.Member.UUID), (*uuidColumn)(&g.Workspace.UUID), (*uuidColumn)(&g.Tenant.UUID),
					(*statusColumn)(&g.WorkspaceStatus), (*statusColumn)(&g.TenantStatus), presence{&g.Presence},
					(*roleColumn)(&g.Role), r.customs.column(&g.Role, &g.Custom))
				of[g.Member] = len(grants)
				grants = append(grants, g)
				return err
			}),
		},
		readHeld(`JOIN {member} AS m ON m.id = h.member_id`+present, []any{string(account)},
			func(m id.Member, h rbac.HeldProgram) {
				// In a unit a membership may begin between the two statements.
				if i, ok := of[m]; ok {
					grants[i].Programs = append(grants[i].Programs, h)
				}
			}))
	return grants, err
}

// readHeld reads how members hold mini programs, in the order of both ids;
// where restricts held AS h.
func readHeld(where string, args []any, give func(id.Member, rbac.HeldProgram)) Read {
	return Read{
		SQL:    `SELECT h.member_id, h.mini_program_id, h.owner_id, h.team_role FROM {held} AS h ` + where + ` ORDER BY h.member_id, h.mini_program_id`,
		Args:   args,
		Steady: true,
		Scan: each(func(rows Rows) error {
			var m id.Member
			var h rbac.HeldProgram
			err := rows.Scan((*uuidColumn)(&m.UUID), (*uuidColumn)(&h.MiniProgram.UUID), (*uuidColumn)(&h.Owner.UUID), (*roleColumn)(&h.Team))
			give(m, h)
			return err
		}),
	}
}
