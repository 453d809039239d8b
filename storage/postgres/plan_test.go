package postgres_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/feature"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/dbtest"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/postgres"
	"github.com/superapp-go/superapp/workspace"
)

// The town has so many of each.
const (
	manyWorkspaces = 2_500
	many           = 10_000
)

// Its ids are their numbers: 1 is the tenant, 2 the workspace in which most is.
func number(n int) id.UUID {
	return id.UUID{12: byte(n >> 24), 13: byte(n >> 16), 14: byte(n >> 8), 15: byte(n)}
}

// fill is the statement for a town of many rows. Of what it has for an account,
// an e-mail or a mini program there is little each.
const fill = `
INSERT INTO %[1]s.workspace (id, tenant_id, kind, name, status, company, address, scope, representative, email)
	SELECT pg_temp.n(i), pg_temp.n(1), CASE i WHEN 1 THEN 'tenant' ELSE 'developer' END, 'W', 'verified', '', '', '', '', '' FROM generate_series(1, %[2]d) i;
INSERT INTO %[1]s.head (workspace_id, seq, hash) SELECT id, 0, sha256('') FROM %[1]s.workspace;
INSERT INTO %[1]s.event (workspace_id, seq, verb, object_kind, object_id, by_system, actor, commitment, hash)
	SELECT pg_temp.n(2), i, 'x.y', 1, pg_temp.n(2), false, 'u-1', sha256(''), sha256('') FROM generate_series(1, %[3]d) i;
INSERT INTO %[1]s.member (id, workspace_id, tenant_id, state, role, name, name_key, email, account, first_admin, generation, expires_at)
	SELECT pg_temp.n(i), pg_temp.n(CASE WHEN i %% 2 = 0 THEN 2 ELSE 2 + i %% (%[2]d - 2) END), pg_temp.n(1),
		CASE WHEN i %% 5 = 0 THEN 'invited' ELSE 'active' END, CASE WHEN i %% 1000 = 2 THEN 'developer_admin' ELSE 'developer' END, 'Mo', 'mo',
		'e-' || i, CASE WHEN i %% 5 > 0 THEN 'u-' || i END, false, 1, now() FROM generate_series(1, %[3]d) i;
INSERT INTO %[1]s.token (hash, member_id, generation) SELECT sha256(i::text::bytea), pg_temp.n(i), 1 FROM generate_series(5, %[3]d, 5) i;
INSERT INTO %[1]s.mini_program (id, workspace_id, tenant_id, type, language, name, name_key, status, creator, latest_version)
	SELECT pg_temp.n(i), pg_temp.n(CASE WHEN i %% 2 = 0 THEN 2 ELSE 2 + i %% (%[2]d - 2) END), pg_temp.n(1), 'h5', 'en', 'Till ' || i, 'till ' || i,
		'published', 'u-' || i %% 1000, '' FROM generate_series(1, %[3]d) i;
INSERT INTO %[1]s.term (tenant_id, suffix, mini_program_id) SELECT tenant_id, name_key, id FROM %[1]s.mini_program
	UNION ALL SELECT tenant_id, substr(name_key, 6), id FROM %[1]s.mini_program;
INSERT INTO %[1]s.held (member_id, mini_program_id, owner_id, team_role)
	SELECT pg_temp.n(i), pg_temp.n(i), pg_temp.n(2), 'mini_program_developer' FROM generate_series(1, %[3]d) i;
INSERT INTO %[1]s.held (member_id, mini_program_id, owner_id, team_role)
	SELECT pg_temp.n(i), pg_temp.n(2), pg_temp.n(2), 'mini_program_developer' FROM generate_series(4, %[3]d, 2) i;
INSERT INTO %[1]s.version (id, mini_program_id, workspace_id, tenant_id, number, status, package_reference, package_size, package_sha256)
	SELECT pg_temp.n(i), pg_temp.n(CASE WHEN i %% 2 = 0 THEN 2 ELSE i END), pg_temp.n(2), pg_temp.n(1), '1.0.0', 'new', '', 1, sha256('') FROM generate_series(1, %[3]d) i;
INSERT INTO %[1]s.qr_code (id, mini_program_id, workspace_id, tenant_id, name, page, short, default_of, deleted_at, deleted)
	SELECT pg_temp.n(i), pg_temp.n(CASE WHEN i %% 2 = 0 THEN 2 ELSE i END), pg_temp.n(2), pg_temp.n(1), '', '', CASE WHEN i %% 3 = 0 THEN 's' || i END,
		CASE WHEN i %% 2 = 1 THEN pg_temp.n(i) END, CASE WHEN i %% 4 = 0 THEN now() END, i %% 4 = 0 FROM generate_series(1, %[3]d) i;
INSERT INTO %[1]s.qr_target (code_id, revision, page) SELECT pg_temp.n(CASE WHEN i %% 2 = 0 THEN 3 ELSE 3 * i END), i, '' FROM generate_series(1, %[3]d / 3) i;
INSERT INTO %[1]s.qr_scan (code_id, slot, scans) SELECT pg_temp.n(3 * i), n, 1 FROM generate_series(1, %[3]d / 3) i, generate_series(0, 3) n;
INSERT INTO %[1]s.information (mini_program_id, language, tenant_id, name, name_key, open_name, tagline, description)
	SELECT id, language, tenant_id, name, name_key, name_key, '', '' FROM %[1]s.mini_program;
INSERT INTO %[1]s.request (id, kind, status, workspace_id, tenant_id, mini_program_id, object_kind, object_id, topic, submitter, digest, reason, answer)
	SELECT pg_temp.n(i), 'version_release', CASE WHEN i %% 100 = 0 THEN 'in_review' ELSE 'approved' END, pg_temp.n(CASE WHEN i %% 2 = 0 THEN 2 ELSE 2 + i %% (%[2]d - 2) END),
		pg_temp.n(1), pg_temp.n(i / 10 + 1), 4, pg_temp.n(i), i, 'u-' || i %% 1000, sha256(''), '', '' FROM generate_series(1, %[3]d) i;
INSERT INTO %[1]s.denial (workspace_id, seq, by_system, actor, permission, object_kind, object_id, attempts, first_at, last_at, on_behalf_of, request, reason)
	SELECT pg_temp.n(2), i, false, 'u-' || i %% 1000, 'x.y', 2, pg_temp.n(i %% 1000), 1, now(), now(), '', '', 'role_lacks_it' FROM generate_series(1, %[3]d) i;
INSERT INTO %[1]s.jsapi (id, tenant_id, name, description) SELECT pg_temp.n(i), pg_temp.n(1), 'my.' || i, '' FROM generate_series(1, %[3]d) i;
INSERT INTO %[1]s.feature (id, tenant_id, name, name_key, description, access, shared, for_all, retired)
	SELECT pg_temp.n(i), pg_temp.n(1), '', 'f' || i, '', 'direct', CASE WHEN i %% 2 = 0 THEN '[]'::json END, i %% 2 = 1, false FROM generate_series(1, %[3]d) i;
INSERT INTO %[1]s.feature_shared (workspace_id, feature_id) SELECT pg_temp.n(2 + i %% 100), pg_temp.n(i) FROM generate_series(2, %[3]d, 2) i;
INSERT INTO %[1]s.attached (mini_program_id, feature_id) SELECT pg_temp.n(i), pg_temp.n(i) FROM generate_series(1, %[3]d) i;
ANALYZE %[1]s.information, %[1]s.request, %[1]s.jsapi, %[1]s.feature, %[1]s.feature_shared, %[1]s.attached, %[1]s.workspace, %[1]s.head, %[1]s.event, %[1]s.member, %[1]s.token, %[1]s.mini_program, %[1]s.term, %[1]s.held, %[1]s.version, %[1]s.qr_code, %[1]s.qr_target, %[1]s.qr_scan`

