package member_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/superapptest"
)

// reviewer is an invitee who can be invited to a tenant.
func reviewer(handle string) member.Invite {
	return member.Invite{Email: handle + "@people.example", Name: handle, Role: rbac.WorkspaceReviewer}
}

func TestInviteAll(t *testing.T) {
	t.Parallel()

	t.Run("everybody is invited, in order", func(t *testing.T) {
		t.Parallel()
		k := kit(t, nil)
		var in []member.Invite
		for i := range 10 {
			in = append(in, reviewer(fmt.Sprintf("rev-%d", i)))
		}
		in[3].Workspace = k.Tenant // naming the batch's own workspace is allowed
		verdicts, tokens, err := k.Members.InviteAll(t.Context(), tenantAdmin, member.InviteAll{Workspace: k.Tenant, Invitees: in})
		require.NoError(t, err)
		require.Len(t, verdicts, 10)
		require.Len(t, tokens, 10)
		for i, v := range verdicts {
			require.NoError(t, v.Err)
			require.Equal(t, in[i].Name, v.Member.Name)
			require.Equal(t, v.Member, get(t, k, v.Member.ID).Member)
			require.Equal(t, k.Tenant, v.Member.Workspace)
			m, err := k.Members.Accept(t.Context(), tokens[i], superapptest.Person(in[i].Name))
			require.NoError(t, err)
			require.Equal(t, v.Member.ID, m.ID)
		}
	})

	// bad are invitees who cannot be invited, and why.
	k := kit(t, nil)
	invited, _ := k.Invite(rbac.WorkspaceReviewer, "already")
	bad := []struct {
		name string
		in   member.Invite
		want error
	}{
		{"no e-mail", member.Invite{Name: "x", Role: rbac.WorkspaceReviewer}, fault.ErrInput},
		{"no name", member.Invite{Email: "x@people.example", Role: rbac.WorkspaceReviewer}, fault.ErrInput},
		{"unknown role", member.Invite{Email: "x@people.example", Name: "x", Role: "emperor"}, fault.ErrInput},
		{"a role of another kind of workspace", member.Invite{Email: "x@people.example", Name: "x", Role: rbac.Operator}, fault.ErrInput},
		{"no mini program", member.Invite{Email: "x@people.example", Name: "x", Role: rbac.WorkspaceDeveloper}, fault.ErrInput},
		{"another workspace", member.Invite{Workspace: k.Merchant, Email: "x@people.example", Name: "x", Role: rbac.WorkspaceReviewer}, fault.ErrInput},
		{"a member", member.Invite{Email: superapptest.Email(rbac.WorkspaceAdmin), Name: "x", Role: rbac.WorkspaceReviewer}, member.ErrPresent},
		{"somebody invited", member.Invite{Email: invited.Email, Name: "x", Role: rbac.WorkspaceReviewer}, member.ErrPresent},
	}

	t.Run("one bad invitee and nobody is invited", func(t *testing.T) {
		before := all(t, k)
		for _, b := range bad {
			in := []member.Invite{reviewer("good"), b.in, reviewer("fine")}
			verdicts, tokens, err := k.Members.InviteAll(t.Context(), tenantAdmin, member.InviteAll{Workspace: k.Tenant, Invitees: in})
			require.Nil(t, verdicts)
			require.Nil(t, tokens)
			var batch *member.BatchError
			require.ErrorAs(t, err, &batch, b.name)
			require.ErrorIs(t, err, member.ErrBatch)
			require.Equal(t, "member.batch", fault.CodeOf(err))
			require.Len(t, batch.Verdicts, 3)
			require.NoError(t, batch.Verdicts[0].Err)
			require.ErrorIs(t, batch.Verdicts[1].Err, b.want, b.name)
			require.NoError(t, batch.Verdicts[2].Err)
			for _, v := range batch.Verdicts {
				require.Zero(t, v.Member, "nobody has a record")
			}
			require.ErrorContains(t, err, "invitee 2: ")
			require.NotContains(t, err.Error(), "invitee 1")
			require.NotContains(t, err.Error(), "@people")
			require.Equal(t, before, all(t, k))
		}
	})

	t.Run("best effort invites whoever can be", func(t *testing.T) {
		var in []member.Invite
		for _, b := range bad {
			in = append(in, b.in)
		}
		in = append(in, reviewer("good"), reviewer("fine"))
		verdicts, tokens, err := k.Members.InviteAll(t.Context(), tenantAdmin, member.InviteAll{Workspace: k.Tenant, Invitees: in, BestEffort: true})
		require.NoError(t, err)
		require.Len(t, verdicts, len(in))
		require.Len(t, tokens, len(in))
		for i, b := range bad {
			require.ErrorIs(t, verdicts[i].Err, b.want, b.name)
			require.Zero(t, verdicts[i].Member)
			require.Empty(t, tokens[i].Reveal(), "no token for whoever was not invited")
		}
		for i, handle := range []string{"good", "fine"} {
			i += len(bad)
			require.NoError(t, verdicts[i].Err)
			m, err := k.Members.Accept(t.Context(), tokens[i], superapptest.Person(handle))
			require.NoError(t, err)
			require.Equal(t, verdicts[i].Member.ID, m.ID)
		}
	})

	t.Run("best effort with nobody left changes nothing", func(t *testing.T) {
		before := all(t, k)
		verdicts, _, err := k.Members.InviteAll(t.Context(), tenantAdmin, member.InviteAll{
			Workspace: k.Tenant, Invitees: []member.Invite{bad[0].in, bad[1].in}, BestEffort: true,
		})
		require.NoError(t, err)
		require.Error(t, verdicts[0].Err)
		require.Error(t, verdicts[1].Err)
		require.Equal(t, before, all(t, k))
	})
}

