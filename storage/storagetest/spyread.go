package storagetest

import (
	"context"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/rbac"
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

func (s spyReader) Head(ctx context.Context, w id.Workspace) (audit.Head, error) {
	return ask(s.hook, "Head", func() (audit.Head, error) { return s.Reader.Head(ctx, w) })
}

func (s spyReader) Events(ctx context.Context, q audit.Query) ([]audit.Event, error) {
	return ask(s.hook, "Events", func() ([]audit.Event, error) { return s.Reader.Events(ctx, q) })
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

func (s spyReader) Versions(ctx context.Context, p id.MiniProgram, after id.Version, limit int) ([]miniprogram.Version, error) {
	return ask(s.hook, "Versions", func() ([]miniprogram.Version, error) { return s.Reader.Versions(ctx, p, after, limit) })
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

func (s spyReader) QRCode(ctx context.Context, c id.QRCode) (qrcode.Definition, error) {
	return ask(s.hook, "QRCode", func() (qrcode.Definition, error) { return s.Reader.QRCode(ctx, c) })
}

func (s spyReader) QRCodes(ctx context.Context, p id.MiniProgram, after id.QRCode, limit int) ([]qrcode.Definition, error) {
	return ask(s.hook, "QRCodes", func() ([]qrcode.Definition, error) { return s.Reader.QRCodes(ctx, p, after, limit) })
}
