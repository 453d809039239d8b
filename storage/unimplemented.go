package storage

import (
	"context"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

// UnimplementedTx answers [ErrUnsupported] to everything. A store embeds it in
// its transaction, by value, so that it still compiles when the port grows;
// storagetest reports what is missing. A store with a type for snapshots and one
// for transactions embeds it once, below both.
type UnimplementedTx struct{}

var _ Tx = UnimplementedTx{}

func (UnimplementedTx) mustEmbedUnimplementedTx() {}

// Nest answers [ErrUnsupported], as every method here does.
func (UnimplementedTx) Nest(context.Context, unit.Scope, func(context.Context, Tx) error) error {
	return ErrUnsupported
}

func (UnimplementedTx) Facts(context.Context, rbac.Query) (rbac.Facts, error) {
	return rbac.Facts{}, ErrUnsupported
}
func (UnimplementedTx) Grants(context.Context, id.Account) ([]rbac.Grant, error) {
	return nil, ErrUnsupported
}
func (UnimplementedTx) Head(context.Context, id.Workspace) (audit.Head, error) {
	return audit.Head{}, ErrUnsupported
}
func (UnimplementedTx) Events(context.Context, audit.Query) ([]audit.Event, error) {
	return nil, ErrUnsupported
}
func (UnimplementedTx) AppendEvent(context.Context, audit.Event) error { return ErrUnsupported }
func (UnimplementedTx) Workspace(context.Context, id.Workspace) (workspace.Workspace, error) {
	return workspace.Workspace{}, ErrUnsupported
}
func (UnimplementedTx) Workspaces(context.Context, workspace.Query) ([]workspace.Summary, error) {
	return nil, ErrUnsupported
}
func (UnimplementedTx) Admins(context.Context, id.Workspace, id.Member, int) ([]workspace.Admin, error) {
	return nil, ErrUnsupported
}
func (UnimplementedTx) Activity(context.Context, id.Workspace) (workspace.Activity, error) {
	return workspace.Activity{}, ErrUnsupported
}
func (UnimplementedTx) InsertWorkspace(context.Context, workspace.Workspace) error {
	return ErrUnsupported
}
func (UnimplementedTx) UpdateWorkspace(context.Context, workspace.Workspace) error {
	return ErrUnsupported
}
func (UnimplementedTx) MiniProgram(context.Context, id.MiniProgram) (miniprogram.MiniProgram, error) {
	return miniprogram.MiniProgram{}, ErrUnsupported
}
func (UnimplementedTx) MiniPrograms(context.Context, miniprogram.Query) ([]miniprogram.Hit, error) {
	return nil, ErrUnsupported
}
func (UnimplementedTx) NameTaken(context.Context, id.Workspace, string, string) (bool, error) {
	return false, ErrUnsupported
}
func (UnimplementedTx) Versions(context.Context, id.MiniProgram, id.Version, int) ([]miniprogram.Version, error) {
	return nil, ErrUnsupported
}
func (UnimplementedTx) Team(context.Context, id.MiniProgram, id.Member, int) ([]miniprogram.TeamMember, error) {
	return nil, ErrUnsupported
}
func (UnimplementedTx) InsertMiniProgram(context.Context, miniprogram.MiniProgram, []string) error {
	return ErrUnsupported
}
func (UnimplementedTx) UpdateMiniProgram(context.Context, miniprogram.MiniProgram, []string) error {
	return ErrUnsupported
}
func (UnimplementedTx) InsertVersion(context.Context, miniprogram.Version) error {
	return ErrUnsupported
}
func (UnimplementedTx) PutHeld(context.Context, id.Member, rbac.HeldProgram) error {
	return ErrUnsupported
}
func (UnimplementedTx) Member(context.Context, id.Member) (member.Member, error) {
	return member.Member{}, ErrUnsupported
}
func (UnimplementedTx) Members(context.Context, member.Query) ([]member.Member, error) {
	return nil, ErrUnsupported
}
func (UnimplementedTx) Lookup(context.Context, member.Lookup) (member.Found, error) {
	return member.Found{}, ErrUnsupported
}
func (UnimplementedTx) InsertMember(context.Context, member.Member) error { return ErrUnsupported }
func (UnimplementedTx) UpdateMember(context.Context, member.Member) error { return ErrUnsupported }
func (UnimplementedTx) InsertToken(context.Context, [32]byte, id.Member, int) error {
	return ErrUnsupported
}
func (UnimplementedTx) QRCode(context.Context, id.QRCode) (qrcode.Definition, error) {
	return qrcode.Definition{}, ErrUnsupported
}
func (UnimplementedTx) QRCodes(context.Context, id.MiniProgram, id.QRCode, int) ([]qrcode.Definition, error) {
	return nil, ErrUnsupported
}
func (UnimplementedTx) InsertQRCode(context.Context, qrcode.Definition) error { return ErrUnsupported }
