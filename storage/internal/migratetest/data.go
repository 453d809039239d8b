package migratetest

import (
	"bytes"
	"context"
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/internal/sqlstore"
	"github.com/superapp-go/superapp/workspace"
)

// What is stored: one record of each kind.
var (
	now   = time.Date(2026, 3, 1, 9, 30, 0, 123456000, time.UTC)
	later = now.Add(72 * time.Hour)
	hash  = [32]byte(bytes.Repeat([]byte{7}, 32))

	business = workspace.Business{Company: "Shop Ltd", Address: "2 Mill Lane", Scope: "groceries", Representative: "Rita", Email: "sam@shop.example"}
	tenant   = workspace.Workspace{ID: id.Workspace{UUID: uuid(1)}, Tenant: id.Workspace{UUID: uuid(1)}, Kind: workspace.Tenant, Name: "Wallet", Status: workspace.Verified, Business: business, CreatedAt: now, UpdatedAt: now}
	head     = audit.Head{Workspace: tenant.ID, Seq: 1, Hash: hash, At: now}
	event    = audit.Event{
		Workspace: tenant.ID, Seq: 1, At: now, Verb: "workspace.opened", Object: rbac.OnWorkspace(tenant.ID), System: true, Actor: "system",
		Data: []byte(`{"a": 1}`), Personal: []byte("{}"), Salt: hash[:16], Commitment: hash, Hash: hash,
	}
	guest = member.Member{
		ID: id.Member{UUID: uuid(2)}, Workspace: tenant.ID, Tenant: tenant.ID, State: member.Invited, Role: rbac.WorkspaceDeveloper,
		Name: "Mo Müller", NameKey: "mo müller", Email: "mo@people.example", First: true,
		Programs:   []rbac.HeldProgram{{MiniProgram: program.ID, Owner: tenant.ID, Team: rbac.MiniProgramDeveloper.Key()}},
		Invitation: member.Invitation{SentAt: now, ExpiresAt: later, Generation: 1, Sender: "u-1"}, CreatedAt: now, UpdatedAt: now,
	}
	program = miniprogram.MiniProgram{
		ID: id.MiniProgram{UUID: uuid(3)}, Workspace: tenant.ID, Tenant: tenant.ID, Type: miniprogram.DSL, Language: "zh",
		Name: "咖啡 Till", NameKey: "咖啡 till", Status: miniprogram.InDevelopment, Creator: "u-1", LatestVersion: "1.0.0",
		UploadedAt: now, CreatedAt: now, UpdatedAt: now,
	}
	gone = miniprogram.MiniProgram{
		ID: id.MiniProgram{UUID: uuid(6)}, Workspace: tenant.ID, Tenant: tenant.ID, Type: miniprogram.H5, Language: "zh", Name: "Gone", NameKey: "gone",
		Status: miniprogram.Archived, CreatedAt: now, UpdatedAt: now,
	}
	version = miniprogram.Version{
		ID: id.Version{UUID: uuid(4)}, MiniProgram: program.ID, Workspace: tenant.ID, Tenant: tenant.ID, Number: "1.0.0", Status: miniprogram.VersionNew,
		Package: miniprogram.Package{Reference: "s3://shop", Size: 4096, SHA256: hash}, JSAPIs: []string{"pay"}, Uploader: "u-1", UploadedAt: now,
	}
	code = qrcode.Definition{
		ID: id.QRCode{UUID: uuid(5)}, MiniProgram: program.ID, Workspace: tenant.ID, Tenant: tenant.ID, Name: "table 1", Page: "pages/menu",
		Params: []qrcode.Param{{Key: "t", Value: "1"}}, Revision: 1, Creator: "u-1", CreatedAt: now, UpdatedAt: now,
	}
)

func uuid(n byte) id.UUID { return id.UUID{15: n} }

// versions are the rows as each version of the schema had them. They stay as
// they are when the schema changes.
var versions = map[int]struct {
	rows func() []sqlstore.Write
	// compare fails unless is read what the version has beside the rows of the first.
	compare func(*checker)
}{1: {first, bare}, 2: {first, bare}, 3: {third, full}, 4: {fourth, full}, 5: {fifth, full}, 6: {sixth, full}, 7: {seventh, full}, 8: {eighth, full}}

