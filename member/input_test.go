package member_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
)

// names that people write, and the reason why they are refused, "" if they are
// not; want is how they are stored.
var names = []struct{ name, in, want, reason string }{
	{"plain", "Dee", "Dee", ""},
	{"trimmed", "  Dee Smith\t", "Dee Smith", ""},
	{"composed", "Rene\u0301e", "Renée", ""},
	{"at the limit", strings.Repeat("x", member.MaxName), strings.Repeat("x", member.MaxName), ""},
	{"at the limit in characters", strings.Repeat("咖", member.MaxName), strings.Repeat("咖", member.MaxName), ""},
	{"quotes and markup stay text", `<b>O'Brien"; --</b>`, `<b>O'Brien"; --</b>`, ""},
	{"nothing", "", "", "required"},
	{"white space", " \t\n ", "", "required"},
	{"over the limit", strings.Repeat("x", member.MaxName+1), "", "too_long"},
	{"far over the limit", strings.Repeat("x", 1<<20), "", "too_long"},
	{"a line break", "Dee\nBcc: eve@people.example", "", "malformed"},
	{"a zero byte", "Dee\x00", "", "malformed"},
	{"a bell", "D\aee", "", "malformed"},
	{"an escape sequence", "\x1b[31mDee", "", "malformed"},
	{"a right-to-left override", "Dee\u202egnp.exe", "", "malformed"},
	{"a line separator", "Dee\u2028Smith", "", "malformed"},
	{"no UTF-8", "Dee\xff", "", "malformed"},
	{"half a character", "Dee\xe5\x92", "", "malformed"},
}

func TestNames(t *testing.T) {
	t.Parallel()
	for _, tt := range names {
		verdict := " is kept"
		if tt.reason != "" {
			verdict = " is refused as " + tt.reason
		}
		t.Run(tt.name+verdict, func(t *testing.T) {
			t.Parallel()
			k := kit(t, nil)
			opened, _ := orphan(t, k)
			in := reviewer("dee")
			in.Workspace, in.Name = k.Tenant, tt.in
			before := all(t, k)
			m, _, err := k.Members.Invite(t.Context(), tenantAdmin, in)
			first, _, err2 := k.Members.SetFirstAdmin(t.Context(), tenantAdmin, opened.Workspace.ID, member.First{Account: "new", Name: tt.in})
			if tt.reason == "" {
				require.NoError(t, err)
				require.NoError(t, err2)
				require.Equal(t, tt.want, m.Name)
				require.Equal(t, tt.want, first.Name)
				require.Equal(t, tt.want, get(t, k, m.ID).Name)
				return
			}
			requireProblem(t, err, "name", tt.reason)
			requireProblem(t, err2, "name", tt.reason)
			require.Less(t, len(err.Error()), 200, "what was wrong is not repeated")
			require.Equal(t, before, all(t, k))
		})
	}
}

func TestEmails(t *testing.T) {
	t.Parallel()
	k := kit(t, nil)
	opened, _ := orphan(t, k)
	for _, tt := range []struct{ name, in, reason string }{
		{"nothing", "", "required"},
		{"white space", "  ", "required"},
		{"no at", "dee.people.example", "malformed"},
		{"no local part", "@people.example", "malformed"},
		{"no domain", "dee@", "malformed"},
		{"no top level", "dee@localhost", "malformed"},
		{"an IP address", "dee@127.0.0.1", "malformed"},
		{"two addresses", "dee@people.example, eve@people.example", "malformed"},
		{"a display name", "Dee <dee@people.example>", "malformed"},
		{"a header", "dee@people.example\r\nBcc: eve@people.example", "malformed"},
		{"a zero byte", "dee\x00@people.example", "malformed"},
		{"no UTF-8", "d\xffe@people.example", "malformed"},
		{"a long local part", strings.Repeat("x", 65) + "@people.example", "malformed"},
		{"a long address", "dee@" + strings.Repeat(strings.Repeat("x", 60)+".", 5) + "example", "malformed"},
	} {
		t.Run(tt.name+" is refused as "+tt.reason, func(t *testing.T) {
			in := reviewer("dee")
			in.Workspace, in.Email = k.Tenant, tt.in
			before := all(t, k)
			_, _, err := k.Members.Invite(t.Context(), tenantAdmin, in)
			requireProblem(t, err, "email", tt.reason)
			require.NotContains(t, err.Error(), "people.example", "an error repeats no address")
			_, _, err = k.Members.SetFirstAdmin(t.Context(), tenantAdmin, opened.Workspace.ID, member.First{Email: tt.in, Name: "New"})
			requireProblem(t, err, "email", tt.reason)
			require.Equal(t, before, all(t, k))
			if tt.reason == "malformed" {
				_, err = k.Members.List(t.Context(), tenantAdmin, member.Filter{Workspace: k.Tenant, Email: tt.in}, page.Request{})
				requireProblem(t, err, "email", tt.reason)
				_, err = k.Members.Invitations(t.Context(), member.Account{ID: "any", Email: tt.in, EmailVerified: true}, page.Request{})
				requireProblem(t, err, "email", tt.reason)
			}
		})
	}
}

