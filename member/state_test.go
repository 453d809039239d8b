package member_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/workspace"
)

// The actions, in the order of the table of M3.
var actions = []member.Action{
	member.ActionAccept, member.ActionResend, member.ActionWithdraw, member.ActionBlock,
	member.ActionUnblock, member.ActionSetRole, member.ActionDelete, member.ActionLeave,
}

// openIn is the table of M3.
var openIn = map[member.Status][]member.Action{
	member.StatusSent:      {member.ActionAccept, member.ActionResend, member.ActionWithdraw},
	member.StatusExpired:   {member.ActionResend, member.ActionWithdraw},
	member.StatusActive:    {member.ActionBlock, member.ActionSetRole, member.ActionDelete, member.ActionLeave},
	member.StatusInactive:  {member.ActionUnblock, member.ActionSetRole, member.ActionDelete},
	member.StatusWithdrawn: nil,
	member.StatusDeleted:   nil,
}

// act takes an action upon a member as he stands: his role is set to the one he
// has.
func act(t *testing.T, p *superapp.Platform, by rbac.Actor, e entry, a member.Action) error {
	ctx, s := t.Context(), p.Members
	var err error
	switch a {
	case member.ActionAccept:
		_, err = s.Accept(ctx, e.Token, superapptest.Person("dee"))
	case member.ActionResend:
		_, _, err = s.Resend(ctx, by, e.ID)
	case member.ActionWithdraw:
		_, err = s.Withdraw(ctx, by, e.ID)
	case member.ActionBlock:
		_, err = s.Block(ctx, by, e.ID, "")
	case member.ActionUnblock:
		_, err = s.Unblock(ctx, by, e.ID)
	case member.ActionSetRole:
		_, err = s.SetRole(ctx, by, e.ID, member.SetRole{Role: e.Role, MiniPrograms: e.Assigned()})
	case member.ActionDelete:
		_, err = s.Delete(ctx, by, e.ID, "")
	case member.ActionLeave:
		_, err = s.Leave(ctx, by, e.Workspace)
	default:
		t.Fatalf("unknown action %q", a)
	}
	return err
}

// TestStates: in every status, every action is open or a state error that names
// the status and the open ones (M3).
func TestStates(t *testing.T) {
	t.Parallel()
	// Who accepts or leaves is told what he needs to know: what became of his
	// invitation, or that he is no member.
	own := map[member.Status]map[member.Action]error{
		member.StatusSent:      {member.ActionLeave: workspace.ErrNotFound},
		member.StatusExpired:   {member.ActionLeave: workspace.ErrNotFound, member.ActionAccept: member.ErrTokenExpired},
		member.StatusActive:    {member.ActionAccept: member.ErrTokenSpent},
		member.StatusInactive:  {member.ActionAccept: member.ErrTokenSpent},
		member.StatusWithdrawn: {member.ActionLeave: workspace.ErrNotFound, member.ActionAccept: member.ErrTokenWithdrawn},
		member.StatusDeleted:   {member.ActionLeave: workspace.ErrNotFound, member.ActionAccept: member.ErrTokenSpent},
	}
	for _, st := range statuses {
		for _, a := range actions {
			verdict := " is refused"
			if slices.Contains(openIn[st], a) {
				verdict = " is open"
			}
			t.Run(string(st)+"/"+string(a)+verdict, func(t *testing.T) {
				t.Parallel()
				k := kit(t, nil)
				e := become(t, k, st)
				require.Equal(t, st, get(t, k, e.ID).Status)
				before := all(t, k)
				by := merchantAdmin
				if a == member.ActionLeave {
					by = rbac.User(superapptest.Person("dee").ID)
				}
				err := act(t, k.Platform, by, e, a)
				if slices.Contains(openIn[st], a) {
					require.NoError(t, err)
					require.NotEqual(t, before, all(t, k))
					return
				}
				require.Equal(t, before, all(t, k), "a refusal changes nothing")
				if want := own[st][a]; want != nil {
					require.ErrorIs(t, err, want)
					return
				}
				var state *member.StateError
				require.ErrorAs(t, err, &state)
				require.Equal(t, &member.StateError{Action: a, Status: st, Open: openIn[st]}, state)
				require.ErrorIs(t, err, member.ErrState)
				require.ErrorIs(t, err, fault.ErrState)
				require.Equal(t, "member.state", fault.CodeOf(err))
				require.ErrorContains(t, err, string(a))
				require.ErrorContains(t, err, string(st))
				for _, o := range openIn[st] {
					require.ErrorContains(t, err, string(o))
				}
				if len(openIn[st]) == 0 {
					require.ErrorContains(t, err, "final")
				}
			})
		}
	}
}

