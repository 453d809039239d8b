package miniprogram

import (
	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/rbac"
)

// An Action is something that may be done with a mini program: what a console
// shows as a button. What may be done with one of its versions is a [Move].
type Action string

// The actions.
const (
	ActionView              Action = "view"
	ActionEdit              Action = "edit"
	ActionViewVersions      Action = "view_versions"
	ActionUpload            Action = "upload_version"
	ActionViewTeam          Action = "view_team"
	ActionManageTeam        Action = "manage_team"
	ActionViewFeatures      Action = "view_features"
	ActionAttachFeature     Action = "attach_feature"
	ActionViewQRCodes       Action = "view_qr_codes"
	ActionDefineQRCode      Action = "define_qr_code"
	ActionViewConfiguration Action = "view_configuration"
	ActionConfigure         Action = "configure"
	ActionTakeOffline       Action = "take_offline"
	ActionBringBack         Action = "bring_back"
	ActionRequestRemoval    Action = "request_removal"
	ActionRemove            Action = "remove"
	ActionForceRemove       Action = "force_remove"
	ActionWarn              Action = "warn"
	ActionRectify           Action = "require_rectification"
)

// actions says for each action the permission that it takes, and the state.
var actions = []struct {
	action     Action
	permission rbac.Permission
	// archived actions stay open once the mini program is removed.
	archived bool
	// refused returns why the state does not allow it; nil for no more than that.
	refused func(Dossier, rbac.Facts) error
	// whole says that refused needs more of the dossier than the mini program.
	whole bool
}{
	{action: ActionView, permission: rbac.ViewMiniProgram, archived: true},
	{action: ActionEdit, permission: rbac.EditMiniProgram},
	{action: ActionViewVersions, permission: rbac.ViewVersion, archived: true},
	{action: ActionUpload, permission: rbac.UploadVersion},
	{action: ActionViewTeam, permission: rbac.ViewTeam, archived: true},
	{action: ActionManageTeam, permission: rbac.ManageTeam},
	{action: ActionViewFeatures, permission: rbac.ViewFeature, archived: true},
	{action: ActionAttachFeature, permission: rbac.AttachFeature},
	{action: ActionViewQRCodes, permission: rbac.ViewQRCode, archived: true},
	{action: ActionDefineQRCode, permission: rbac.ManageQRCode},
	{action: ActionViewConfiguration, permission: rbac.ViewConfiguration, archived: true},
	{action: ActionConfigure, permission: rbac.EditConfiguration},
	{action: ActionTakeOffline, permission: rbac.OfflineMiniProgram, refused: func(d Dossier, _ rbac.Facts) error { return d.mayTakeOffline() }},
	{action: ActionBringBack, permission: rbac.OfflineMiniProgram, refused: Dossier.mayBringBack, whole: true},
	{action: ActionRequestRemoval, permission: rbac.RemoveMiniProgram, refused: Dossier.mayRequestRemoval, whole: true},
	{action: ActionRemove, permission: rbac.RemoveMiniProgram, refused: func(d Dossier, _ rbac.Facts) error { return d.mayRemove() }, whole: true},
	{action: ActionForceRemove, permission: rbac.ForceRemoveMiniProgram},
	{action: ActionWarn, permission: rbac.ForceRemoveMiniProgram},
	{action: ActionRectify, permission: rbac.ForceRemoveMiniProgram},
}

// mayRequestRemoval returns why the removal is not to be asked for: it was.
func (d Dossier) mayRequestRemoval(rbac.Facts) error {
	on := rbac.OnMiniProgram(d.MiniProgram.ID)
	if _, approved := d.request(approval.Removal, on, approval.Approved); approved {
		return ErrRemovalApproved
	}
	if _, open := d.inReview(approval.Removal, on); open {
		return approval.ErrOpen
	}
	return nil
}

// details returns what a list shows of a mini program, or its page, for which the
// dossier is whole.
func (s *Service) details(d Dossier, whole bool, actor rbac.Actor, f rbac.Facts) Details {
	shown := Details{MiniProgram: d.MiniProgram}
	for _, x := range actions {
		switch {
		case d.MiniProgram.Status == Archived && !x.archived, x.whole && !whole:
		case !s.env.Matrix.Decide(actor, f, x.permission).Allowed:
		case x.refused != nil && x.refused(d, f) != nil:
		default:
			shown.Actions = append(shown.Actions, x.action)
		}
	}
	return shown
}
