package sqlstore

import (
	"context"
	"slices"
	"strings"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
)

// A token is of the member k.member_id.
const ofToken = `{token} AS k JOIN {member} AS m ON m.id = k.member_id`

// senderFacts is the statement for the facts of the last sender of a token's
// invitation, on its workspace.
var senderFacts = selectFacts(ofToken, object{owner: "m.workspace_id", program: "NULL", creator: "NULL"}, "m.sender") +
	` WHERE k.hash = ? AND m.sender IS NOT NULL`

// A lookup collects the statements of a member.Lookup, which are read
// together: none needs the answer of another, since a token's workspace is
// found by each one anew.
type lookup struct {
	member.Lookup
	customs *customs
	found   member.Found
	reads   []Read
	// programs are those of the members that were found.
	programs map[id.Member][]rbac.HeldProgram
}

// Lookup implements member.Reader.
func (r *reader) Lookup(ctx context.Context, q member.Lookup) (member.Found, error) {
	l := lookup{Lookup: q, customs: &r.customs, programs: map[id.Member][]rbac.HeldProgram{}}
	switch {
	case q.Token != ([32]byte{}):
		l.byToken()
	case q.LinkToken != ([32]byte{}):
		l.byLinkToken()
	case !q.Member.IsZero():
		l.byMember()
	case !q.Link.IsZero():
		l.byLink()
	}
	l.inWorkspace()
	if len(q.Programs) > 0 {
		l.owners()
	}
	if len(l.reads) == 0 {
		return member.Found{}, ctx.Err()
	}
	if err := r.read(ctx, "look up", l.reads...); err != nil {
		return member.Found{}, err
	}
	l.found.Member.Programs = slices.Clone(l.programs[l.found.Member.ID])
	l.found.First.Programs = slices.Clone(l.programs[l.found.First.ID])
	for i := range l.found.Open {
		m := &l.found.Open[i]
		m.Programs = slices.Clone(l.programs[m.ID])
	}
	return l.found, nil
}

func (l *lookup) add(statement string, scan func(Rows) error, args ...any) {
	l.reads = append(l.reads, Read{SQL: statement, Args: args, Scan: scan})
}

// byMember finds the member.
func (l *lookup) byMember() {
	const from, where = `{member} AS m`, `m.id = ?`
	l.add(`SELECT `+memberColumns+` FROM `+from+` WHERE `+where, one(nil, memberInto(&l.found.Member)...), l.Member.UUID)
	l.held(from, where, l.Member.UUID)
}

// held finds the mini programs of members m.
func (l *lookup) held(from, where string, args ...any) {
	l.reads = append(l.reads, readHeld(`WHERE h.member_id IN (SELECT m.id FROM `+from+` WHERE `+where+`{share})`, args,
		func(m id.Member, h rbac.HeldProgram) {
			if held := l.programs[m]; !slices.Contains(held, h) {
				l.programs[m] = append(held, h)
			}
		}))
}

// byToken finds everything about a token.
func (l *lookup) byToken() {
	hash := l.Token[:]
	f := &l.found
	l.add(`SELECT `+memberColumns+`, k.hash, k.generation FROM `+ofToken+` WHERE k.hash = ?`,
		one(nil, append(memberInto(&f.Member), (*hashColumn)(&f.TokenHash), &f.Generation)...), hash)
	l.held(ofToken, `k.hash = ?`, hash)
	l.add(`SELECT `+workspaceColumns+`, t.status FROM `+ofToken+` JOIN {workspace} AS w ON w.id = m.workspace_id`+
		` JOIN {workspace} AS t ON t.id = w.tenant_id WHERE k.hash = ?`,
		one(nil, append(workspaceInto(&f.Workspace), (*statusColumn)(&f.TenantStatus))...), hash)
	l.add(senderFacts, func(rows Rows) error { return l.customs.scanFacts(rows, "", &f.Sender) }, hash)
}

// inWorkspace finds who is in the workspace, which is the token's if there is
// a token.
func (l *lookup) inWorkspace() {
	where, arg := `m.workspace_id = ?`, any(l.Workspace.UUID)
	switch {
	case l.Token != ([32]byte{}):
		where, arg = `m.workspace_id = (SELECT m.workspace_id FROM `+ofToken+` WHERE k.hash = ?{share})`, l.Token[:]
	case l.LinkToken != ([32]byte{}):
		where, arg = `m.workspace_id = (SELECT l.workspace_id FROM `+ofLinkToken+` WHERE lk.hash = ?{share})`, l.LinkToken[:]
	}
	const from = `{member} AS m`
	f := &l.found
	if len(l.Emails) > 0 {
		c := condition{args: []any{arg}}
		c.text.WriteString(where)
		c.in("m.open_email", names(l.Emails))
		l.add(`SELECT `+memberColumns+` FROM `+from+` WHERE `+c.text.String()+` ORDER BY m.id`, scanMembers(&f.Open), c.args...)
		l.held(from, c.text.String(), c.args...)
	}
	if l.Account != "" {
		l.add(`SELECT m.id FROM `+from+` WHERE `+where+` AND m.present_account = ?`,
			one(nil, (*uuidColumn)(&f.Present.UUID)), arg, string(l.Account))
	}
	if l.First {
		l.first(from, where, arg)
	}
	if l.Settings {
		l.reads = append(l.reads, readSettings(strings.Replace(where, "m.workspace_id", "w.id", 1), arg, nil, &f.Own, &f.Above))
	}
	if l.Admins {
		l.add(`SELECT count(*) FROM `+from+` WHERE `+where+` AND `+activeAdmin, one(nil, &f.Admins), arg)
	}
}

// first finds the open invitation of a first admin.
func (l *lookup) first(from, where string, arg any) {
	where += ` AND m.first_admin AND m.state = 'invited'`
	l.add(`SELECT `+memberColumns+` FROM `+from+` WHERE `+where+` ORDER BY m.id LIMIT 1`, one(nil, memberInto(&l.found.First)...), arg)
	l.held(from, where, arg)
}

// owners finds the owners of mini programs.
func (l *lookup) owners() {
	var c condition
	c.in("p.id", keys(l.Programs))
	l.add(`SELECT p.id, p.workspace_id, p.tenant_id, p.status = 'archived' FROM {mini_program} AS p WHERE `+c.text.String()+` ORDER BY p.id`,
		each(func(rows Rows) error {
			var p member.Program
			err := rows.Scan((*uuidColumn)(&p.ID.UUID), (*uuidColumn)(&p.Owner.UUID), (*uuidColumn)(&p.Tenant.UUID), &p.Archived)
			l.found.Programs = append(l.found.Programs, p)
			return err
		}), c.args...)
}
