package mapstore

import (
	"context"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

// A handle is what the function of a unit gets: the unit, until it ends.
type handle struct{ storage.Tx }

// end lets the unit go. What it wrote may be published by then, and must not
// change any more.
func (h *handle) end() { h.Tx = ended{} }

// ended answers for a unit that has ended.
type ended struct{ storage.UnimplementedTx }

func (ended) Nest(context.Context, unit.Scope, func(context.Context, storage.Tx) error) error {
	return storage.ErrEnded
}
func (ended) Facts(context.Context, rbac.Query) (v rbac.Facts, _ error)  { return v, storage.ErrEnded }
func (ended) Grants(context.Context, id.Account) ([]rbac.Grant, error)   { return nil, storage.ErrEnded }
func (ended) Head(context.Context, id.Workspace) (v audit.Head, _ error) { return v, storage.ErrEnded }
func (ended) Events(context.Context, audit.Query) ([]audit.Event, error) {
	return nil, storage.ErrEnded
}
func (ended) AppendEvent(context.Context, audit.Event) error { return storage.ErrEnded }
func (ended) Workspace(context.Context, id.Workspace) (v workspace.Workspace, _ error) {
	return v, storage.ErrEnded
}
func (ended) Workspaces(context.Context, workspace.Query) ([]workspace.Summary, error) {
	return nil, storage.ErrEnded
}
func (ended) Admins(context.Context, id.Workspace, id.Member, int) ([]workspace.Admin, error) {
	return nil, storage.ErrEnded
}
func (ended) Activity(context.Context, id.Workspace) (v workspace.Activity, _ error) {
	return v, storage.ErrEnded
}
func (ended) InsertWorkspace(context.Context, workspace.Workspace) error { return storage.ErrEnded }
func (ended) UpdateWorkspace(context.Context, workspace.Workspace) error { return storage.ErrEnded }
func (ended) MiniProgram(context.Context, id.MiniProgram) (v miniprogram.MiniProgram, _ error) {
	return v, storage.ErrEnded
}
func (ended) MiniPrograms(context.Context, miniprogram.Query) ([]miniprogram.Hit, error) {
	return nil, storage.ErrEnded
}
func (ended) NameTaken(context.Context, id.Workspace, string, string) (bool, error) {
	return false, storage.ErrEnded
}
func (ended) Versions(context.Context, id.MiniProgram, id.Version, int) ([]miniprogram.Version, error) {
	return nil, storage.ErrEnded
}
func (ended) Team(context.Context, id.MiniProgram, id.Member, int) ([]miniprogram.TeamMember, error) {
	return nil, storage.ErrEnded
}
func (ended) InsertMiniProgram(context.Context, miniprogram.MiniProgram, []string) error {
	return storage.ErrEnded
}
func (ended) UpdateMiniProgram(context.Context, miniprogram.MiniProgram, []string) error {
	return storage.ErrEnded
}
func (ended) InsertVersion(context.Context, miniprogram.Version) error   { return storage.ErrEnded }
func (ended) PutHeld(context.Context, id.Member, rbac.HeldProgram) error { return storage.ErrEnded }
func (ended) Member(context.Context, id.Member) (v member.Member, _ error) {
	return v, storage.ErrEnded
}
func (ended) Members(context.Context, member.Query) ([]member.Member, error) {
	return nil, storage.ErrEnded
}
func (ended) Lookup(context.Context, member.Lookup) (v member.Found, _ error) {
	return v, storage.ErrEnded
}
func (ended) InsertMember(context.Context, member.Member) error           { return storage.ErrEnded }
func (ended) UpdateMember(context.Context, member.Member) error           { return storage.ErrEnded }
func (ended) InsertToken(context.Context, [32]byte, id.Member, int) error { return storage.ErrEnded }
func (ended) QRCode(context.Context, id.QRCode) (v qrcode.Definition, _ error) {
	return v, storage.ErrEnded
}
func (ended) QRCodes(context.Context, id.MiniProgram, id.QRCode, int) ([]qrcode.Definition, error) {
	return nil, storage.ErrEnded
}
func (ended) InsertQRCode(context.Context, qrcode.Definition) error { return storage.ErrEnded }
