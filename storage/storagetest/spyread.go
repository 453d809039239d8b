package storagetest

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
	"github.com/superapp-go/superapp/workspace"
)

func (s spyStore) Facts(ctx context.Context, q rbac.Query) (rbac.Facts, error) {
	return ask(s.hook, "Facts", func() (rbac.Facts, error) { return s.Store.Facts(ctx, q) })
}

// A spyReader tells of every read.
type spyReader struct {
	storage.Reader
	hook func(Call) error
}

func (s spyReader) Facts(ctx context.Context, q rbac.Query) (rbac.Facts, error) {
	return ask(s.hook, "Facts", func() (rbac.Facts, error) { return s.Reader.Facts(ctx, q) })
}

func (s spyReader) Grants(ctx context.Context, a id.Account) ([]rbac.Grant, error) {
	return ask(s.hook, "Grants", func() ([]rbac.Grant, error) { return s.Reader.Grants(ctx, a) })
}

func (s spyReader) OwnRoles(ctx context.Context, w id.Workspace, codes []rbac.Role) ([]*rbac.Custom, error) {
	return ask(s.hook, "OwnRoles", func() ([]*rbac.Custom, error) { return s.Reader.OwnRoles(ctx, w, codes) })
}

func (s spyReader) Role(ctx context.Context, r id.Role) (role.Role, error) {
	return ask(s.hook, "Role", func() (role.Role, error) { return s.Reader.Role(ctx, r) })
}

func (s spyReader) Roles(ctx context.Context, w id.Workspace) ([]role.Role, error) {
	return ask(s.hook, "Roles", func() ([]role.Role, error) { return s.Reader.Roles(ctx, w) })
}

func (s spyReader) Holding(ctx context.Context, w id.Workspace, code rbac.Role, now time.Time) (role.Holding, error) {
	return ask(s.hook, "Holding", func() (role.Holding, error) { return s.Reader.Holding(ctx, w, code, now) })
}

func (s spyReader) Head(ctx context.Context, w id.Workspace) (audit.Head, error) {
	return ask(s.hook, "Head", func() (audit.Head, error) { return s.Reader.Head(ctx, w) })
}

func (s spyReader) Events(ctx context.Context, q audit.Query) ([]audit.Event, error) {
	return ask(s.hook, "Events", func() ([]audit.Event, error) { return s.Reader.Events(ctx, q) })
}

func (s spyReader) Denials(ctx context.Context, q audit.DenialQuery) ([]audit.Denial, error) {
	return ask(s.hook, "Denials", func() ([]audit.Denial, error) { return s.Reader.Denials(ctx, q) })
}

func (s spyReader) Workspace(ctx context.Context, w id.Workspace) (workspace.Workspace, error) {
	return ask(s.hook, "Workspace", func() (workspace.Workspace, error) { return s.Reader.Workspace(ctx, w) })
}

func (s spyReader) Workspaces(ctx context.Context, q workspace.Query) ([]workspace.Summary, error) {
	return ask(s.hook, "Workspaces", func() ([]workspace.Summary, error) { return s.Reader.Workspaces(ctx, q) })
}

func (s spyReader) Admins(ctx context.Context, w id.Workspace, after id.Member, limit int) ([]workspace.Admin, error) {
	return ask(s.hook, "Admins", func() ([]workspace.Admin, error) { return s.Reader.Admins(ctx, w, after, limit) })
}

func (s spyReader) Activity(ctx context.Context, w id.Workspace) (workspace.Activity, error) {
	return ask(s.hook, "Activity", func() (workspace.Activity, error) { return s.Reader.Activity(ctx, w) })
}

func (s spyReader) MiniProgram(ctx context.Context, p id.MiniProgram) (miniprogram.MiniProgram, error) {
	return ask(s.hook, "MiniProgram", func() (miniprogram.MiniProgram, error) { return s.Reader.MiniProgram(ctx, p) })
}

func (s spyReader) MiniPrograms(ctx context.Context, q miniprogram.Query) ([]miniprogram.Hit, error) {
	return ask(s.hook, "MiniPrograms", func() ([]miniprogram.Hit, error) { return s.Reader.MiniPrograms(ctx, q) })
}

func (s spyReader) NameTaken(ctx context.Context, tenant id.Workspace, language, key string) (bool, error) {
	return ask(s.hook, "NameTaken", func() (bool, error) { return s.Reader.NameTaken(ctx, tenant, language, key) })
}

func (s spyReader) Versions(ctx context.Context, q miniprogram.VersionQuery) ([]miniprogram.Version, error) {
	return ask(s.hook, "Versions", func() ([]miniprogram.Version, error) { return s.Reader.Versions(ctx, q) })
}

func (s spyReader) Team(ctx context.Context, p id.MiniProgram, after id.Member, limit int) ([]miniprogram.TeamMember, error) {
	return ask(s.hook, "Team", func() ([]miniprogram.TeamMember, error) { return s.Reader.Team(ctx, p, after, limit) })
}

func (s spyReader) Member(ctx context.Context, m id.Member) (member.Member, error) {
	return ask(s.hook, "Member", func() (member.Member, error) { return s.Reader.Member(ctx, m) })
}

func (s spyReader) Members(ctx context.Context, q member.Query) ([]member.Member, error) {
	return ask(s.hook, "Members", func() ([]member.Member, error) { return s.Reader.Members(ctx, q) })
}

func (s spyReader) Lookup(ctx context.Context, l member.Lookup) (member.Found, error) {
	return ask(s.hook, "Lookup", func() (member.Found, error) { return s.Reader.Lookup(ctx, l) })
}

