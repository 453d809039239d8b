package sqlite

import (
	"context"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/feature"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/internal/sqlstore"
	"github.com/superapp-go/superapp/workspace"
)

// explained is a Database that notes the plan of every statement it reads.
type explained struct {
	sqlstore.Database
	plan func(sql, plan string)
}

type explainedSession struct {
	sqlstore.Session
	plan func(sql, plan string)
}

func (e explained) Begin(ctx context.Context, write bool) (sqlstore.Session, error) {
	s, err := e.Database.Begin(ctx, write)
	return explainedSession{s, e.plan}, err
}

func (e explainedSession) Read(ctx context.Context, reads ...sqlstore.Read) error {
	for _, r := range reads {
		var plan []string
		if err := e.Session.Read(ctx, sqlstore.Read{SQL: "EXPLAIN QUERY PLAN " + r.SQL, Args: r.Args, Scan: func(rows sqlstore.Rows) error {
			for rows.Next() {
				var node, parent, unused int
				var detail string
				if err := rows.Scan(&node, &parent, &unused, &detail); err != nil {
					return err
				}
				plan = append(plan, detail)
			}
			return nil
		}}); err != nil {
			return err
		}
		e.plan(r.SQL, strings.Join(plan, "\n"))
	}
	return e.Session.Read(ctx, reads...)
}

var (
	// scans finds the reading of a whole table; k and arm are results of limited
	// subqueries, and tenants are few.
	scans = regexp.MustCompile(`(?m)^SCAN (\w+).*`)
	small = regexp.MustCompile(`^SCAN (k|arm|CONSTANT ROW|w USING COVERING INDEX workspace_tenants)$`)
	sorts = regexp.MustCompile(`TEMP B-TREE FOR (LAST TERM OF )?ORDER BY`)
	// arms finds what is limited before it is sorted once more.
	arms = regexp.MustCompile(`(?s)CO-ROUTINE arm\n(.*?)SCAN arm`)
)

// unlimited returns the part of a plan in which a sort would sort everything.
func unlimited(plan string) string {
	inside := arms.FindAllStringSubmatch(plan, -1)
	if inside == nil {
		return plan
	}
	plan = ""
	for _, arm := range inside {
		plan += arm[1]
	}
	return plan
}

