package workspace

import "github.com/superapp-go/superapp/rbac"

// An Action is something that may be done with a workspace: what a console
// shows as a button.
type Action string

// The actions.
const (
	ActionView              Action = "view"
	ActionViewAdmins        Action = "view_admins"
	ActionViewMembers       Action = "view_members"
	ActionInvite            Action = "invite"
	ActionCreateMiniProgram Action = "create_mini_program"
	ActionOpenDeveloper     Action = "open_developer_workspace"
	ActionRequestChange     Action = "request_change"
	ActionManageSettings    Action = "manage_settings"
	ActionSetStatus         Action = "set_status"
	ActionRemove            Action = "remove"
)

var actions = []struct {
	action     Action
	permission rbac.Permission
	kind       Kind // zero: both
}{
	{ActionView, rbac.ViewWorkspace, 0},
	{ActionView, rbac.ViewDeveloperWorkspace, Developer},
	{ActionViewAdmins, rbac.ViewWorkspaceAdmins, 0},
	{ActionViewMembers, rbac.ViewMember, 0},
	{ActionInvite, rbac.InviteMember, 0},
	{ActionCreateMiniProgram, rbac.CreateMiniProgram, 0},
	{ActionOpenDeveloper, rbac.CreateDeveloperWorkspace, Tenant},
	{ActionRequestChange, rbac.RequestWorkspaceChange, 0},
	{ActionManageSettings, rbac.ManageWorkspaceSettings, 0},
	{ActionRemove, rbac.RemoveDeveloperWorkspace, Developer},
}

// openActions lists what the actor may do with the workspace. Removal is open to
// whoever has the right; whether its guard lets it through is not looked up.
func openActions(m *rbac.Matrix, a rbac.Actor, f rbac.Facts, k Kind) []Action {
	var open []Action
	for _, x := range actions {
		if x.kind != 0 && x.kind != k || len(open) > 0 && open[len(open)-1] == x.action {
			continue
		}
		if x.action == ActionOpenDeveloper && f.TenantStatus != Verified {
			continue // the rule of state beside the right (W1)
		}
		if m.Decide(a, f, x.permission).Allowed {
			open = append(open, x.action)
		}
	}
	if a.IsSystem() && f.OwnerStatus != Removed {
		open = append(open, ActionSetStatus)
	}
	return open
}