func TestBatchSize(t *testing.T) {
	t.Parallel()
	k, small := kit(t, nil), kit(t, &member.Options{MaxBatch: 2})
	for _, tt := range []struct {
		name string
		k    *superapptest.Kit
		n    int
		done bool
	}{
		{"nobody is refused", k, 0, false},
		{"ten are done", k, 10, true},
		{"eleven are refused", k, 11, false},
		{"two of at most two are done", small, 2, true},
		{"three of at most two are refused", small, 3, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, bestEffort := range []bool{false, true} {
				var in []member.Invite
				for i := range tt.n {
					in = append(in, reviewer(fmt.Sprintf("rev-%d-%t", i, bestEffort)))
				}
				before := all(t, tt.k)
				verdicts, tokens, err := tt.k.Members.InviteAll(t.Context(), tenantAdmin, member.InviteAll{Workspace: tt.k.Tenant, Invitees: in, BestEffort: bestEffort})
				if tt.done {
					require.NoError(t, err)
					require.Len(t, verdicts, tt.n)
					require.Len(t, tokens, tt.n)
					continue
				}
				if tt.n == 0 {
					requireProblem(t, err, "invitees", "required")
				} else {
					require.ErrorIs(t, err, member.ErrBatchSize)
					require.ErrorIs(t, err, fault.ErrLimit)
					require.ErrorContains(t, err, fmt.Sprintf("got %d", tt.n))
				}
				require.Nil(t, verdicts)
				require.Nil(t, tokens)
				require.Equal(t, before, all(t, tt.k))
			}
		})
	}
}

// TestBatchDuplicates: the same person twice in a batch is a conflict with
// himself, in whatever form his address is written (M6).
func TestBatchDuplicates(t *testing.T) {
	t.Parallel()
	k := kit(t, nil)
	for i, tt := range []struct{ name, first, second string }{
		{"the same", "twin%d@people.example", "twin%d@people.example"},
		{"another case", "twin%d@people.example", "TWIN%d@People.Example"},
		{"white space", "twin%d@people.example", "  twin%d@people.example\t"},
		{"full width", "twin%d@people.example", "ｔｗｉｎ%d@ｐｅｏｐｌｅ.example"},
		{"an international domain", "twin%d@bücher.example", "twin%d@xn--bcher-kva.example"},
		{"its other case", "twin%d@xn--bcher-kva.example", "Twin%d@BÜCHER.example"},
	} {
		t.Run(tt.name+" is a conflict", func(t *testing.T) {
			in := []member.Invite{reviewer("x"), reviewer("y")}
			in[0].Email, in[1].Email = fmt.Sprintf(tt.first, i), fmt.Sprintf(tt.second, i)
			batch := member.InviteAll{Workspace: k.Tenant, Invitees: in}

			before := all(t, k)
			_, _, err := k.Members.InviteAll(t.Context(), tenantAdmin, batch)
			refused, ok := errorAs[*member.BatchError](err)
			require.True(t, ok, "err = %v", err)
			require.NoError(t, refused.Verdicts[0].Err)
			require.ErrorIs(t, refused.Verdicts[1].Err, member.ErrPresent)
			require.Equal(t, before, all(t, k))

			batch.BestEffort = true
			verdicts, tokens, err := k.Members.InviteAll(t.Context(), tenantAdmin, batch)
			require.NoError(t, err)
			require.NoError(t, verdicts[0].Err)
			require.NotEmpty(t, tokens[0].Reveal())
			present, ok := errorAs[*member.PresentError](verdicts[1].Err)
			require.True(t, ok)
			require.Equal(t, member.StatusSent, present.Status)
			require.Equal(t, verdicts[0].Member.ID, present.Member)
			require.Empty(t, tokens[1].Reveal())
		})
	}
}

// TestSentIsFixed: what was sent cannot be edited (M1).
func TestSentIsFixed(t *testing.T) {
	t.Parallel()
	k := kit(t, nil)
	sent, _ := k.Invite(rbac.WorkspaceReviewer, "rev")
	before := all(t, k)

	again := reviewer("rev")
	again.Workspace, again.Name, again.Role = k.Tenant, "Other Name", rbac.WorkspaceOperator
	_, _, err := k.Members.Invite(t.Context(), tenantAdmin, again)
	require.ErrorIs(t, err, member.ErrPresent)
	_, err = k.Members.SetRole(t.Context(), tenantAdmin, sent.ID, member.SetRole{Role: rbac.WorkspaceOperator})
	require.ErrorIs(t, err, member.ErrState)
	require.Equal(t, before, all(t, k))

	resent, _, err := k.Members.Resend(t.Context(), tenantAdmin, sent.ID)
	require.NoError(t, err)
	resent.Invitation = sent.Invitation
	require.Equal(t, sent, resent, "sending again changes the sending alone")
}

// TestCallerKeepsHisSlices: what a caller does with his slices afterwards, and
// with what he got back, does not reach the store.
func TestCallerKeepsHisSlices(t *testing.T) {
	t.Parallel()
	k := kit(t, nil)
	programs := []id.MiniProgram{k.Shop, k.App}
	in := reviewer("rev")
	in.Workspace, in.MiniPrograms = k.Tenant, programs
	m, _, err := k.Members.Invite(t.Context(), tenantAdmin, in)
	require.NoError(t, err)
	require.Equal(t, []id.MiniProgram{k.Shop, k.App}, programs, "the order in the caller's slice stays")
	want := get(t, k, m.ID)
	m.Programs[0].MiniProgram, programs[1] = id.MiniProgram{}, id.MiniProgram{}
	require.Equal(t, want, get(t, k, m.ID))
}