func first() []sqlstore.Write {
	w, p := tenant.ID.UUID, program.ID.UUID
	return []sqlstore.Write{
		row("workspace", "id, tenant_id, kind, name, status, company, address, scope, representative, email, created_at, updated_at",
			w, w, "tenant", tenant.Name, "verified", business.Company, business.Address, business.Scope, business.Representative, business.Email, now, now),
		row("head", "workspace_id, seq, hash, at", w, 1, hash[:], now),
		row("event", "workspace_id, seq, at, verb, object_kind, object_id, by_system, actor, data, personal, salt, commitment, hash",
			w, 1, now, string(event.Verb), 1, w, true, event.Actor, event.Data, event.Personal, event.Salt, hash[:], hash[:]),
		row("mini_program", "id, workspace_id, tenant_id, type, language, name, name_key, status, creator, latest_version, uploaded_at, created_at, updated_at",
			p, w, w, "dsl", program.Language, program.Name, program.NameKey, "in_development", "u-1", program.LatestVersion, now, now, now),
		row("mini_program", "id, workspace_id, tenant_id, type, language, name, name_key, status, latest_version, created_at, updated_at",
			gone.ID.UUID, w, w, "h5", gone.Language, gone.Name, gone.NameKey, "archived", "", now, now),
		row("term", "tenant_id, suffix, mini_program_id", w, "till", p),
		row("member", "id, workspace_id, tenant_id, state, role, name, name_key, email, first_admin, sent_at, expires_at, generation, sender, created_at, updated_at",
			guest.ID.UUID, w, w, "invited", string(guest.Role), guest.Name, guest.NameKey, guest.Email, true, now, later, 1, "u-1", now, now),
		row("token", "hash, member_id, generation", hash[:], guest.ID.UUID, 1),
		row("held", "member_id, mini_program_id, owner_id, team_role", guest.ID.UUID, p, w, string(rbac.MiniProgramDeveloper)),
		row("version", "id, mini_program_id, workspace_id, tenant_id, number, status, package_reference, package_size, package_sha256, jsapis, uploader, uploaded_at",
			version.ID.UUID, p, w, w, version.Number, string(version.Status), version.Package.Reference, version.Package.Size, hash[:], `["pay"]`, "u-1", now),
		row("qr_code", "id, mini_program_id, workspace_id, tenant_id, name, page, params, creator, created_at",
			code.ID.UUID, p, w, w, code.Name, code.Page, `[{"key":"t","value":"1"}]`, "u-1", now),
	}
}

func row(table, columns string, values ...any) sqlstore.Write {
	marks := bytes.Repeat([]byte(", ?"), len(values))[2:]
	return sqlstore.Write{SQL: "INSERT INTO {" + table + "} (" + columns + ") VALUES (" + string(marks) + ")", Args: values}
}

// A checker compares what is read.
type checker struct {
	*testing.T
	ctx context.Context
	r   storage.Reader
}

func (c *checker) same(what string, got any, err error, want any) {
	c.Helper()
	if err != nil || !reflect.DeepEqual(got, want) {
		c.Errorf("%s: %v\n got %+v\nwant %+v", what, err, got, want)
	}
}

// compare fails unless exactly these records are read, and those of the version.
func compare(t *testing.T, s *sqlstore.Store, more func(*checker)) {
	t.Helper()
	must(t, s.View(t.Context(), func(ctx context.Context, r storage.Reader) error {
		c := &checker{t, ctx, r}
		w, err := r.Workspace(ctx, tenant.ID)
		c.same("the workspace", w, err, tenant)
		h, err := r.Head(ctx, tenant.ID)
		c.same("the head", h, err, head)
		events, err := r.Events(ctx, audit.Query{Workspace: tenant.ID, Limit: 9})
		c.same("the events", events, err, []audit.Event{event})
		m, err := r.Member(ctx, guest.ID)
		c.same("the member", m, err, guest)
		found, err := r.Lookup(ctx, member.Lookup{Token: hash, First: true})
		c.same("the member by token", found.Member, err, guest)
		c.same("the first admin", found.First, err, guest)
		hits, err := r.MiniPrograms(ctx, miniprogram.Query{
			Filter: rbac.Filter{Tenants: []id.Workspace{tenant.ID}, Statuses: []workspace.Status{workspace.Verified}}, Prefix: "til", Limit: 9,
		})
		c.same("the mini program by name", hits, err, []miniprogram.Hit{{MiniProgram: program, OwnerStatus: workspace.Verified, TenantStatus: workspace.Verified, Term: "till"}})
		taken, err := r.NameTaken(ctx, tenant.ID, program.Language, program.NameKey)
		c.same("whether the name is taken", taken, err, true)
		taken, err = r.NameTaken(ctx, tenant.ID, gone.Language, gone.NameKey)
		c.same("whether the name of an archived one is taken", taken, err, false)
		compareCodes(c)
		more(c)
		return nil
	}))
}

// compareCodes fails unless the code is as it was, and every mini program has a
// default code that is not archived.
func compareCodes(c *checker) {
	d, err := c.r.DefaultQRCode(c.ctx, program.ID)
	c.same("the default QR code", d, err, qrcode.DefaultOf(program, d.ID))
	if d.ID.UUID[6]>>4 != 4 || d.ID.UUID[8]>>6 != 2 {
		c.Errorf("the default QR code has the id %v: want one of version 4", d.ID)
	}
	codes, err := c.r.QRCodes(c.ctx, qrcode.Query{MiniProgram: program.ID, Limit: 9})
	c.same("the QR codes", codes, err, []qrcode.Definition{code, d})
	if _, err := c.r.DefaultQRCode(c.ctx, gone.ID); !errors.Is(err, qrcode.ErrNotFound) {
		c.Errorf("the default QR code of an archived one: %v", err)
	}
}

// bare has no more than the first version.
func bare(c *checker) {
	vs, err := c.r.Versions(c.ctx, miniprogram.VersionQuery{MiniProgram: program.ID, Limit: 9})
	c.same("the versions", vs, err, []miniprogram.Version{version})
	d, err := c.r.Dossier(c.ctx, miniprogram.Subject{Version: version.ID})
	c.same("all about the mini program", d, err, miniprogram.Dossier{
		MiniProgram: program, Version: version,
		Information: []miniprogram.Information{{Language: program.Language, Name: program.Name, NameKey: program.NameKey}},
	})
}