// TestAllProblemsAtOnce: everything wrong with an invitee is told at once.
func TestAllProblemsAtOnce(t *testing.T) {
	t.Parallel()
	k := kit(t, nil)
	_, _, err := k.Members.Invite(t.Context(), tenantAdmin, member.Invite{Workspace: k.Tenant, Email: "dee", Name: "\x00"})
	invalid, ok := errorAs[*fault.InvalidError](err)
	require.True(t, ok)
	var fields []string
	for _, p := range invalid.Problems {
		fields = append(fields, p.Field)
	}
	require.ElementsMatch(t, []string{"name", "email"}, fields)
}

func TestReasons(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", member.MaxReason)
	for _, tt := range []struct{ name, in, problem string }{
		{"none", "", ""}, {"at the limit", long, ""},
		{"over the limit", long + "x", "too_long"}, {"a line break", "a\nb", "malformed"}, {"no UTF-8", "\xff", "malformed"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			k := kit(t, nil)
			e := become(t, k, member.StatusActive)
			before := all(t, k)
			_, err := k.Members.Block(t.Context(), merchantAdmin, e.ID, tt.in)
			if tt.problem == "" {
				require.NoError(t, err)
				_, err = k.Members.Delete(t.Context(), merchantAdmin, e.ID, tt.in)
				require.NoError(t, err)
				return
			}
			requireProblem(t, err, "reason", tt.problem)
			_, err = k.Members.Delete(t.Context(), merchantAdmin, e.ID, tt.in)
			requireProblem(t, err, "reason", tt.problem)
			require.Equal(t, before, all(t, k))
		})
	}
}

func TestAccounts(t *testing.T) {
	t.Parallel()
	k := kit(t, &member.Options{Recipient: member.UnsafeAnyAccount})
	_, token := k.Invite(rbac.Developer, "dee")
	for name, account := range map[string]id.Account{
		"nothing": "", "over the limit": id.Account(strings.Repeat("x", id.MaxAccount+1)), "a line break": "a\nb", "no UTF-8": "\xff", "a zero byte": "a\x00",
	} {
		t.Run(name+" is refused", func(t *testing.T) {
			before := all(t, k)
			m, err := k.Members.Accept(t.Context(), token, member.Account{ID: account})
			require.ErrorIs(t, err, id.ErrAccount)
			require.ErrorIs(t, err, fault.ErrInvalid)
			require.Zero(t, m)
			require.Equal(t, before, all(t, k))
		})
	}
	longest := id.Account(strings.Repeat("é", id.MaxAccount/2))
	m, err := k.Members.Accept(t.Context(), token, member.Account{ID: longest})
	require.NoError(t, err)
	require.Equal(t, longest, m.Account)
}

// TestFilterInput: what a filter cannot mean.
func TestFilterInput(t *testing.T) {
	t.Parallel()
	k := kit(t, nil)
	for name, tt := range map[string]struct {
		f             member.Filter
		field, reason string
	}{
		"an unknown status": {member.Filter{Statuses: []member.Status{member.StatusSent, "emperor"}}, "statuses", "unknown"},
		"an empty status":   {member.Filter{Statuses: []member.Status{""}}, "statuses", "unknown"},
		"an unknown role":   {member.Filter{Roles: []rbac.Role{"Emperor"}}, "roles", "unknown"},
		"an empty role":     {member.Filter{Roles: []rbac.Role{""}}, "roles", "unknown"},
		"a long name":       {member.Filter{Name: strings.Repeat("x", member.MaxName+1)}, "name", "too_long"},
		"a broken name":     {member.Filter{Name: "\xff"}, "name", "malformed"},
		"a line break":      {member.Filter{Name: "a\nb"}, "name", "malformed"},
	} {
		t.Run(name+" is refused", func(t *testing.T) {
			for _, w := range []id.Workspace{k.Merchant, {}} {
				tt.f.Workspace = w
				p, err := k.Members.List(t.Context(), system, tt.f, page.Request{})
				requireProblem(t, err, tt.field, tt.reason)
				require.Zero(t, p)
			}
		})
	}
}

func TestNoStore(t *testing.T) {
	t.Parallel()
	p, err := superapp.New(nil, nil)
	require.ErrorIs(t, err, superapp.ErrNoStore)
	require.Nil(t, p)
}
