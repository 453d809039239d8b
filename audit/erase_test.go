package audit_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage/storagetest"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/unit"
)

var operator = rbac.System("privacy desk")

// dee is whom the tests erase: invited by e-mail, accepted, acted, blocked.
func dee(t *testing.T, k *superapptest.Kit) (m member.Member, x audit.Erase) {
	t.Helper()
	admin := k.As(rbac.DeveloperAdmin)
	_, token, err := k.Members.Invite(t.Context(), admin, member.Invite{
		Workspace: k.Merchant, Email: "dee@people.example", Name: "Dee Dough", Role: rbac.DeveloperAdmin,
	})
	require.NoError(t, err)
	m, err = k.Members.Accept(t.Context(), token, member.Account{ID: "u-dee", Email: "dee@people.example", EmailVerified: true})
	require.NoError(t, err)
	_, _, err = k.Members.Invite(t.Context(), rbac.User("u-dee"), member.Invite{
		Workspace: k.Merchant, Email: "mo@people.example", Name: "Mo Mill", Role: rbac.Developer, MiniPrograms: []id.MiniProgram{k.Shop},
	})
	require.NoError(t, err)
	_, err = k.Members.Block(t.Context(), admin.OnBehalfOf("u-dee"), k.Member(rbac.Operator).ID, "Dee Dough asked for it")
	require.NoError(t, err)
	_, err = k.Members.Block(t.Context(), admin, m.ID, "left")
	require.NoError(t, err)
	return m, audit.Erase{Workspace: k.Merchant, Account: "u-dee", Emails: []string{"Dee@People.example"}, Reason: "case 17"}
}

// all is the whole trail of the merchant.
func all(t *testing.T, k *superapptest.Kit, f audit.Filter) []audit.Event {
	t.Helper()
	f.Workspace = k.Merchant
	return testkit.Pages(t, 3, func(r page.Request) (page.Page[audit.Event], error) {
		return k.Audit.List(t.Context(), superapptest.System, f, r)
	})
}

func TestErase(t *testing.T) {
	t.Parallel()
	testkit.OnStores(t, superapptest.Options{}, func(t *testing.T, k *superapptest.Kit) {
		_, x := dee(t, k)
		before := all(t, k, audit.Filter{})
		require.Len(t, all(t, k, audit.Filter{Actor: rbac.User("u-dee")}), 2)

		done, err := k.Audit.Erase(t.Context(), operator, x)
		require.NoError(t, err)
		require.Equal(t, 5, done.Events)
		require.True(t, strings.HasPrefix(done.Pseudonym, "erased:"))

		after := all(t, k, audit.Filter{})
		require.Len(t, after, len(before)+2, "of the member record, and of the rest")
		changed := 0
		for _, e := range after[len(before):] {
			require.Equal(t, audit.EventErased, e.Verb)
			erasure, err := e.DecodeErasure()
			require.NoError(t, err)
			require.Equal(t, done.Pseudonym, erasure.Pseudonym)
			changed += len(erasure.Events)
		}
		require.Equal(t, done.Events, changed)
		for i, e := range after {
			text := fmt.Sprintf("%s %s %s", e.Actor, e.Data, e.Personal)
			for _, trace := range []string{"u-dee", "dee@people.example", "Dee Dough", "asked"} {
				require.NotContains(t, text, trace, "event %d, %s", e.Seq, e.Verb)
			}
			if e.Erasure == 0 && i < len(before) {
				require.Equal(t, before[i], e, "what does not name the person stays")
			}
		}
		personal := func(verb audit.Verb, n int) audit.Personal {
			found := all(t, k, audit.Filter{Verbs: []audit.Verb{verb}})
			p, err := found[n].DecodePersonal()
			require.NoError(t, err)
			return p
		}
		blocked := personal(member.EventBlocked, 0)
		require.Equal(t, superapptest.Account(rbac.DeveloperAdmin), id.Account(blocked.Actor), "who else acted stays")
		require.Equal(t, done.Pseudonym, blocked.OnBehalfOf)
		require.Empty(t, blocked.Reason)
		require.NotNil(t, blocked.After, "somebody else's data stays")
		require.Empty(t, all(t, k, audit.Filter{Actor: rbac.User("u-dee")}))
		require.Len(t, all(t, k, audit.Filter{Actor: rbac.User(id.Account(done.Pseudonym))}), 2)

		_, err = k.Audit.Verify(t.Context(), superapptest.System, k.Merchant)
		require.NoError(t, err)

		again, err := k.Audit.Erase(t.Context(), operator, x)
		require.NoError(t, err)
		require.Zero(t, again.Events)
		require.Len(t, all(t, k, audit.Filter{}), len(after), "nothing is left to erase, so nothing happened")

		// Somebody else, of whom the same events may tell.
		other, err := k.Audit.Erase(t.Context(), operator, audit.Erase{Workspace: k.Merchant, Account: superapptest.Account(rbac.DeveloperAdmin)})
		require.NoError(t, err)
		require.Positive(t, other.Events)
		_, err = k.Audit.Verify(t.Context(), superapptest.System, k.Merchant)
		require.NoError(t, err)
	})
}