// TestPlans shows that no question reads much more than it answers, however
// much there is: every list comes in the order of an index, and no plan is lost
// when the server makes one for all arguments, which it does from the sixth run
// of a prepared statement on.
func TestPlans(t *testing.T) {
	t.Parallel()
	s := dbtest.Postgres(t)
	p := pool(t, s.DSN)
	store := open(t, p, &postgres.Options{Schema: s.Name})
	require.NoError(t, store.Migrate(t.Context()))
	filling, err := p.Begin(t.Context())
	require.NoError(t, err)
	defer filling.Rollback(context.Background())
	for sql := range strings.SplitSeq(`CREATE FUNCTION pg_temp.n(i int) RETURNS uuid LANGUAGE sql IMMUTABLE AS
		$$SELECT lpad(to_hex(i), 32, '0')::uuid$$;`+fmt.Sprintf(fill, s.Name, manyWorkspaces, many), ";\n") {
		_, err := filling.Exec(t.Context(), sql, pgx.QueryExecModeSimpleProtocol)
		require.NoError(t, err)
	}
	require.NoError(t, filling.Commit(t.Context()))

	const limit = 11
	var few []id.Workspace
	for n := range 9 {
		few = append(few, id.Workspace{UUID: number(100 + n)})
	}
	var (
		tenant, ws = id.Workspace{UUID: number(1)}, id.Workspace{UUID: number(2)}
		prog       = id.MiniProgram{UUID: number(2)}
		open       = []rbac.WorkspaceStatus{rbac.Verified, rbac.Disabled}
		own        = rbac.Filter{Tenants: []id.Workspace{tenant}, Statuses: open}
		mixed      = rbac.Filter{
			Tenants: []id.Workspace{tenant}, Workspaces: []id.Workspace{ws}, MiniPrograms: []id.MiniProgram{prog},
			OwnTenants: []id.Workspace{tenant}, OwnWorkspaces: []id.Workspace{ws}, Creator: "u-1", Statuses: open,
		}
		system = rbac.Filter{All: true, Statuses: open}
		little = rbac.Filter{Workspaces: few, Statuses: open}
	)
	// steady are those for which one plan serves.
	steady := []string{"the mini programs of a developer", "facts", "grants", "the default QR code", "a short code", "the scans of a QR code"}
	var assigned []id.MiniProgram
	for n := range 20 {
		assigned = append(assigned, id.MiniProgram{UUID: number(many - 37*n)})
	}
	type read = func(context.Context, storage.Reader) (int, error)
	// Every list is read from a place in its midst.
	members := func(q member.Query) read {
		return func(ctx context.Context, r storage.Reader) (int, error) {
			q.After, q.Limit = id.Member{UUID: number(many / 2)}, limit
			list, err := r.Members(ctx, q)
			return len(list), err
		}
	}
	programs := func(q miniprogram.Query) read {
		return func(ctx context.Context, r storage.Reader) (int, error) {
			q.Limit = limit
			if q.Prefix == "" || q.AfterTerm != "" {
				q.After = id.MiniProgram{UUID: number(many / 2)}
			}
			list, err := r.MiniPrograms(ctx, q)
			return len(list), err
		}
	}
	workspaces := func(q workspace.Query) read {
		return func(ctx context.Context, r storage.Reader) (int, error) {
			q.After, q.Limit = id.Workspace{UUID: number(manyWorkspaces / 2)}, limit
			list, err := r.Workspaces(ctx, q)
			return len(list), err
		}
	}
	requests := func(q approval.Query) read {
		return func(ctx context.Context, r storage.Reader) (int, error) {
			q.Limit = limit
			if len(q.Statuses) == 0 && q.Submitter == "" && q.MiniProgram.IsZero() {
				q.After = id.Request{UUID: number(many / 2)}
			}
			list, err := r.Requests(ctx, q)
			return len(list), err
		}
	}
	inReview := []approval.Status{approval.InReview}
	one := func(err error) (int, error) { return limit, err }
	now := time.Now().Add(time.Hour)
	for _, c := range []struct {
		name string
		// most is how many rows and entries of indexes may be looked at.
		most int
		read read
	}{
		{"members of a workspace", 10 * limit, members(member.Query{Workspace: ws})},
		{"members of a tenant", 10 * limit, members(member.Query{Tenant: tenant})},
		{"members with statuses", 10 * limit, members(member.Query{Workspace: ws, Now: now, Statuses: []member.Status{member.StatusExpired, member.StatusActive}})},
		{"members with roles and a name", 10 * limit, members(member.Query{Workspace: ws, Roles: []rbac.Role{rbac.Developer}, Name: "mo"})},
		{"what an account is", 2 * limit, members(member.Query{Account: "u-9111"})},
		{"who has an e-mail", 2 * limit, members(member.Query{Email: "e-9111", Tenant: tenant})},
		{"who holds a mini program", 10 * limit, members(member.Query{MiniProgram: prog, Workspace: ws})},
		{"invitations that expire", 10 * limit, members(member.Query{ExpiresBefore: now})},
		{"a tenant's workspaces", 10*limit + limit*many/manyWorkspaces, workspaces(workspace.Query{Tenant: tenant, Kind: workspace.Developer})},
		{"every workspace", 10*limit + limit*many/manyWorkspaces, workspaces(workspace.Query{})},
		{"a tenant's mini programs", 10 * limit, programs(miniprogram.Query{Filter: own})},
		{"a workspace's mini programs", 10 * limit, programs(miniprogram.Query{Filter: own, Workspace: ws})},
		{"a creator's mini programs", 10 * limit, programs(miniprogram.Query{Filter: own, Creator: "u-1"})},
		{"mini programs by every arm", 40 * limit, programs(miniprogram.Query{Filter: mixed})},
		{"every mini program", 10 * limit, programs(miniprogram.Query{Filter: system})},
		{"a search in a tenant", 20 * limit, programs(miniprogram.Query{Filter: own, Prefix: "till"})},
		{"its next page", 20 * limit, programs(miniprogram.Query{Filter: own, Prefix: "till", AfterTerm: "till 7500"})},
		{"a search for few", 20 * limit, programs(miniprogram.Query{Filter: own, Prefix: "till 9999"})},
		{"a search everywhere", 20 * limit, programs(miniprogram.Query{Filter: system, Prefix: "till"})},
		{"a search in several workspaces", 40 * limit, programs(miniprogram.Query{Filter: little, Prefix: "till"})},
		{"the mini programs of several workspaces", 40 * limit, programs(miniprogram.Query{Filter: rbac.Filter{Workspaces: append(few[:3:3], ws), Statuses: open}})},
		{"the mini programs of a developer", 10 * limit, programs(miniprogram.Query{Filter: rbac.Filter{MiniPrograms: assigned, Statuses: open}})},
		{"facts", 4 * limit, func(ctx context.Context, r storage.Reader) (int, error) {
			f, err := r.Facts(ctx, rbac.Query{Account: "u-7777", Object: rbac.OnMiniProgram(id.MiniProgram{UUID: number(7777)})})
			require.True(t, f.Found)
			return one(err)
		}},
		{"grants", 2 * limit, func(ctx context.Context, r storage.Reader) (int, error) {
			list, err := r.Grants(ctx, "u-7777")
			return len(list), err
		}},
		{"events", 2 * limit, func(ctx context.Context, r storage.Reader) (int, error) {
			list, err := r.Events(ctx, audit.Query{Workspace: ws, After: many / 2, Limit: limit})
			return len(list), err
		}},
		{"denials of an account", 2 * limit, func(ctx context.Context, r storage.Reader) (int, error) {
			list, err := r.Denials(ctx, audit.DenialQuery{Workspace: ws, Actor: "u-7", Before: many, Limit: limit})
			return len(list), err
		}},
		{"denials on an object", 2 * limit, func(ctx context.Context, r storage.Reader) (int, error) {
			list, err := r.Denials(ctx, audit.DenialQuery{Workspace: ws, Object: rbac.OnMiniProgram(prog), Limit: limit})
			return len(list), err
		}},
		{"admins", 2*limit + many/1000, func(ctx context.Context, r storage.Reader) (int, error) {
			list, err := r.Admins(ctx, ws, id.Member{UUID: number(2)}, limit)
			return len(list), err
		}},
		{"activity", 10 * limit, func(ctx context.Context, r storage.Reader) (int, error) {
			_, err := r.Activity(ctx, ws)
			return one(err)
		}},
		{"versions", 2 * limit, func(ctx context.Context, r storage.Reader) (int, error) {
			list, err := r.Versions(ctx, miniprogram.VersionQuery{MiniProgram: prog, After: id.Version{UUID: number(many / 2)}, Limit: limit})
			return len(list), err
		}},
		{"a team", 10 * limit, func(ctx context.Context, r storage.Reader) (int, error) {
			list, err := r.Team(ctx, prog, id.Member{UUID: number(many / 2)}, limit)
			return len(list), err
		}},
		{"QR codes", 10 * limit, func(ctx context.Context, r storage.Reader) (int, error) {
			list, err := r.QRCodes(ctx, qrcode.Query{MiniProgram: prog, After: id.QRCode{UUID: number(many / 2)}, Limit: limit})
			return len(list), err
		}},
		{"deleted QR codes", 10 * limit, func(ctx context.Context, r storage.Reader) (int, error) {
			list, err := r.QRCodes(ctx, qrcode.Query{MiniProgram: prog, Deleted: true, After: id.QRCode{UUID: number(many / 2)}, Limit: limit})
			return len(list), err
		}},
		{"the default QR code", 2, func(ctx context.Context, r storage.Reader) (int, error) {
			_, err := r.DefaultQRCode(ctx, id.MiniProgram{UUID: number(7777)})
			return one(err)
		}},
		{"a short code", 2 * limit, func(ctx context.Context, r storage.Reader) (int, error) {
			_, err := r.ShortCode(ctx, "s7776")
			return one(err)
		}},
		{"the targets of a QR code", 2 * limit, func(ctx context.Context, r storage.Reader) (int, error) {
			list, err := r.Retargets(ctx, id.QRCode{UUID: number(3)}, many/6, limit)
			return len(list), err
		}},
		{"the scans of a QR code", limit, func(ctx context.Context, r storage.Reader) (int, error) {
			n, err := r.ScanCount(ctx, id.QRCode{UUID: number(7776)})
			require.Equal(t, int64(4), n)
			return one(err)
		}},
		{"a tenant's requests", 10 * limit, requests(approval.Query{Filter: &own})},
		{"those to decide", 10 * limit, requests(approval.Query{Filter: &own, Statuses: inReview})},
		{"those to decide in a workspace", 10 * limit, requests(approval.Query{Workspace: ws, Statuses: inReview})},
		{"a workspace's requests", 10 * limit, requests(approval.Query{Filter: &own, Workspace: ws})},
		{"what an account submitted", 10 * limit, requests(approval.Query{Filter: &own, Submitter: "u-7"})},
		{"requests about a mini program", 10 * limit, requests(approval.Query{Filter: &own, MiniProgram: prog})},
		{"requests by every arm", 40 * limit, requests(approval.Query{Filter: &mixed})},
		{"every request to decide", 10 * limit, requests(approval.Query{Statuses: inReview})},
		{"features", 2 * limit, func(ctx context.Context, r storage.Reader) (int, error) {
			list, err := r.Features(ctx, feature.Query{Tenant: tenant, After: id.Feature{UUID: number(many / 2)}, Limit: limit})
			return len(list), err
		}},
		{"features that a workspace sees", 10 * limit, func(ctx context.Context, r storage.Reader) (int, error) {
			list, err := r.Features(ctx, feature.Query{Tenant: tenant, SharedWith: ws, After: id.Feature{UUID: number(many / 2)}, Limit: limit})
			return len(list), err
		}},
		{"JSAPIs", 2 * limit, func(ctx context.Context, r storage.Reader) (int, error) {
			list, err := r.JSAPIs(ctx, tenant, id.JSAPI{UUID: number(many / 2)}, limit)
			return len(list), err
		}},
		{"a catalogue", 3 * limit, func(ctx context.Context, r storage.Reader) (int, error) {
			f, err := r.Catalogue(ctx, feature.Lookup{Tenant: tenant, Feature: id.Feature{UUID: number(7777)}, Key: "f7777", JSAPIs: []string{"my.7", "my.8"}, Workspaces: []id.Workspace{ws}})
			require.Equal(t, number(7777), f.Named.UUID)
			return one(err)
		}},
		{"all about a mini program", 8 * limit, func(ctx context.Context, r storage.Reader) (int, error) {
			d, err := r.Dossier(ctx, miniprogram.Subject{Version: id.Version{UUID: number(7777)}})
			require.Len(t, d.Features, 1)
			return one(err)
		}},
		{"who may join a team", 10 * limit, func(ctx context.Context, r storage.Reader) (int, error) {
			list, err := r.Eligible(ctx, miniprogram.EligibleQuery{Workspace: ws, MiniProgram: prog, Roles: []rbac.Role{rbac.Developer}, After: id.Member{UUID: number(many / 2)}, Limit: limit})
			return len(list), err
		}},
		{"the history of an object", 2 * limit, func(ctx context.Context, r storage.Reader) (int, error) {
			list, err := r.Events(ctx, audit.Query{Workspace: ws, Object: rbac.Object{Kind: rbac.KindWorkspace, ID: ws.UUID}, After: many / 2, Limit: limit})
			return len(list), err
		}},
		{"a name", 2 * limit, func(ctx context.Context, r storage.Reader) (int, error) {
			taken, err := r.NameTaken(ctx, tenant, "en", "till 7777")
			require.True(t, taken)
			return one(err)
		}},
		{"a member and a head", 2 * limit, func(ctx context.Context, r storage.Reader) (int, error) {
			_, err := r.Member(ctx, id.Member{UUID: number(7777)})
			require.NoError(t, err)
			_, err = r.Head(ctx, ws)
			return one(err)
		}},
		{"a look-up by token", 10*limit + many/1000, func(ctx context.Context, r storage.Reader) (int, error) {
			var hash [32]byte
			require.NoError(t, p.QueryRow(ctx, "SELECT sha256('7770')").Scan((*bytes32)(&hash)))
			f, err := r.Lookup(ctx, member.Lookup{Token: hash, Emails: []string{"e-7770", "e-1"}, Account: "u-1", Admins: true, Programs: []id.MiniProgram{prog}})
			require.Equal(t, number(7770), f.Member.ID.UUID)
			return one(err)
		}},
		{"a look-up by member", 10*limit + many/1000, func(ctx context.Context, r storage.Reader) (int, error) {
			_, err := r.Lookup(ctx, member.Lookup{Member: id.Member{UUID: number(7777)}, Workspace: ws, Emails: []string{"e-2"}, Account: "u-2", Admins: true})
			return one(err)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			tx, err := p.BeginTx(t.Context(), pgx.TxOptions{BeginQuery: postgres.BeginRead})
			require.NoError(t, err)
			defer tx.Rollback(context.Background())
			if !slices.Contains(steady, c.name) {
				_, err := tx.Exec(t.Context(), postgres.PlanAnew)
				require.NoError(t, err)
			}
			bound := store.Bind(tx)
			before := touched(t, tx, s.Name)
			for run := range 20 {
				found := 0
				require.NoError(t, bound.View(t.Context(), func(ctx context.Context, r storage.Reader) (err error) {
					found, err = c.read(ctx, r)
					return err
				}))
				require.NotZero(t, found)
				after, looked, sum := touched(t, tx, s.Name), map[string]int{}, 0
				for name, n := range after {
					if n -= before[name]; n > 0 {
						looked[name] = n
						sum += n
					}
				}
				before = after
				require.LessOrEqual(t, sum, c.most, "run %d looked at %v", run+1, looked)
			}
		})
	}
}

// bytes32 scans bytes.
type bytes32 [32]byte

func (b *bytes32) Scan(src any) error {
	copy(b[:], src.([]byte))
	return nil
}

// touched counts the rows and entries of indexes that a transaction has looked
// at, by table and index.
func touched(t *testing.T, tx pgx.Tx, schema string) map[string]int {
	t.Helper()
	rows, err := tx.Query(t.Context(), `SELECT relname, n FROM (SELECT relname, pg_stat_get_xact_tuples_returned(oid) AS n
		FROM pg_class WHERE relnamespace = $1::text::regnamespace) AS c WHERE n > 0`, schema)
	require.NoError(t, err)
	defer rows.Close()
	counts := map[string]int{}
	for rows.Next() {
		var name string
		var n int
		require.NoError(t, rows.Scan(&name, &n))
		counts[name] = n
	}
	require.NoError(t, rows.Err())
	return counts
}
