package audit_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/testkit"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
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
		require.Len(t, after, len(before)+1)
		last := after[len(before)]
		require.Equal(t, audit.EventErased, last.Verb)
		erasure, err := last.DecodeErasure()
		require.NoError(t, err)
		require.Equal(t, done.Pseudonym, erasure.Pseudonym)
		require.Len(t, erasure.Events, done.Events)
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
	} {
		_, err := k.Audit.Erase(t.Context(), operator, x)
		require.ErrorIs(t, err, fault.ErrInvalid)
		require.ErrorContains(t, err, field)
	}
}

// erased is a trail of six events, of which three have lost their personal data.
func erased(t *testing.T) *trail {
	t.Helper()
	tr := newTrail(rbac.WorkspaceAdmin)
	for i := range 6 {
		who := "u-admin"
		if i == 1 || i == 3 || i == 4 {
			who = "u-gone"
		}
		require.NoError(t, audit.Append(t.Context(), tr, audit.Entry{
			Workspace: tr.head.Workspace, Verb: "member.role_set", Object: rbac.OnMember(id.Member{UUID: id.New()}),
			Actor: rbac.User(id.Account(who)), At: noon.Add(time.Duration(i) * time.Second), After: person{"developer", "mo@example.com"},
		}))
	}
	done, err := tr.service().Erase(t.Context(), operator, audit.Erase{Workspace: tr.head.Workspace, Account: "u-gone"})
	require.NoError(t, err)
	require.Equal(t, 3, done.Events)
	_, err = tr.service().Verify(t.Context(), admin, tr.head.Workspace)
	require.NoError(t, err)
	return tr
}

// What somebody who can write to the database does with an erasure shows.
func TestVerifyHoldsErasuresToTheirWord(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		tamper func(*trail)
		seq    uint64
		what   string
	}{
		"one more lost its data":   {func(t *trail) { t.events[2].Personal = []byte(`{"actor":"u-admin"}`) }, 3, "personal data edited"},
		"one more claims the same": {func(t *trail) { t.events[2].Erasure = 7 }, 3, "personal data edited"},
		"another actor is put in": {func(t *trail) {
			e := &t.events[3]
			e.Actor, e.Personal = "u-mallory", []byte(strings.ReplaceAll(string(e.Personal), e.Actor, "u-mallory"))
		}, 4, "personal data edited"},
		"only the column is changed": {func(t *trail) { t.events[3].Actor = "u-mallory" }, 4, "personal data edited"},
		"the rest is dropped":        {func(t *trail) { t.events[3].Personal = nil }, 4, "personal data missing"},
		"what was left of another":   {func(t *trail) { t.events[1].Personal, t.events[1].Salt = t.events[3].Personal, t.events[3].Salt }, 2, "personal data edited"},
		"it points nowhere":          {func(t *trail) { t.events[3].Erasure = 70 }, 4, "personal data edited"},
		"it points to another event": {func(t *trail) { t.events[3].Erasure = 6 }, 4, "personal data edited"},
		"the erasure is edited": {func(t *trail) {
			t.events[6].Data = []byte(strings.Replace(string(t.events[6].Data), `"seq":2`, `"seq":3`, 1))
		}, 2, "personal data edited"},
		"the erasure is gone": {func(t *trail) { t.events = t.events[:6] }, 2, "personal data edited"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tr := erased(t)
			c.tamper(tr)
			broken := tr.broken(t)
			require.Equal(t, c.seq, broken.Seq)
			require.Equal(t, c.what, broken.What)
		})
	}

	t.Run("what was erased is there again", func(t *testing.T) {
		t.Parallel()
		tr := newTrail(rbac.WorkspaceAdmin)
		tr.fill(t, 3)
		kept := slices.Clone(tr.events)
		_, err := tr.service().Erase(t.Context(), operator, audit.Erase{Workspace: tr.head.Workspace, Account: "u-owner"})
		require.NoError(t, err)
		tr.events[1] = kept[1]
		broken := tr.broken(t)
		require.EqualValues(t, 2, broken.Seq)
		require.Equal(t, "erasure undone", broken.What)
	})
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