// A member record is found by the account, and with it the events of the time when
// it had none.
func TestEraseFindsTheWholeRecord(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	m, x := dee(t, k)
	x.Emails = nil
	_, err := k.Audit.Erase(t.Context(), operator, x)
	require.NoError(t, err)
	for _, e := range all(t, k, audit.Filter{Object: rbac.OnMember(m.ID)}) {
		require.NotContains(t, string(e.Personal), "Dee", e.Verb)
	}
	_, err = k.Audit.Verify(t.Context(), superapptest.System, k.Merchant)
	require.NoError(t, err)
}

// Whoever is interrupted finds the rest, what happened to the record before it had
// an account too.
func TestEraseInterrupted(t *testing.T) {
	t.Parallel()
	for n := 1; ; n++ {
		k := superapptest.New(t, &superapptest.Options{NoRerun: true})
		m, x := dee(t, k)
		x.Emails = nil
		units := 0
		p := k.Over(storagetest.Spy(k.Store, func(c storagetest.Call) error {
			if c.Method == "Update" {
				if units++; units == n {
					return storagetest.ErrInjected
				}
			}
			return nil
		}))
		if _, err := p.Audit.Erase(t.Context(), operator, x); err == nil {
			require.Greater(t, n, 2)
			return
		}
		_, err := k.Audit.Erase(t.Context(), operator, x)
		require.NoError(t, err)
		for _, e := range all(t, k, audit.Filter{}) {
			require.NotContains(t, string(e.Personal), "u-dee", e.Verb)
			if e.Object == rbac.OnMember(m.ID) {
				require.NotContains(t, string(e.Personal), "Dee", "interrupted at unit %d: %s", n, e.Verb)
			}
		}
		_, err = k.Audit.Verify(t.Context(), superapptest.System, k.Merchant)
		require.NoError(t, err)
	}
}

func TestEraseIsRefused(t *testing.T) {
	t.Parallel()
	k := superapptest.New(t, nil)
	ok := audit.Erase{Workspace: k.Merchant, Account: "u-dee"}
	_, err := k.Audit.Erase(t.Context(), k.As(rbac.WorkspaceAdmin), ok)
	require.ErrorIs(t, err, unit.ErrOperatorOnly)
	ok.Workspace = id.Workspace{UUID: id.New()}
	_, err = k.Audit.Erase(t.Context(), operator, ok)
	require.ErrorIs(t, err, audit.ErrWorkspace)
	for field, x := range map[string]audit.Erase{
		"account": {Workspace: k.Merchant}, "emails[0]": {Workspace: k.Merchant, Emails: []string{"nobody"}},
		"emails": {Workspace: k.Merchant, Emails: slices.Repeat([]string{"a@b.example"}, audit.MaxEmails+1)},
		"reason": {Workspace: k.Merchant, Account: "u-dee", Reason: strings.Repeat("x", audit.MaxReason+1)},
	} {
		_, err := k.Audit.Erase(t.Context(), operator, x)
		require.ErrorIs(t, err, fault.ErrInvalid)
		require.ErrorContains(t, err, field)
	}
}

// Erasing takes as many units as the trail has pages, and verifies between them.
func TestEraseInPages(t *testing.T) {
	t.Parallel()
	tr := newTrail(rbac.WorkspaceAdmin)
	tr.fill(t, 450)
	done, err := tr.service().Erase(t.Context(), operator, audit.Erase{Workspace: tr.head.Workspace, Account: "u-admin"})
	require.NoError(t, err)
	require.Equal(t, 450, done.Events)
	require.Len(t, tr.events, 453)
	_, err = tr.service().Verify(t.Context(), admin, tr.head.Workspace)
	require.NoError(t, err)
	for _, e := range tr.events[:450] {
		var p audit.Personal
		require.NoError(t, json.Unmarshal(e.Personal, &p))
		require.Equal(t, done.Pseudonym, p.Actor)
		require.Empty(t, p.Reason)
	}
}
