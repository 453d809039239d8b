package mapstore

import (
	"context"
	"time"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/delivery"
	"github.com/superapp-go/superapp/feature"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/role"
	"github.com/superapp-go/superapp/signin"
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
func (ended) Facts(context.Context, rbac.Query) (v rbac.Facts, _ error) { return v, storage.ErrEnded }
func (ended) Grants(context.Context, id.Account) ([]rbac.Grant, error)  { return nil, storage.ErrEnded }
func (ended) OwnRoles(context.Context, id.Workspace, []rbac.Role) ([]*rbac.Custom, error) {
	return nil, storage.ErrEnded
}
func (ended) Role(context.Context, id.Role) (v role.Role, _ error)     { return v, storage.ErrEnded }
func (ended) Roles(context.Context, id.Workspace) ([]role.Role, error) { return nil, storage.ErrEnded }
func (ended) PutRole(context.Context, role.Role) error                 { return storage.ErrEnded }
func (ended) Holding(context.Context, id.Workspace, rbac.Role, time.Time) (v role.Holding, _ error) {
	return v, storage.ErrEnded
}
func (ended) DeleteRole(context.Context, id.Role) error                  { return storage.ErrEnded }
func (ended) Head(context.Context, id.Workspace) (v audit.Head, _ error) { return v, storage.ErrEnded }
func (ended) Events(context.Context, audit.Query) ([]audit.Event, error) {
	return nil, storage.ErrEnded
}
func (ended) AppendEvent(context.Context, audit.Event) error { return storage.ErrEnded }
func (ended) RedactEvent(context.Context, audit.Event) error { return storage.ErrEnded }
func (ended) Denials(context.Context, audit.DenialQuery) ([]audit.Denial, error) {
	return nil, storage.ErrEnded
}
func (ended) PutDenial(context.Context, audit.Denial) error { return storage.ErrEnded }
func (ended) DeleteDenials(context.Context, id.Workspace, time.Time) error {
	return storage.ErrEnded
}
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
func (ended) Contents(context.Context, id.Workspace) (v storage.Contents, _ error) {
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
func (ended) Versions(context.Context, miniprogram.VersionQuery) ([]miniprogram.Version, error) {
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
func (ended) Links(context.Context, member.LinkQuery) ([]member.Link, error) {
	return nil, storage.ErrEnded
}
func (ended) InsertLink(context.Context, member.Link) error { return storage.ErrEnded }
func (ended) UpdateLink(context.Context, member.Link) error { return storage.ErrEnded }
func (ended) InsertLinkToken(context.Context, [32]byte, id.Link, int) error {
	return storage.ErrEnded
}
func (ended) Run(context.Context, member.RunQuery) (v member.Run, _ error) {
	return v, storage.ErrEnded
}
func (ended) InsertRun(context.Context, member.Run, time.Time) error {
	return storage.ErrEnded
}
func (ended) InsertRunRows(context.Context, id.Workspace, string, []member.RunRow) error {
	return storage.ErrEnded
}
func (ended) QRCode(context.Context, id.QRCode) (v qrcode.Definition, _ error) {
	return v, storage.ErrEnded
}
func (ended) QRCodes(context.Context, qrcode.Query) ([]qrcode.Definition, error) {
	return nil, storage.ErrEnded
}
func (ended) DefaultQRCode(context.Context, id.MiniProgram) (v qrcode.Definition, _ error) {
	return v, storage.ErrEnded
}
func (ended) ShortCode(context.Context, string) (v qrcode.Scanned, _ error) {
	return v, storage.ErrEnded
}
func (ended) Retargets(context.Context, id.QRCode, int, int) ([]qrcode.Retarget, error) {
	return nil, storage.ErrEnded
}
func (ended) ScanCount(context.Context, id.QRCode) (int64, error) { return 0, storage.ErrEnded }
func (ended) InsertDefaultQRCode(context.Context, miniprogram.MiniProgram, id.QRCode) error {
	return storage.ErrEnded
}
func (ended) UpdateQRCode(context.Context, qrcode.Definition) error { return storage.ErrEnded }
func (ended) InsertRetarget(context.Context, id.QRCode, qrcode.Retarget) error {
	return storage.ErrEnded
}
func (ended) AddScans(context.Context, []qrcode.Scans) error        { return storage.ErrEnded }
func (ended) InsertQRCode(context.Context, qrcode.Definition) error { return storage.ErrEnded }
func (ended) Case(context.Context, id.Request) (v approval.Case, _ error) {
	return v, storage.ErrEnded
}
func (ended) Requests(context.Context, approval.Query) (v []approval.Case, _ error) {
	return v, storage.ErrEnded
}
func (ended) Feature(context.Context, id.Feature) (v feature.Feature, _ error) {
	return v, storage.ErrEnded
}
func (ended) Features(context.Context, feature.Query) (v []feature.Feature, _ error) {
	return v, storage.ErrEnded
}
func (ended) Catalogue(context.Context, feature.Lookup) (v feature.Found, _ error) {
	return v, storage.ErrEnded
}
func (ended) JSAPI(context.Context, id.JSAPI) (v feature.JSAPI, _ error) {
	return v, storage.ErrEnded
}
func (ended) JSAPIs(context.Context, id.Workspace, id.JSAPI, int) (v []feature.JSAPI, _ error) {
	return v, storage.ErrEnded
}
func (ended) Dossier(context.Context, miniprogram.Subject) (v miniprogram.Dossier, _ error) {
	return v, storage.ErrEnded
}
func (ended) Logo(context.Context, id.MiniProgram) (v []byte, _ error) {
	return v, storage.ErrEnded
}
func (ended) Teammate(context.Context, id.MiniProgram, id.Member) (v miniprogram.Teammate, _ error) {
	return v, storage.ErrEnded
}
func (ended) Eligible(context.Context, miniprogram.EligibleQuery) (v []miniprogram.TeamMember, _ error) {
	return v, storage.ErrEnded
}
func (ended) Settings(context.Context, id.Workspace) (own, tenant workspace.Settings, _ error) {
	return own, tenant, storage.ErrEnded
}
func (ended) PutSettings(context.Context, id.Workspace, workspace.Settings) error {
	return storage.ErrEnded
}
func (ended) InsertRequest(context.Context, approval.Request) error {
	return storage.ErrEnded
}
func (ended) UpdateRequest(context.Context, approval.Request) error {
	return storage.ErrEnded
}
func (ended) PutFeature(context.Context, feature.Feature) error {
	return storage.ErrEnded
}
func (ended) PutJSAPI(context.Context, feature.JSAPI) error {
	return storage.ErrEnded
}
func (ended) PutProfile(context.Context, id.MiniProgram, miniprogram.Profile) error {
	return storage.ErrEnded
}
func (ended) PutInformation(context.Context, miniprogram.MiniProgram, miniprogram.Information) error {
	return storage.ErrEnded
}
func (ended) DeleteInformation(context.Context, id.MiniProgram, string) error {
	return storage.ErrEnded
}
func (ended) PutLogo(context.Context, id.MiniProgram, []byte) error {
	return storage.ErrEnded
}
func (ended) Attach(context.Context, id.MiniProgram, id.Feature, time.Time) error {
	return storage.ErrEnded
}
func (ended) Detach(context.Context, id.MiniProgram, id.Feature) error {
	return storage.ErrEnded
}
func (ended) UpdateVersion(context.Context, miniprogram.Version) error {
	return storage.ErrEnded
}
func (ended) DeleteHeld(context.Context, id.Member, id.MiniProgram) error {
	return storage.ErrEnded
}
func (ended) Passwords(context.Context, signin.Query) (v signin.Kept, _ error) {
	return v, storage.ErrEnded
}
func (ended) PutCredential(context.Context, signin.Credential) error { return storage.ErrEnded }
func (ended) PutAttempts(context.Context, signin.Attempts, time.Time) error {
	return storage.ErrEnded
}
func (ended) PutDefaultPassword(context.Context, id.Workspace, signin.Default) error {
	return storage.ErrEnded
}
func (ended) RegisterHandler(context.Context, delivery.Registration) error { return storage.ErrEnded }
func (ended) ClaimDeliveries(context.Context, delivery.Claim) ([]delivery.Claimed, error) {
	return nil, storage.ErrEnded
}
func (ended) SaveDelivery(context.Context, delivery.Progress) error { return storage.ErrEnded }
func (ended) RestDeliveries(context.Context, int) error             { return storage.ErrEnded }
func (ended) DeadLetters(context.Context, delivery.Query) ([]delivery.DeadLetter, error) {
	return nil, storage.ErrEnded
}
func (ended) PutDeadLetter(context.Context, delivery.DeadLetter) error { return storage.ErrEnded }
func (ended) DeleteDeadLetter(context.Context, string, id.Workspace, uint64) error {
	return storage.ErrEnded
}
