package rbac_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
)

// Names are stored and sent: they must read back, and never change.
func TestNamesRoundTrip(t *testing.T) {
	t.Parallel()

	t.Run("permissions", func(t *testing.T) {
		t.Parallel()
		m := host(t)
		for _, p := range m.Permissions() {
			got, err := m.ParsePermission(m.Name(p))
			require.NoError(t, err)
			require.Equal(t, p, got)
			got, err = rbac.ParsePermission(p.String())
			require.Equal(t, p < rbac.FirstHostPermission, err == nil, "the host's own are in its matrix only")
			if err == nil {
				require.Equal(t, p, got)
				require.Equal(t, p.Name(), p.String())
			}
		}
		require.Equal(t, "permission(64)", rbac.FirstHostPermission.String())
		require.Empty(t, rbac.Permission(200).Name())
	})

	t.Run("roles", func(t *testing.T) {
		t.Parallel()
		for i, info := range rbac.Roles() {
			got, err := rbac.ParseRole(string(info.Role))
			require.NoError(t, err)
			require.Equal(t, info.Role, got)
			require.Equal(t, rbac.RoleKey(i+1), got.Key())
			require.Equal(t, got, got.Key().Role())
			known, ok := got.Info()
			require.True(t, ok)
			require.Equal(t, info, known)
		}
		require.Empty(t, rbac.RoleKey(0).Role())
		require.Empty(t, rbac.RoleKey(99).Role())
	})

	t.Run("scopes", func(t *testing.T) {
		t.Parallel()
		require.Equal(t, "- own assigned workspace tenant ?", words(rbac.None, rbac.InTenant+1))
		for s := rbac.None; s <= rbac.InTenant; s++ {
			got, err := rbac.ParseScope(s.String())
			require.NoError(t, err)
			require.Equal(t, s, got)
		}
	})

	t.Run("statuses", func(t *testing.T) {
		t.Parallel()
		require.Equal(t, "pending_verification verified rejected disabled removed ?", words(rbac.Pending, rbac.Removed+1))
		for s := rbac.Pending; s <= rbac.Removed; s++ {
			text, err := s.MarshalText()
			require.NoError(t, err)
			var got rbac.WorkspaceStatus
			require.NoError(t, got.UnmarshalText(text))
			require.Equal(t, s, got)
		}
	})

	t.Run("reasons", func(t *testing.T) {
		t.Parallel()
		require.Equal(t, "role tenant_role team_role system no_membership member_blocked workspace_state role_lacks_it out_of_scope ?",
			words(rbac.GrantedByRole, rbac.OutOfScope+1))
		for r := rbac.GrantedByRole; r <= rbac.OutOfScope; r++ {
			got, err := rbac.ParseReason(r.String())
			require.NoError(t, err)
			require.Equal(t, r, got)
		}
	})

	t.Run("others", func(t *testing.T) {
		t.Parallel()
		require.Equal(t, "nothing present enabled verified ?", words(rbac.NeedNothing, rbac.NeedVerified+1))
		require.Equal(t, "set_status unblock set_role join assign join_team ?", words(rbac.StepSetStatus, rbac.StepJoinTeam+1))
		require.Equal(t, "nothing workspace mini_program member version qr_code request feature jsapi role link nothing", words(rbac.Kind(0), rbac.KindLink+1))
	})
}

func words[T interface {
	~uint8
	fmt.Stringer
}](from, to T) string {
	var all []string
	for v := from; v <= to; v++ {
		all = append(all, v.String())
	}
	return strings.Join(all, " ")
}

func TestUnknownNames(t *testing.T) {
	t.Parallel()
	permission := func(s string) error { _, err := rbac.ParsePermission(s); return err }
	role := func(s string) error { _, err := rbac.ParseRole(s); return err }
	for _, c := range []struct {
		name  string
		parse func(string) error
		given string
		is    error
		text  string
	}{
		{"near permission", permission, "version.uplaod", rbac.ErrPermission, `unknown permission "version.uplaod": did you mean version.upload`},
		{"case counts", permission, "Member.View", rbac.ErrPermission, `unknown permission "Member.View": did you mean member.view`},
		{"far permission", permission, "fly", rbac.ErrPermission, `unknown permission "fly": docs/matrix.md lists the built-in ones`},
		{"no permission", permission, "", rbac.ErrPermission, `unknown permission "": docs/matrix.md lists the built-in ones`},
		{"long permission", permission, strings.Repeat("x", 1<<20), rbac.ErrPermission,
			`unknown permission "` + strings.Repeat("x", 64) + `"...: docs/matrix.md lists the built-in ones`},
		{"control characters", permission, "a\x00\n\xff", rbac.ErrPermission, `unknown permission "a\x00\n\xff": docs/matrix.md lists the built-in ones`},
		{"near role", role, "developr", rbac.ErrRole, `unknown role "developr": did you mean developer`},
		{"far role", role, "boss", rbac.ErrRole, `unknown role "boss": want workspace_admin, workspace_reviewer, workspace_developer, ` +
			`workspace_operator, mini_program_inspector, developer_admin, developer, operator, mini_program_admin or mini_program_developer`},
		{"unknown scope", func(s string) error { _, err := rbac.ParseScope(s); return err }, "galaxy", rbac.ErrScope,
			"unknown scope: want -, own, assigned, workspace or tenant"},
		{"unknown status", func(s string) error { return new(rbac.WorkspaceStatus).UnmarshalText([]byte(s)) }, "", rbac.ErrStatus,
			"unknown workspace status: want pending_verification, verified, rejected, disabled or removed"},
		{"unknown reason", func(s string) error { _, err := rbac.ParseReason(s); return err }, "", rbac.ErrReason,
			"unknown reason of a decision"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			err := c.parse(c.given)
			require.ErrorIs(t, err, c.is)
			require.EqualError(t, err, c.text)
		})
	}
}

func TestObjectsNameTheirKind(t *testing.T) {
	t.Parallel()
	u := id.UUID{7}
	for _, o := range []rbac.Object{rbac.OnWorkspace(id.Workspace{UUID: u}), rbac.OnMiniProgram(id.MiniProgram{UUID: u}),
		rbac.OnMember(id.Member{UUID: u}), rbac.OnVersion(id.Version{UUID: u}), rbac.OnQRCode(id.QRCode{UUID: u})} {
		require.Equal(t, u, o.ID)
		require.NotEqual(t, "nothing", o.Kind.String())
	}
}

func TestActor(t *testing.T) {
	t.Parallel()
	a := rbac.User("u-42").OnBehalfOf("u-7").WithRequest("req-1")
	require.Equal(t, id.Account("u-42"), a.Account())
	require.Equal(t, id.Account("u-7"), a.Behalf())
	require.Equal(t, "req-1", a.Request())
	require.NoError(t, a.Validate())

	job := rbac.System("nightly-job")
	require.True(t, job.IsSystem())
	require.Empty(t, job.Account(), "the system has no account that could have a membership")
	require.Equal(t, "nightly-job", job.Name())
	require.NoError(t, job.Validate())

	require.Error(t, rbac.User("").Validate())
	require.Error(t, rbac.User("u-42").OnBehalfOf(id.Account(strings.Repeat("x", 256))).Validate())
}
