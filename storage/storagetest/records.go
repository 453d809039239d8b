package storagetest

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/workspace"
)

// A program is a mini program with its terms, and the statuses of its workspace
// and of that one's tenant.
type program struct {
	miniprogram.MiniProgram
	terms        []string
	owner, above workspace.Status
}

// hit is how a search finds it.
func (p program) hit(term string) miniprogram.Hit {
	return miniprogram.Hit{MiniProgram: p.MiniProgram, OwnerStatus: p.owner, TenantStatus: p.above, Term: term}
}

// A token is a token of a member's invitation.
type token struct {
	hash       [32]byte
	of         member.Member
	generation int
}

// tenant makes the record of a tenant workspace.
func (b *bench) tenant(change ...func(*workspace.Workspace)) workspace.Workspace {
	w := workspace.Workspace{
		ID: id.Workspace{UUID: b.uuid()}, Kind: workspace.Tenant, Name: "Wallet", Status: workspace.Verified,
		Business:  workspace.Business{Address: "1 Harbour Road", Scope: "payments", Representative: "Rita", Email: "rita@wallet.example"},
		CreatedAt: now, UpdatedAt: now,
	}
	w = changed(w, change)
	w.Tenant = w.ID
	return w
}

// developer makes the record of a developer workspace under a tenant.
func (b *bench) developer(t workspace.Workspace, change ...func(*workspace.Workspace)) workspace.Workspace {
	return changed(workspace.Workspace{
		ID: id.Workspace{UUID: b.uuid()}, Tenant: t.ID, Kind: workspace.Developer, Name: "Shop", Status: workspace.Verified,
		Business:  workspace.Business{Company: "Shop Ltd", Address: "2 Mill Lane", Scope: "groceries", Email: "sam@shop.example"},
		CreatedAt: now, UpdatedAt: now,
	}, change)
}

// member makes the record of an active member with an account and an e-mail of
// his own.
func (b *bench) member(w workspace.Workspace, role rbac.Role, change ...func(*member.Member)) member.Member {
	m := member.Member{ID: id.Member{UUID: b.uuid()}, Workspace: w.ID, Tenant: w.Tenant, State: member.Active, Role: role}
	who := m.ID.String()[:13]
	m.Name, m.NameKey, m.Account, m.Email = "Mo "+who, "mo "+who, id.Account("u-"+who), who+"@people.example"
	m.CreatedAt, m.UpdatedAt, m.JoinedAt = now, now, now
	return changed(m, change)
}

// invited makes of a member one who was invited.
func invited(m *member.Member) {
	m.State, m.Account, m.JoinedAt = member.Invited, "", time.Time{}
	m.Invitation = member.Invitation{SentAt: now, ExpiresAt: now.Add(72 * time.Hour), Generation: 1}
}

// state returns a change of state.
func state(s member.State) func(*member.Member) { return func(m *member.Member) { m.State = s } }

// account returns a change of account.
func account(a id.Account) func(*member.Member) { return func(m *member.Member) { m.Account = a } }

// holding returns a change that gives mini programs, with a team role or 0.
func holding(team rbac.RoleKey, held ...program) func(*member.Member) {
	return func(m *member.Member) {
		for _, p := range held {
			m.Programs = append(m.Programs, rbac.HeldProgram{MiniProgram: p.ID, Owner: p.Workspace, Team: team})
		}
		slices.SortFunc(m.Programs, func(a, b rbac.HeldProgram) int { return a.MiniProgram.Compare(b.MiniProgram.UUID) })
	}
}

// program makes the record of a mini program, found under its name.
func (b *bench) program(w workspace.Workspace, change ...func(*program)) program {
	p := program{MiniProgram: miniprogram.MiniProgram{
		ID: id.MiniProgram{UUID: b.uuid()}, Workspace: w.ID, Tenant: w.Tenant, Type: miniprogram.DSL, Language: "en",
		Status: miniprogram.InDevelopment, Creator: "u-creator", CreatedAt: now, UpdatedAt: now,
	}}
	p.Name = "Till " + p.ID.String()[:13]
	p.NameKey = "till " + p.ID.String()[:13]
	p.terms = []string{p.NameKey, p.NameKey[5:]}
	p.owner, p.above = w.Status, workspace.Verified
	return changed(p, change)
}

// version makes the record of a version.
func (b *bench) version(p program, change ...func(*miniprogram.Version)) miniprogram.Version {
	return changed(miniprogram.Version{
		ID: id.Version{UUID: b.uuid()}, MiniProgram: p.ID, Workspace: p.Workspace, Tenant: p.Tenant, Number: "1.0.0",
		Status:  miniprogram.VersionNew,
		Package: miniprogram.Package{Reference: "s3://packages/1", Size: 5 << 30, SHA256: [32]byte{1, 2, 255}},
		JSAPIs:  []string{"my.getAuthCode", "my.pay"}, Notes: map[string]string{"en": "First.", "zh-Hans": "第一版"},
		Uploader: "u-uploader", UploadedAt: now,
	}, change)
}