func TestOpenActions(t *testing.T) {
	t.Parallel()
	for _, st := range statuses {
		require.Equal(t, openIn[st], member.OpenActions(st), st)
		if got := member.OpenActions(st); len(got) > 0 {
			got[0] = "changed"
			require.Equal(t, openIn[st], member.OpenActions(st), "what is returned is a copy")
		}
	}
	require.Empty(t, member.OpenActions("emperor"))
}

// TestStatusIsOfTheClock: expired is computed, never written (M2), and exactly
// at the end of the validity (M4).
func TestStatusIsOfTheClock(t *testing.T) {
	t.Parallel()
	end := superapptest.Start
	m := member.Member{State: member.Invited, Invitation: member.Invitation{ExpiresAt: end}}
	for _, tt := range []struct {
		name  string
		state member.State
		now   time.Time
		want  member.Status
	}{
		{"a microsecond before the end", member.Invited, end.Add(-time.Microsecond), member.StatusSent},
		{"at the end", member.Invited, end, member.StatusExpired},
		{"after the end", member.Invited, end.Add(time.Hour), member.StatusExpired},
		{"the same moment elsewhere", member.Invited, end.In(time.FixedZone("", 3600)), member.StatusExpired},
		{"active", member.Active, end.Add(time.Hour), member.StatusActive},
		{"blocked", member.Inactive, end.Add(time.Hour), member.StatusInactive},
		{"withdrawn", member.Withdrawn, end.Add(time.Hour), member.StatusWithdrawn},
		{"deleted", member.Deleted, end.Add(time.Hour), member.StatusDeleted},
	} {
		m.State = tt.state
		require.Equal(t, tt.want, m.Status(tt.now), tt.name)
	}

	k := kit(t, nil)
	e := become(t, k, member.StatusSent)
	before := all(t, k)
	k.Clock.Set(e.Invitation.ExpiresAt)
	require.Equal(t, member.StatusExpired, get(t, k, e.ID).Status)
	require.Equal(t, before, all(t, k))
	k.Clock.Advance(-time.Microsecond)
	require.Equal(t, member.StatusSent, get(t, k, e.ID).Status)
}

// TestFinalIsHidden: withdrawn and deleted are shown to an explicit filter only
// (M2).
func TestFinalIsHidden(t *testing.T) {
	t.Parallel()
	for _, st := range statuses {
		t.Run(string(st), func(t *testing.T) {
			t.Parallel()
			k := kit(t, nil)
			e := become(t, k, st)
			final := st == member.StatusWithdrawn || st == member.StatusDeleted
			shown := func(f member.Filter) bool {
				f.Workspace = k.Merchant
				return slices.Contains(ids(t, k, f), e.ID)
			}
			require.Equal(t, !final, shown(member.Filter{}))
			for _, other := range statuses {
				require.Equal(t, other == st, shown(member.Filter{Statuses: []member.Status{other}}), other)
			}
		})
	}
}

// ids lists the ids that a filter selects.
func ids(t *testing.T, k *superapptest.Kit, f member.Filter) (found []id.Member) {
	t.Helper()
	for _, d := range listAll(t, k, system, f) {
		found = append(found, d.ID)
	}
	return found
}
