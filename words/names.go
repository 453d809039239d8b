package words

import (
	"time"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/workspace"
)

// Role returns the name of a role; the code of a role that has none.
func (w *Words) Role(r rbac.Role) string { return w.name("role", string(r)) }

// Permission returns what a permission allows, by its name, such as
// "member.invite"; the name itself if nothing is said of it. A built-in permission
// tells its name by rbac.Permission.Name, a host's own by rbac.Matrix.Name.
func (w *Words) Permission(name string) string { return w.name("permission", name) }

// WorkspaceKind returns the name of a kind of workspace.
func (w *Words) WorkspaceKind(k workspace.Kind) string { return w.name("workspace_kind", k.String()) }

// WorkspaceStatus returns the name of a workspace's status.
func (w *Words) WorkspaceStatus(s workspace.Status) string {
	return w.name("workspace_status", s.String())
}

// MemberStatus returns the name of a member's or invitation's status.
func (w *Words) MemberStatus(s member.Status) string { return w.name("member_status", string(s)) }

// MemberAction returns the name of an action: what a button says.
func (w *Words) MemberAction(a member.Action) string { return w.name("member_action", string(a)) }

// LinkStatus returns the name of a link's status.
func (w *Words) LinkStatus(s member.LinkStatus) string { return w.name("link_status", string(s)) }

// LinkAction returns the name of an action upon a link: what a button says.
func (w *Words) LinkAction(a member.LinkAction) string { return w.name("link_action", string(a)) }

// TokenState returns what an invitation's link is good for.
func (w *Words) TokenState(s member.TokenState) string { return w.name("token_state", string(s)) }

// MiniProgramStatus returns the name of a mini program's status.
func (w *Words) MiniProgramStatus(s miniprogram.Status) string {
	return w.name("mini_program_status", string(s))
}

// VersionStatus returns the name of a version's status.
func (w *Words) VersionStatus(s miniprogram.VersionStatus) string {
	return w.name("version_status", string(s))
}

// VersionMove returns the name of a move of a version: what a button says.
func (w *Words) VersionMove(m miniprogram.Move) string { return w.name("version_move", string(m)) }

// RequestKind returns the name of a kind of request.
func (w *Words) RequestKind(k approval.Kind) string { return w.name("request_kind", string(k)) }

// RequestStatus returns the name of a request's status.
func (w *Words) RequestStatus(s approval.Status) string { return w.name("request_status", string(s)) }

// Time returns a moment as the language writes it, to the minute, in the moment's
// own location.
func (w *Words) Time(t time.Time) string { return t.Format(w.texts["format.time"]) }

// Date returns a day as the language writes it, in the moment's own location.
func (w *Words) Date(t time.Time) string { return t.Format(w.texts["format.date"]) }