// code makes the record of a QR code.
func (b *bench) code(p program, change ...func(*qrcode.Definition)) qrcode.Definition {
	return changed(qrcode.Definition{
		ID: id.QRCode{UUID: b.uuid()}, MiniProgram: p.ID, Workspace: p.Workspace, Tenant: p.Tenant, Name: "Table 7",
		Page: "pages/order", Params: []qrcode.Param{{Key: "table", Value: "7"}, {Key: "area", Value: "terrace"}},
		Creator: "u-drawer", CreatedAt: now,
	}, change)
}

// event makes the event of a place in a workspace's trail, always the same.
func (*bench) event(w workspace.Workspace, seq uint64) audit.Event {
	e := audit.Event{
		Workspace: w.ID, Seq: seq, At: now.Add(time.Duration(seq) * time.Microsecond), Verb: "member.invited",
		Object: rbac.OnMember(id.Member{UUID: id.UUID{byte(seq), 255}}), Actor: "u-actor",
		Data:     fmt.Appendf(nil, `{ "request" : "r-%d",  "after":{"b":1,"a":2} }`, seq),
		Personal: []byte(`{"actor":"u-actor"}`), Salt: []byte{0, 255, 10, 39, byte(seq)},
	}
	e.Commitment, e.Hash = [32]byte(slices.Repeat([]byte{byte(seq)}, 32)), [32]byte(slices.Repeat([]byte{255 - byte(seq)}, 32))
	return e
}

func changed[T any](v T, change []func(*T)) T {
	for _, c := range change {
		c(&v)
	}
	return v
}

// put stores new records in one unit.
func (b *bench) put(records ...any) {
	b.Helper()
	b.ok(b.try(records...))
}

// try is put for what may fail.
func (b *bench) try(records ...any) error {
	var scope []id.Workspace
	for _, r := range records {
		if w := where(r); !slices.ContainsFunc(records, func(r any) bool { n, is := r.(workspace.Workspace); return is && n.ID == w }) {
			scope = append(scope, w)
		}
	}
	return b.update(on(scope...), func(ctx context.Context, tx storage.Tx) error {
		return insert(ctx, tx, records...)
	})
}

// where returns the workspace a record belongs to.
func where(record any) id.Workspace {
	switch r := record.(type) {
	case workspace.Workspace:
		return r.ID
	case member.Member:
		return r.Workspace
	case token:
		return r.of.Workspace
	case program:
		return r.Workspace
	case miniprogram.Version:
		return r.Workspace
	case qrcode.Definition:
		return r.Workspace
	case audit.Event:
		return r.Workspace
	}
	panic(fmt.Sprintf("storagetest: no record: %T", record))
}

// insert stores new records.
func insert(ctx context.Context, tx storage.Tx, records ...any) error {
	for _, record := range records {
		var err error
		switch r := record.(type) {
		case workspace.Workspace:
			err = tx.InsertWorkspace(ctx, r)
		case member.Member:
			err = tx.InsertMember(ctx, r)
		case token:
			err = tx.InsertToken(ctx, r.hash, r.of.ID, r.generation)
		case program:
			err = tx.InsertMiniProgram(ctx, r.MiniProgram, r.terms)
		case miniprogram.Version:
			err = tx.InsertVersion(ctx, r)
		case qrcode.Definition:
			err = tx.InsertQRCode(ctx, r)
		case audit.Event:
			err = tx.AppendEvent(ctx, r)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// A town is a tenant with everything in it, once.
type town struct {
	tenant, developer workspace.Workspace
	admin, guest      member.Member
	program           program
	version           miniprogram.Version
	code              qrcode.Definition
	token             token
	event             audit.Event
}

// town makes one.
func (b *bench) town() town {
	t := town{tenant: b.tenant()}
	t.developer = b.developer(t.tenant)
	t.program = b.program(t.developer)
	t.admin = b.member(t.developer, rbac.DeveloperAdmin, holding(rbac.MiniProgramAdmin.Key(), t.program))
	t.guest = b.member(t.developer, rbac.Developer, invited, holding(rbac.MiniProgramDeveloper.Key(), t.program))
	t.guest.Invitation.Sender = t.admin.Account
	t.version, t.code = b.version(t.program), b.code(t.program)
	t.program.LatestVersion, t.program.UploadedAt = t.version.Number, t.version.UploadedAt
	t.token = token{b.hash(), t.guest, 1}
	t.event = b.event(t.developer, 1)
	return t
}

// records returns what is in the town, in an order in which it can be stored.
func (t town) records() []any {
	return []any{t.tenant, t.developer, t.program, t.admin, t.guest, t.version, t.code, t.token, t.event}
}

// newTown makes a town and stores it.
func (b *bench) newTown() town {
	b.Helper()
	t := b.town()
	b.put(t.records()...)
	return t
}
