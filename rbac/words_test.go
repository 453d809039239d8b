package rbac_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/rbac"
)

func TestDecisionString(t *testing.T) {
	t.Parallel()
	with := func(f rbac.Facts, change func(*rbac.Facts)) rbac.Facts { change(&f); return f }
	developer := onMerchantProgram(rbac.Developer, rbac.MiniProgramDeveloper, true)
	stranger := with(developer, func(f *rbac.Facts) { f.Home, f.Team = rbac.Membership{}, 0 })
	above := func(role rbac.Role) rbac.Facts {
		return with(stranger, func(f *rbac.Facts) { f.Above = rbac.Membership{Presence: rbac.Active, Role: role.Key()} })
	}
	someone := rbac.User("u-42")
	for _, c := range []struct {
		name       string
		actor      rbac.Actor
		facts      rbac.Facts
		permission rbac.Permission
		want       string
	}{
		{"by role", someone, developer, rbac.UploadVersion,
			"version.upload allowed: role developer grants it on assigned mini programs"},
		{"by role, all of it", someone, onMerchantProgram(rbac.DeveloperAdmin, "", false), rbac.InviteMember,
			"member.invite allowed: role developer_admin grants it in the whole workspace"},
		{"by role, own", someone, with(developer, func(f *rbac.Facts) { f.Own = true }), rbac.OwnApproval,
			"approval.own allowed: role developer grants it on what the caller created"},
		{"by team", someone, onMerchantProgram(rbac.Developer, rbac.MiniProgramAdmin, true), rbac.SubmitVersion,
			"version.submit allowed: team role mini_program_admin grants it on this mini program"},
		{"by tenant", someone, above(rbac.WorkspaceAdmin), rbac.ViewMiniProgram,
			"miniprogram.view allowed: tenant role workspace_admin grants it in the whole tenant"},
		{"system", rbac.System("job"), developer, rbac.ReleaseVersion,
			"version.release allowed: the platform operator holds every permission"},
		{"role lacks it", someone, developer, rbac.BlockMember,
			"member.block denied: the roles developer, mini_program_developer do not grant it; give the member the role developer_admin"},
		{"single role lacks it", someone, onMerchantProgram(rbac.Developer, "", false), rbac.BlockMember,
			"member.block denied: the role developer does not grant it; give the member the role developer_admin"},
		{"out of scope", someone, onMerchantProgram(rbac.Operator, "", false), rbac.ViewMiniProgram,
			"miniprogram.view denied: the role operator grants it on assigned mini programs, not here; assign the mini program to the member"},
		{"tenant's scope ends at its own", someone, above(rbac.WorkspaceAdmin), rbac.SubmitVersion,
			"version.submit denied: the role workspace_admin grants it in the whole workspace, not here; have the caller join the developer workspace as developer_admin"},
		{"stranger", someone, stranger, rbac.UploadVersion,
			"version.upload denied: not a member of the workspace or its tenant, or no such object; have the caller join the object's workspace, if there is one, with a role that grants it"},
		{"no such object", someone, rbac.Facts{}, rbac.UploadVersion,
			"version.upload denied: not a member of the workspace or its tenant, or no such object; have the caller join the object's workspace, if there is one, with a role that grants it"},
		{"no such object for the system", rbac.System("job"), rbac.Facts{}, rbac.UploadVersion,
			"version.upload denied: no such object"},
		{"blocked", someone, with(developer, func(f *rbac.Facts) { f.Home.Presence = rbac.Blocked }), rbac.UploadVersion,
			"version.upload denied: the member is blocked; unblock the member"},
		{"blocked here, active above", someone, with(above(rbac.WorkspaceReviewer), func(f *rbac.Facts) {
			f.Home = developer.Home
			f.Home.Presence = rbac.Blocked
		}), rbac.UploadVersion,
			"version.upload denied: the member is blocked; unblock the member"},
		{"workspace disabled", someone, with(developer, func(f *rbac.Facts) { f.OwnerStatus = rbac.Disabled }), rbac.UploadVersion,
			"version.upload denied: the developer workspace is disabled; have the platform operator set the developer workspace to verified"},
		{"tenant pending, and the role is short of it", someone, with(developer, func(f *rbac.Facts) { f.TenantStatus = rbac.Pending }), rbac.SubmitVersion,
			"version.submit denied: the tenant workspace is pending_verification; have the platform operator set the tenant workspace to verified, " +
				"then make the member mini_program_admin on its team"},
		{"tenant removed", rbac.System("job"), with(developer, func(f *rbac.Facts) { f.TenantStatus = rbac.Removed }), rbac.SubmitVersion,
			"version.submit denied: the tenant workspace is removed; no change of role or status would allow it"},
		{"no role at all", someone, onMerchantProgram("", "", false), rbac.InviteMember,
			"member.invite denied: no role is held; give the member the role developer_admin"},
		{"unknown permission", someone, developer, rbac.FirstHostPermission,
			"permission(64) denied: the matrix has no such permission"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, rbac.BuiltIn().Decide(c.actor, c.facts, c.permission).String())
		})
	}

	t.Run("zero", func(t *testing.T) {
		t.Parallel()
		require.Equal(t, "nothing decided", rbac.Decision{}.String())
	})
}

// What a stranger reads must not tell whether the object exists (S4).
func TestStrangerLearnsNothing(t *testing.T) {
	t.Parallel()
	m := rbac.BuiltIn()
	for f := range everyFacts {
		if f.Home.Presence != rbac.Absent || f.Above.Presence != rbac.Absent {
			continue
		}
		for _, p := range m.Permissions() {
			there, nowhere := m.Decide(rbac.User("u-42"), f, p), m.Decide(rbac.User("u-42"), rbac.Facts{}, p)
			require.Equal(t, nowhere.Reason, there.Reason)
			require.Equal(t, nowhere.String(), there.String())
			require.Equal(t, nowhere.Remedy().String(), there.Remedy().String())
		}
	}
}
