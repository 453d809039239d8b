package storagetest

import (
	"fmt"
	"slices"
	"time"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/feature"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/rbac"
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
		Revision: 1, Creator: "u-drawer", CreatedAt: now, UpdatedAt: now,
	}, change)
}

// short makes the record of a short code.
func (b *bench) short(p program, change ...func(*qrcode.Definition)) qrcode.Definition {
	return b.code(p, append([]func(*qrcode.Definition){func(d *qrcode.Definition) { d.Short = "k" + d.ID.String()[:12] }}, change...)...)
}

// A target is one that a short code had.
type target struct {
	of qrcode.Definition
	qrcode.Retarget
}

// firstTarget is the target that a short code has from the beginning.
func firstTarget(d qrcode.Definition) target {
	return target{d, qrcode.Retarget{Revision: 1, Page: d.Page, Params: d.Params, By: d.Creator, At: d.CreatedAt}}
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

// A town is a tenant with everything in it, once.
type town struct {
	tenant, developer workspace.Workspace
	admin, guest      member.Member
	program           program
	version           miniprogram.Version
	code, short       qrcode.Definition
	target            target
	token             token
	link              linkToken
	event             audit.Event
	api               feature.JSAPI
	feature           feature.Feature
	request           approval.Request
	inside            inside
	set               set
}

// town makes one.
func (b *bench) town() town {
	t := town{tenant: b.tenant()}
	t.developer = b.developer(t.tenant)
	t.program = b.program(t.developer)
	t.admin = b.member(t.developer, rbac.DeveloperAdmin, holding(rbac.MiniProgramAdmin.Key(), t.program))
	t.guest = b.member(t.developer, rbac.Developer, invited, holding(rbac.MiniProgramDeveloper.Key(), t.program))
	t.guest.Invitation.Sender = t.admin.Account
	t.version, t.code, t.short = b.version(t.program), b.code(t.program), b.short(t.program)
	t.target = firstTarget(t.short)
	t.version.Progress = []miniprogram.Step{{Status: miniprogram.Canceled, At: now, By: "u-releaser", Reason: "Too early."}}
	t.program.LatestVersion, t.program.UploadedAt = t.version.Number, t.version.UploadedAt
	t.token = token{b.hash(), t.guest, 1}
	t.link = linkToken{b.link(t.developer), b.hash(), 1}
	t.link.Programs, t.link.Maker = t.guest.Programs, t.admin.Account
	t.event = b.event(t.developer, 1)
	t.api, t.feature = b.jsapi(t.tenant), b.feature(t.tenant)
	t.request = b.request(t.developer, approval.VersionRelease, rbac.OnVersion(t.version.ID), ofProgram(t.program))
	t.inside, t.set = b.inside(t.program, t.feature), set{t.developer.ID, someSettings()}
	return t
}

// records returns what is in the town, in an order in which it can be stored.
func (t town) records() []any {
	return []any{t.tenant, t.developer, t.program, t.admin, t.guest, t.version, t.code, t.short, t.target, t.token, t.link, t.event,
		t.api, t.feature, t.request, t.inside, t.set}
}

// newTown makes a town and stores it.
func (b *bench) newTown() town {
	b.Helper()
	t := b.town()
	b.put(t.records()...)
	return t
}