// TestPlans shows that no statement reads a whole table, and that a list is
// read in its order, not sorted.
func TestPlans(t *testing.T) {
	t.Parallel()
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "platform.db"), nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	require.NoError(t, s.Migrate(t.Context()))
	all, err := migrations()
	require.NoError(t, err)

	var (
		ws    = id.Workspace{UUID: id.New()}
		other = id.Workspace{UUID: id.New()}
		prog  = id.MiniProgram{UUID: id.New()}
		mem   = id.Member{UUID: id.New()}
		hash  = [32]byte{1}
		open  = []rbac.WorkspaceStatus{rbac.Verified, rbac.Disabled}
		now   = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
		own   = rbac.Filter{Tenants: []id.Workspace{ws}, Statuses: open}
		mixed = rbac.Filter{
			Tenants: []id.Workspace{ws}, Workspaces: []id.Workspace{other, ws}, MiniPrograms: []id.MiniProgram{prog},
			OwnTenants: []id.Workspace{ws}, OwnWorkspaces: []id.Workspace{other}, Creator: "u-1", Statuses: open,
		}
		system = rbac.Filter{All: true, Statuses: open}
	)
	members := func(q member.Query) func(context.Context, storage.Reader) {
		return func(ctx context.Context, r storage.Reader) { r.Members(ctx, q) }
	}
	programs := func(q miniprogram.Query) func(context.Context, storage.Reader) {
		return func(ctx context.Context, r storage.Reader) { r.MiniPrograms(ctx, q) }
	}
	workspaces := func(q workspace.Query) func(context.Context, storage.Reader) {
		return func(ctx context.Context, r storage.Reader) { r.Workspaces(ctx, q) }
	}
	requests := func(q approval.Query) func(context.Context, storage.Reader) {
		return func(ctx context.Context, r storage.Reader) { r.Requests(ctx, q) }
	}
	inReview := []approval.Status{approval.InReview}
	for _, c := range []struct {
		name string
		read func(context.Context, storage.Reader)
		// index is one that the plan uses.
		index string
		// few says what is sorted and why that is right; "" if nothing is.
		few string
	}{
		{"members of a workspace", members(member.Query{Workspace: ws}), "member_by_workspace", ""},
		{"members of a tenant", members(member.Query{Tenant: ws}), "member_by_tenant", ""},
		{"members of a workspace in its tenant", members(member.Query{Workspace: ws, Tenant: other}), "member_by_", ""},
		{"members with statuses", members(member.Query{Workspace: ws, Now: now, Statuses: []member.Status{member.StatusSent, member.StatusActive}}), "member_by_workspace", ""},
		{"members with roles and a name", members(member.Query{Workspace: ws, Roles: []rbac.Role{rbac.Developer}, Name: "mo"}), "member_by_workspace", ""},
		{"what an account is", members(member.Query{Account: "u-1"}), "member_by_account", ""},
		{"what an account is in a workspace", members(member.Query{Account: "u-1", Workspace: ws}), "member_by_account", ""},
		{"who has an e-mail", members(member.Query{Email: "a@b.example"}), "member_by_email", ""},
		{"who has an e-mail in a tenant", members(member.Query{Email: "a@b.example", Tenant: ws}), "member_by_email", ""},
		{"who holds a mini program", members(member.Query{MiniProgram: prog}), "held_by_mini_program", ""},
		{"who of a workspace holds a mini program", members(member.Query{MiniProgram: prog, Workspace: ws}), "held", ""},
		{"invitations that expire", members(member.Query{ExpiresBefore: now}), "member_invited", ""},
		{"everybody", members(member.Query{}), "sqlite_autoindex_member", ""},
		{"a tenant's workspaces", workspaces(workspace.Query{Tenant: ws, Kind: workspace.Developer}), "workspace_by_tenant", ""},
		{"named workspaces", workspaces(workspace.Query{IDs: []id.Workspace{ws, other}}), "sqlite_autoindex_workspace", ""},
		{"every workspace", workspaces(workspace.Query{}), "mini_program_by_status", ""},
		{"a tenant's mini programs", programs(miniprogram.Query{Filter: own}), "mini_program_by_tenant", ""},
		{"a workspace's mini programs", programs(miniprogram.Query{Filter: own, Workspace: other}), "mini_program_by_workspace", ""},
		{"a creator's mini programs", programs(miniprogram.Query{Filter: own, Creator: "u-1"}), "mini_program_by_creator", ""},
		{"mini programs by every arm", programs(miniprogram.Query{Filter: mixed}), "mini_program_by_creator", ""},
		{"every mini program", programs(miniprogram.Query{Filter: system}), "sqlite_autoindex_mini_program", ""},
		{"a search in a tenant", programs(miniprogram.Query{Filter: own, Prefix: "till"}), "PRIMARY KEY (tenant_id=? AND suffix>? AND suffix<?)", ""},
		{"its next page", programs(miniprogram.Query{Filter: own, Prefix: "till", AfterTerm: "till 9", After: prog}), "PRIMARY KEY (tenant_id=? AND (suffix,mini_program_id)>(?,?) AND suffix<?)", ""},
		{"a search by every arm", programs(miniprogram.Query{Filter: mixed, Prefix: "till"}), "term_by_mini_program", "what one workspace or account has"},
		{"a search in a workspace", programs(miniprogram.Query{Filter: own, Workspace: other, Prefix: "till"}), "mini_program_by_", "what one workspace has"},
		{"a search everywhere, in each tenant", programs(miniprogram.Query{Filter: system, Prefix: "till"}), "workspace_tenants", ""},
		{"a tenant's requests", requests(approval.Query{Filter: &own}), "request_by_tenant ", ""},
		{"those to decide", requests(approval.Query{Filter: &own, Statuses: inReview}), "request_by_tenant_status", ""},
		{"a workspace's requests", requests(approval.Query{Filter: &own, Workspace: other}), "request_by_workspace ", ""},
		{"those to decide in a workspace", requests(approval.Query{Workspace: ws, Statuses: inReview}), "request_by_workspace_status", ""},
		{"what an account submitted", requests(approval.Query{Submitter: "u-1"}), "request_by_submitter", ""},
		{"what it submitted in a tenant", requests(approval.Query{Filter: &own, Tenant: ws, Submitter: "u-1"}), "request_by_submitter", ""},
		{"requests about a mini program", requests(approval.Query{Filter: &own, MiniProgram: prog}), "request_by_mini_program", ""},
		{"requests about an object", requests(approval.Query{Filter: &own, Object: rbac.OnMiniProgram(prog)}), "request_by_object", ""},
		{"requests by every arm", requests(approval.Query{Filter: &mixed}), "request_by_mini_program", ""},
		{"every request", requests(approval.Query{Filter: &system}), "sqlite_autoindex_request", ""},
		{"every request to decide", requests(approval.Query{Statuses: inReview, Kinds: []approval.Kind{approval.Removal}}), "request_by_status", ""},
		{"a catalogue", func(ctx context.Context, r storage.Reader) {
			r.Features(ctx, feature.Query{Tenant: ws, Limit: 9})
			r.JSAPIs(ctx, ws, id.JSAPI{}, 9)
			r.Catalogue(ctx, feature.Lookup{Tenant: ws, Feature: id.Feature{UUID: id.New()}, Key: "pay", JSAPIs: []string{"my.a", "my.b"}, Workspaces: []id.Workspace{other}})
		}, "feature_name_key", ""},
		{"the features that a workspace sees", func(ctx context.Context, r storage.Reader) {
			r.Features(ctx, feature.Query{Tenant: ws, SharedWith: other, Limit: 9})
		}, "feature_for_all", ""},
		{"the history of an object", func(ctx context.Context, r storage.Reader) {
			r.Events(ctx, audit.Query{Workspace: ws, Object: rbac.OnMiniProgram(prog), Verbs: []audit.Verb{"a.b", "a.c"}, Limit: 9})
		}, "event_by_object", ""},
		{"the denials of an account", func(ctx context.Context, r storage.Reader) {
			r.Denials(ctx, audit.DenialQuery{Workspace: ws, Actor: "u-1", Before: 9, Limit: 9})
		}, "denial_by_actor", ""},
		{"the denials on an object", func(ctx context.Context, r storage.Reader) {
			r.Denials(ctx, audit.DenialQuery{Workspace: ws, Object: rbac.OnMiniProgram(prog), Limit: 9})
		}, "denial_by_object", ""},
		{"the versions with a status", func(ctx context.Context, r storage.Reader) {
			r.Versions(ctx, miniprogram.VersionQuery{MiniProgram: prog, Statuses: []miniprogram.VersionStatus{miniprogram.Released}, Limit: 9})
		}, "version_by_status", ""},
		{"all about a mini program", func(ctx context.Context, r storage.Reader) {
			r.Dossier(ctx, miniprogram.Subject{MiniProgram: prog})
			r.Dossier(ctx, miniprogram.Subject{Version: id.Version{UUID: id.New()}})
		}, "request_standing", ""},
		{"the versions of a mini program that are under way", func(ctx context.Context, r storage.Reader) {
			r.Dossier(ctx, miniprogram.Subject{MiniProgram: prog})
		}, "version_live", ""},
		{"what is in a workspace", func(ctx context.Context, r storage.Reader) { r.Contents(ctx, ws) }, "request_by_workspace_status", "what is under way in one workspace"},
		{"what an account may", func(ctx context.Context, r storage.Reader) { r.Grants(ctx, "u-1") }, "member_by_account", "what one account has"},
		{"the rest", func(ctx context.Context, r storage.Reader) {
			for k := rbac.KindWorkspace; k <= rbac.KindLink; k++ {
				r.Facts(ctx, rbac.Query{Account: "u-1", Object: rbac.Object{Kind: k, ID: ws.UUID}})
			}
			r.Head(ctx, ws)
			r.Events(ctx, audit.Query{Workspace: ws, Limit: 9})
			r.Denials(ctx, audit.DenialQuery{Workspace: ws, Limit: 9})
			r.Workspace(ctx, ws)
			r.Admins(ctx, ws, mem, 9)
			r.Activity(ctx, ws)
			r.MiniProgram(ctx, prog)
			r.NameTaken(ctx, ws, "en", "till")
			r.Versions(ctx, miniprogram.VersionQuery{MiniProgram: prog, Limit: 9})
			r.Team(ctx, prog, mem, 9)
			r.Teammate(ctx, prog, mem)
			r.Eligible(ctx, miniprogram.EligibleQuery{Workspace: ws, MiniProgram: prog, Roles: []rbac.Role{rbac.Developer}, Limit: 9})
			r.Case(ctx, id.Request{UUID: id.New()})
			r.Settings(ctx, ws)
			r.Logo(ctx, prog)
			r.Member(ctx, mem)
			r.QRCode(ctx, id.QRCode{})
		}, "member_admins", ""},
		{"QR codes", func(ctx context.Context, r storage.Reader) {
			r.QRCodes(ctx, qrcode.Query{MiniProgram: prog, Limit: 9})
			r.QRCodes(ctx, qrcode.Query{MiniProgram: prog, Deleted: true, Limit: 9})
		}, "qr_code_by_mini_program (mini_program_id=? AND deleted=? AND id>?)", ""},
		{"the default QR code", func(ctx context.Context, r storage.Reader) { r.DefaultQRCode(ctx, prog) }, "qr_code_default_of", ""},
		{"a short code", func(ctx context.Context, r storage.Reader) { r.ShortCode(ctx, "k7Qx2") }, "qr_code_short", ""},
		{"the targets of a QR code", func(ctx context.Context, r storage.Reader) {
			r.Retargets(ctx, id.QRCode{UUID: id.New()}, 0, 9)
			r.ScanCount(ctx, id.QRCode{UUID: id.New()})
		}, "PRIMARY KEY (code_id=? AND revision<?)", ""},
		{"look-ups", func(ctx context.Context, r storage.Reader) {
			r.Lookup(ctx, member.Lookup{Token: hash, Emails: []string{"a@b.example", "b@b.example"}, Account: "u-1", Admins: true, Settings: true, Programs: []id.MiniProgram{prog}})
			r.Lookup(ctx, member.Lookup{Member: mem, Workspace: ws, Emails: []string{"a@b.example"}, Account: "u-1", Admins: true})
		}, "member_open_email", "the records of a few e-mails"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var plans string
			db := explained{s.pools, func(sql, plan string) {
				t.Logf("%s\n%s", sql, plan)
				plans += plan + "\n"
				for _, scan := range scans.FindAllString(plan, -1) {
					require.Regexp(t, small, scan, "a whole table is read")
				}
				if c.few == "" {
					require.NotRegexp(t, sorts, unlimited(plan), "a list is sorted, not read in its order")
				}
			}}
			store := sqlstore.New(sqlstore.Config{Dialect: dialect(""), Database: db, Migrations: all})
			require.NoError(t, store.View(t.Context(), func(ctx context.Context, r storage.Reader) error {
				c.read(ctx, r)
				return nil
			}))
			require.Contains(t, plans, c.index)
		})
	}
}
