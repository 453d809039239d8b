package storage

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
func (UnimplementedTx) OwnRoles(context.Context, id.Workspace, []rbac.Role) ([]*rbac.Custom, error) {
	return nil, ErrUnsupported
}
func (UnimplementedTx) Role(context.Context, id.Role) (role.Role, error) {
	return role.Role{}, ErrUnsupported
}
func (UnimplementedTx) Roles(context.Context, id.Workspace) ([]role.Role, error) {
	return nil, ErrUnsupported
}
func (UnimplementedTx) Holding(context.Context, id.Workspace, rbac.Role, time.Time) (v role.Holding, _ error) {
	return v, ErrUnsupported
}
func (UnimplementedTx) PutRole(context.Context, role.Role) error  { return ErrUnsupported }
func (UnimplementedTx) DeleteRole(context.Context, id.Role) error { return ErrUnsupported }
func (UnimplementedTx) Head(context.Context, id.Workspace) (audit.Head, error) {
	return audit.Head{}, ErrUnsupported
}
func (UnimplementedTx) Events(context.Context, audit.Query) ([]audit.Event, error) {
	return nil, ErrUnsupported
}
func (UnimplementedTx) AppendEvent(context.Context, audit.Event) error { return ErrUnsupported }
func (UnimplementedTx) RedactEvent(context.Context, audit.Event) error { return ErrUnsupported }
func (UnimplementedTx) Denials(context.Context, audit.DenialQuery) ([]audit.Denial, error) {
	return nil, ErrUnsupported
}
func (UnimplementedTx) PutDenial(context.Context, audit.Denial) error { return ErrUnsupported }
func (UnimplementedTx) DeleteDenials(context.Context, id.Workspace, time.Time) error {
	return ErrUnsupported
}
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
func (UnimplementedTx) Dossier(context.Context, miniprogram.Subject) (miniprogram.Dossier, error) {
	return miniprogram.Dossier{}, ErrUnsupported
}
func (UnimplementedTx) Logo(context.Context, id.MiniProgram) ([]byte, error) {
	return nil, ErrUnsupported
}
func (UnimplementedTx) Versions(context.Context, miniprogram.VersionQuery) ([]miniprogram.Version, error) {
	return nil, ErrUnsupported
}
func (UnimplementedTx) Teammate(context.Context, id.MiniProgram, id.Member) (miniprogram.Teammate, error) {
	return miniprogram.Teammate{}, ErrUnsupported
}
func (UnimplementedTx) Eligible(context.Context, miniprogram.EligibleQuery) ([]miniprogram.TeamMember, error) {
	return nil, ErrUnsupported
}
func (UnimplementedTx) Team(context.Context, id.MiniProgram, id.Member, int) ([]miniprogram.TeamMember, error) {
	return nil, ErrUnsupported
}
func (UnimplementedTx) InsertMiniProgram(context.Context, miniprogram.MiniProgram, []string) error {
	return ErrUnsupported
}
func (UnimplementedTx) InsertDefaultQRCode(context.Context, miniprogram.MiniProgram, id.QRCode) error {
	return ErrUnsupported
}
func (UnimplementedTx) UpdateMiniProgram(context.Context, miniprogram.MiniProgram, []string) error {
	return ErrUnsupported
}
func (UnimplementedTx) InsertVersion(context.Context, miniprogram.Version) error {
	return ErrUnsupported
}
func (UnimplementedTx) UpdateVersion(context.Context, miniprogram.Version) error {
	return ErrUnsupported
}
func (UnimplementedTx) PutProfile(context.Context, id.MiniProgram, miniprogram.Profile) error {
	return ErrUnsupported
}
func (UnimplementedTx) PutInformation(context.Context, miniprogram.MiniProgram, miniprogram.Information) error {
	return ErrUnsupported
}
func (UnimplementedTx) DeleteInformation(context.Context, id.MiniProgram, string) error {
	return ErrUnsupported
}
func (UnimplementedTx) PutLogo(context.Context, id.MiniProgram, []byte) error { return ErrUnsupported }
func (UnimplementedTx) Attach(context.Context, id.MiniProgram, id.Feature, time.Time) error {
	return ErrUnsupported
}
func (UnimplementedTx) Detach(context.Context, id.MiniProgram, id.Feature) error {
	return ErrUnsupported
}
func (UnimplementedTx) PutHeld(context.Context, id.Member, rbac.HeldProgram) error {
	return ErrUnsupported
}
func (UnimplementedTx) DeleteHeld(context.Context, id.Member, id.MiniProgram) error {
	return ErrUnsupported
}
func (UnimplementedTx) Case(context.Context, id.Request) (approval.Case, error) {
	return approval.Case{}, ErrUnsupported
}
func (UnimplementedTx) Requests(context.Context, approval.Query) ([]approval.Case, error) {
	return nil, ErrUnsupported
}
func (UnimplementedTx) InsertRequest(context.Context, approval.Request) error { return ErrUnsupported }
func (UnimplementedTx) UpdateRequest(context.Context, approval.Request) error { return ErrUnsupported }
func (UnimplementedTx) Settings(context.Context, id.Workspace) (own, tenant workspace.Settings, err error) {
	return own, tenant, ErrUnsupported
}
func (UnimplementedTx) PutSettings(context.Context, id.Workspace, workspace.Settings) error {
	return ErrUnsupported
}
func (UnimplementedTx) Feature(context.Context, id.Feature) (feature.Feature, error) {
	return feature.Feature{}, ErrUnsupported
}
func (UnimplementedTx) Features(context.Context, feature.Query) ([]feature.Feature, error) {
	return nil, ErrUnsupported
}
func (UnimplementedTx) Catalogue(context.Context, feature.Lookup) (feature.Found, error) {
	return feature.Found{}, ErrUnsupported
}
func (UnimplementedTx) JSAPI(context.Context, id.JSAPI) (feature.JSAPI, error) {
	return feature.JSAPI{}, ErrUnsupported
}
func (UnimplementedTx) JSAPIs(context.Context, id.Workspace, id.JSAPI, int) ([]feature.JSAPI, error) {
	return nil, ErrUnsupported
}
func (UnimplementedTx) PutFeature(context.Context, feature.Feature) error { return ErrUnsupported }
func (UnimplementedTx) PutJSAPI(context.Context, feature.JSAPI) error     { return ErrUnsupported }
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
func (UnimplementedTx) Links(context.Context, member.LinkQuery) ([]member.Link, error) {
	return nil, ErrUnsupported
}
func (UnimplementedTx) InsertLink(context.Context, member.Link) error { return ErrUnsupported }
func (UnimplementedTx) UpdateLink(context.Context, member.Link) error { return ErrUnsupported }
func (UnimplementedTx) InsertLinkToken(context.Context, [32]byte, id.Link, int) error {
	return ErrUnsupported
}
func (UnimplementedTx) Run(context.Context, member.RunQuery) (member.Run, error) {
	return member.Run{}, ErrUnsupported
}
func (UnimplementedTx) InsertRun(context.Context, member.Run, time.Time) error {
	return ErrUnsupported
}
func (UnimplementedTx) InsertRunRows(context.Context, id.Workspace, string, []member.RunRow) error {
	return ErrUnsupported
}
func (UnimplementedTx) QRCode(context.Context, id.QRCode) (qrcode.Definition, error) {
	return qrcode.Definition{}, ErrUnsupported
}
func (UnimplementedTx) QRCodes(context.Context, qrcode.Query) ([]qrcode.Definition, error) {
	return nil, ErrUnsupported
}
func (UnimplementedTx) Contents(context.Context, id.Workspace) (Contents, error) {
	return Contents{}, ErrUnsupported
}
func (UnimplementedTx) InsertQRCode(context.Context, qrcode.Definition) error { return ErrUnsupported }
func (UnimplementedTx) UpdateQRCode(context.Context, qrcode.Definition) error { return ErrUnsupported }
func (UnimplementedTx) DefaultQRCode(context.Context, id.MiniProgram) (qrcode.Definition, error) {
	return qrcode.Definition{}, ErrUnsupported
}
func (UnimplementedTx) ShortCode(context.Context, string) (qrcode.Scanned, error) {
	return qrcode.Scanned{}, ErrUnsupported
}
func (UnimplementedTx) Retargets(context.Context, id.QRCode, int, int) ([]qrcode.Retarget, error) {
	return nil, ErrUnsupported
}
func (UnimplementedTx) ScanCount(context.Context, id.QRCode) (int64, error) { return 0, ErrUnsupported }
func (UnimplementedTx) InsertRetarget(context.Context, id.QRCode, qrcode.Retarget) error {
	return ErrUnsupported
}
func (UnimplementedTx) AddScans(context.Context, []qrcode.Scans) error { return ErrUnsupported }
func (UnimplementedTx) Passwords(context.Context, signin.Query) (signin.Kept, error) {
	return signin.Kept{}, ErrUnsupported
}
func (UnimplementedTx) PutCredential(context.Context, signin.Credential) error { return ErrUnsupported }
func (UnimplementedTx) PutAttempts(context.Context, signin.Attempts, time.Time) error {
	return ErrUnsupported
}
func (UnimplementedTx) PutDefaultPassword(context.Context, id.Workspace, signin.Default) error {
	return ErrUnsupported
}
func (UnimplementedTx) RegisterHandler(context.Context, delivery.Registration) error {
	return ErrUnsupported
}
func (UnimplementedTx) ClaimDeliveries(context.Context, delivery.Claim) ([]delivery.Claimed, error) {
	return nil, ErrUnsupported
}
func (UnimplementedTx) SaveDelivery(context.Context, delivery.Progress) error { return ErrUnsupported }
func (UnimplementedTx) RestDeliveries(context.Context, int) error             { return ErrUnsupported }
func (UnimplementedTx) DeadLetters(context.Context, delivery.Query) ([]delivery.DeadLetter, error) {
	return nil, ErrUnsupported
}
func (UnimplementedTx) PutDeadLetter(context.Context, delivery.DeadLetter) error {
	return ErrUnsupported
}
func (UnimplementedTx) DeleteDeadLetter(context.Context, string, id.Workspace, uint64) error {
	return ErrUnsupported
}
