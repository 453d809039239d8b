package audit_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
)

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

// An erasure that somebody made up ends a Verify, whatever it names.
func TestVerifyEndsAtForgedErasures(t *testing.T) {
	t.Parallel()
	for name, seqs := range map[string][]uint64{
		"of no event": {0}, "of an event to come": {203}, "of itself": {202}, "out of order": {3, 2}, "twice the same": {2, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tr := newTrail(rbac.WorkspaceAdmin)
			tr.fill(t, 201)
			var forged audit.Erasure
			for _, seq := range seqs {
				forged.Events = append(forged.Events, audit.Redaction{Seq: seq})
			}
			require.NoError(t, audit.Append(t.Context(), tr, audit.Entry{
				Workspace: tr.head.Workspace, Verb: audit.EventErased, Object: rbac.OnWorkspace(tr.head.Workspace), Actor: admin,
				At: noon.Add(time.Hour), After: forged,
			}))
			tr.fill(t, 300)
			tr.events = slices.Delete(tr.events, 202, 203) // that of place 203
			broken := tr.broken(t)
			require.EqualValues(t, 202, broken.Seq)
			require.Equal(t, "edited", broken.What)
		})
	}
}