func (s spyReader) Links(ctx context.Context, q member.LinkQuery) ([]member.Link, error) {
	return ask(s.hook, "Links", func() ([]member.Link, error) { return s.Reader.Links(ctx, q) })
}

func (s spyReader) Run(ctx context.Context, q member.RunQuery) (member.Run, error) {
	return ask(s.hook, "Run", func() (member.Run, error) { return s.Reader.Run(ctx, q) })
}

func (s spyReader) QRCode(ctx context.Context, c id.QRCode) (qrcode.Definition, error) {
	return ask(s.hook, "QRCode", func() (qrcode.Definition, error) { return s.Reader.QRCode(ctx, c) })
}

func (s spyReader) DefaultQRCode(ctx context.Context, p id.MiniProgram) (qrcode.Definition, error) {
	return ask(s.hook, "DefaultQRCode", func() (qrcode.Definition, error) { return s.Reader.DefaultQRCode(ctx, p) })
}

func (s spyReader) ShortCode(ctx context.Context, short string) (qrcode.Scanned, error) {
	return ask(s.hook, "ShortCode", func() (qrcode.Scanned, error) { return s.Reader.ShortCode(ctx, short) })
}

func (s spyReader) Retargets(ctx context.Context, c id.QRCode, below, limit int) ([]qrcode.Retarget, error) {
	return ask(s.hook, "Retargets", func() ([]qrcode.Retarget, error) { return s.Reader.Retargets(ctx, c, below, limit) })
}

func (s spyReader) ScanCount(ctx context.Context, c id.QRCode) (int64, error) {
	return ask(s.hook, "ScanCount", func() (int64, error) { return s.Reader.ScanCount(ctx, c) })
}

func (s spyReader) QRCodes(ctx context.Context, q qrcode.Query) ([]qrcode.Definition, error) {
	return ask(s.hook, "QRCodes", func() ([]qrcode.Definition, error) { return s.Reader.QRCodes(ctx, q) })
}

func (s spyReader) Contents(ctx context.Context, w id.Workspace) (storage.Contents, error) {
	return ask(s.hook, "Contents", func() (storage.Contents, error) { return s.Reader.Contents(ctx, w) })
}

func (s spyReader) Case(ctx context.Context, r id.Request) (approval.Case, error) {
	return ask(s.hook, "Case", func() (approval.Case, error) { return s.Reader.Case(ctx, r) })
}

func (s spyReader) Requests(ctx context.Context, q approval.Query) ([]approval.Case, error) {
	return ask(s.hook, "Requests", func() ([]approval.Case, error) { return s.Reader.Requests(ctx, q) })
}

func (s spyReader) Feature(ctx context.Context, f id.Feature) (feature.Feature, error) {
	return ask(s.hook, "Feature", func() (feature.Feature, error) { return s.Reader.Feature(ctx, f) })
}

func (s spyReader) Features(ctx context.Context, q feature.Query) ([]feature.Feature, error) {
	return ask(s.hook, "Features", func() ([]feature.Feature, error) { return s.Reader.Features(ctx, q) })
}

func (s spyReader) Catalogue(ctx context.Context, l feature.Lookup) (feature.Found, error) {
	return ask(s.hook, "Catalogue", func() (feature.Found, error) { return s.Reader.Catalogue(ctx, l) })
}

func (s spyReader) JSAPI(ctx context.Context, j id.JSAPI) (feature.JSAPI, error) {
	return ask(s.hook, "JSAPI", func() (feature.JSAPI, error) { return s.Reader.JSAPI(ctx, j) })
}

func (s spyReader) JSAPIs(ctx context.Context, tenant id.Workspace, after id.JSAPI, limit int) ([]feature.JSAPI, error) {
	return ask(s.hook, "JSAPIs", func() ([]feature.JSAPI, error) { return s.Reader.JSAPIs(ctx, tenant, after, limit) })
}

func (s spyReader) Dossier(ctx context.Context, d miniprogram.Subject) (miniprogram.Dossier, error) {
	return ask(s.hook, "Dossier", func() (miniprogram.Dossier, error) { return s.Reader.Dossier(ctx, d) })
}

func (s spyReader) Logo(ctx context.Context, p id.MiniProgram) ([]byte, error) {
	return ask(s.hook, "Logo", func() ([]byte, error) { return s.Reader.Logo(ctx, p) })
}

func (s spyReader) Teammate(ctx context.Context, p id.MiniProgram, m id.Member) (miniprogram.Teammate, error) {
	return ask(s.hook, "Teammate", func() (miniprogram.Teammate, error) { return s.Reader.Teammate(ctx, p, m) })
}

func (s spyReader) Eligible(ctx context.Context, q miniprogram.EligibleQuery) ([]miniprogram.TeamMember, error) {
	return ask(s.hook, "Eligible", func() ([]miniprogram.TeamMember, error) { return s.Reader.Eligible(ctx, q) })
}

func (s spyReader) DeadLetters(ctx context.Context, q delivery.Query) ([]delivery.DeadLetter, error) {
	return ask(s.hook, "DeadLetters", func() ([]delivery.DeadLetter, error) { return s.Reader.DeadLetters(ctx, q) })
}

func (s spyReader) Settings(ctx context.Context, w id.Workspace) (own, tenant workspace.Settings, err error) {
	own, err = ask(s.hook, "Settings", func() (_ workspace.Settings, err error) {
		own, tenant, err = s.Reader.Settings(ctx, w)
		return own, err
	})
	return own, tenant, err
}

func (s spyReader) Passwords(ctx context.Context, q signin.Query) (signin.Kept, error) {
	return ask(s.hook, "Passwords", func() (signin.Kept, error) { return s.Reader.Passwords(ctx, q) })
}
