package mysql

import (
	"context"
	"database/sql"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
	"time"

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
	"github.com/superapp-go/superapp/storage/internal/sqlstore"
	"github.com/superapp-go/superapp/workspace"
)

// counted is a Database that counts the rows which the engine looks at.
type counted struct {
	sqlstore.Database
	count func(sql string, rows int)
}

type countedSession struct {
	sqlstore.Session
	count func(sql string, rows int)
}

func (c counted) Begin(ctx context.Context, write bool) (sqlstore.Session, error) {
	s, err := c.Database.Begin(ctx, write)
	return countedSession{s, c.count}, err
}

// handled is the number of rows that the connection has looked at since it was
// opened.
func (c countedSession) handled(ctx context.Context) (sum int, err error) {
	err = c.Session.Read(ctx, sqlstore.Read{SQL: "SHOW SESSION STATUS LIKE 'Handler_read%'", Scan: func(rows sqlstore.Rows) error {
		for rows.Next() {
			var name string
			var n int
			if err := rows.Scan(&name, &n); err != nil {
				return err
			}
			sum += n
		}
		return nil
	}})
	return sum, err
}

func (c countedSession) Read(ctx context.Context, reads ...sqlstore.Read) error {
	for _, r := range reads {
		var at [4]int
		var err error
		// To ask counts as well.
		for i := range at {
			if i == 3 {
				err = c.Session.Read(ctx, r)
			}
			if err == nil {
				at[i], err = c.handled(ctx)
			}
			if err != nil {
				return err
			}
		}
		c.count(r.SQL, (at[3]-at[2])-(at[2]-at[1]))
	}
	return nil
}

// many is the number of rows in each big table.
const many = 20_000

// nth is the n-th id of a kind, as fill makes them.
func nth(kind byte, n int) (u id.UUID) {
	u[0] = kind
	binary.BigEndian.PutUint64(u[8:], uint64(n))
	return u
}

// fill stores two tenants, of which the first has nearly everything: many
// workspaces, in one of them many members and mini programs, of which one has
// many versions, QR codes and holders.
func fill(t *testing.T, db *sql.DB) {
	t.Helper()
	key := func(kind, n string) string { return "UNHEX(CONCAT('" + kind + "', LPAD(HEX(" + n + "), 30, '0')))" }
	tenant, space, program := key("10", "1"), key("11", "1"), key("30", "1")
	hash := "REPEAT('h', 32)"
	digits := "(SELECT 0 AS d" + strings.Join([]string{"", "1", "2", "3", "4", "5", "6", "7", "8", "9"}, " UNION ALL SELECT ") + ")"
	for _, statement := range []string{
		"CREATE TEMPORARY TABLE n (n INT PRIMARY KEY) ENGINE = MEMORY",
		"INSERT INTO n SELECT a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d + 1 FROM " + digits + " AS a, " + digits + " AS b, " +
			digits + " AS c, " + digits + " AS e, (SELECT 0 AS d UNION ALL SELECT 1) AS f",
		"INSERT INTO workspace SELECT " + key("10", "n") + ", " + key("10", "n") + ", 'tenant', 'T', 'verified', '', '', '', '', '', 1, 1 FROM n WHERE n <= 2",
		"INSERT INTO workspace SELECT " + key("11", "n") + ", " + key("10", "IF(n % 9 = 8, 2, 1)") + ", 'developer', 'D', 'verified', '', '', '', '', '', 1, 1 FROM n",
		"INSERT INTO member (id, workspace_id, tenant_id, state, role, name, name_key, email, account, first_admin, generation, expires_at)" +
			" SELECT " + key("20", "n") + ", " + key("11", "IF(n % 9 = 8, n, 1)") + ", " + tenant + ", ELT(1 + n % 4, 'active', 'invited', 'inactive', 'deleted')," +
			" IF(n % 2000 = 4, 'developer_admin', 'developer'), 'Mo', CONCAT('mo ', n), IF(n % 4 = 3, 'same', CONCAT('e', n)), IF(n % 4 = 3, 'same', CONCAT('u', n)), 0, 1, 1000 FROM n",
		"INSERT INTO mini_program (id, workspace_id, tenant_id, type, language, name, name_key, status, creator, latest_version)" +
			" SELECT " + key("30", "n") + ", " + key("11", "IF(n % 9 = 8, n, 1)") + ", " + key("10", "IF(n % 9 = 8, 2, 1)") + ", IF(n % 2, 'dsl', 'h5'), 'en', 'Till', CONCAT('till ', n)," +
			" ELT(1 + n % 3, 'published', 'offline', 'archived'), IF(n % 2, 'same', CONCAT('u', n)), '' FROM n",
		"INSERT INTO term SELECT tenant_id, name_key, id FROM mini_program",
		"INSERT INTO term SELECT tenant_id, SUBSTR(name_key, 6), id FROM mini_program",
		"INSERT INTO held SELECT id, " + program + ", workspace_id, IF(generation, 'mini_program_admin', NULL) FROM member",
		"INSERT INTO version SELECT " + key("40", "n") + ", " + key("30", "IF(n % 9 = 8, n, 1)") + ", " + space + ", " + tenant + ", '1.0.0', 'new', '', 1, " + hash + ", NULL, NULL, NULL, n, NULL, NULL FROM n",
		"INSERT INTO request (id, kind, status, workspace_id, tenant_id, mini_program_id, object_kind, object_id, topic, submitter, digest, reason, answer)" +
			" SELECT " + key("60", "n") + ", IF(n % 2, 'removal', 'version_release'), IF(n % 7, 'in_review', 'approved'), " + key("11", "IF(n % 9 = 8, n, 1)") + ", " +
			key("10", "IF(n % 9 = 8, 2, 1)") + ", " + key("30", "IF(n % 9 = 8, n, 1)") + ", 2, " + program + ", n, IF(n % 2, 'same', CONCAT('u', n)), " + hash + ", '', '' FROM n",
		"INSERT INTO jsapi (id, tenant_id, name, description) SELECT " + key("70", "n") + ", " + tenant + ", CONCAT('my.', n), '' FROM n",
		"INSERT INTO feature (id, tenant_id, name, name_key, description, access, shared, for_all, retired)" +
			" SELECT " + key("80", "n") + ", " + tenant + ", '', CONCAT('f', n), '', 'direct', IF(n % 2, NULL, '[]'), n % 2, 0 FROM n",
		"INSERT INTO feature_shared SELECT " + space + ", id FROM feature WHERE NOT for_all",
		"INSERT INTO qr_code (id, mini_program_id, workspace_id, tenant_id, name, page, short, deleted_at, deleted)" +
			" SELECT " + key("50", "n") + ", " + key("30", "IF(n % 9 = 8, n, 1)") + ", " + space + ", " + tenant + ", '', '', CONCAT('s', n)," +
			" IF(n % 4, NULL, n), n % 4 = 0 FROM n",
		"INSERT INTO qr_target (code_id, revision, page) SELECT " + key("50", "1") + ", n, '' FROM n",
		"INSERT INTO event SELECT " + space + ", n, n, 'v', 3, " + space + ", 0, '', NULL, NULL, NULL, " + hash + ", " + hash + ", 0 FROM n",
		"ANALYZE TABLE workspace, member, mini_program, term, held, version, qr_code, qr_target, event, request, jsapi, feature, feature_shared",
	} {
		_, err := db.Exec(statement)
		require.NoError(t, err, statement)
	}
}

// TestListsAtDepth: a page costs what a page costs, wherever it begins. Without
// hints MariaDB walks some lists from their start, others along the wrong index.
func TestListsAtDepth(t *testing.T) {
	t.Parallel()
	db, err := sql.Open("mysql", dbtest.MySQL(t).DSN)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	db.SetMaxOpenConns(1)
	plain, err := New(db, nil)
	require.NoError(t, err)
	require.NoError(t, plain.Migrate(t.Context()))
	fill(t, db)
	all, err := migrations()
	require.NoError(t, err)
	o, err := (*Options)(nil).withDefaults()
	require.NoError(t, err)

	const size, deep = 50, 3 * many / 4
	var (
		ten, ws = id.Workspace{UUID: nth(0x10, 1)}, id.Workspace{UUID: nth(0x11, 1)}
		prog    = id.MiniProgram{UUID: nth(0x30, 1)}
		open    = []rbac.WorkspaceStatus{rbac.Verified, rbac.Disabled}
		at      = time.UnixMicro(3000)
		own     = rbac.Filter{Tenants: []id.Workspace{ten}, Statuses: open}
		in      = rbac.Filter{Workspaces: []id.Workspace{ws}, Statuses: open}
		made    = rbac.Filter{OwnTenants: []id.Workspace{ten}, Creator: "same", Statuses: open}
		some    = rbac.Filter{MiniPrograms: []id.MiniProgram{prog, {UUID: nth(0x30, many)}}, Statuses: open}
		every   = rbac.Filter{All: true, Statuses: open}
	)
	members := func(q member.Query) func(context.Context, storage.Reader, int) (int, error) {
		return func(ctx context.Context, r storage.Reader, after int) (int, error) {
			q.After, q.Limit = id.Member{UUID: nth(0x20, after)}, size
			found, err := r.Members(ctx, q)
			return len(found), err
		}
	}
	workspaces := func(q workspace.Query) func(context.Context, storage.Reader, int) (int, error) {
		return func(ctx context.Context, r storage.Reader, after int) (int, error) {
			// Not the first, whose mini programs would be counted.
			q.After, q.Limit = id.Workspace{UUID: nth(0x11, after+1)}, size
			found, err := r.Workspaces(ctx, q)
			return len(found), err
		}
	}
	programs := func(q miniprogram.Query) func(context.Context, storage.Reader, int) (int, error) {
		return func(ctx context.Context, r storage.Reader, after int) (int, error) {
			q.After, q.Limit = id.MiniProgram{UUID: nth(0x30, after)}, size
			if after > 0 && q.Prefix != "" {
				q.AfterTerm = fmt.Sprint("till ", after)
			}
			found, err := r.MiniPrograms(ctx, q)
			return len(found), err
		}
	}
	requests := func(q approval.Query) func(context.Context, storage.Reader, int) (int, error) {
		return func(ctx context.Context, r storage.Reader, after int) (int, error) {
			q.After, q.Limit = id.Request{UUID: nth(0x60, after)}, size
			found, err := r.Requests(ctx, q)
			return len(found), err
		}
	}
	inReview := []approval.Status{approval.InReview}
	for name, list := range map[string]func(ctx context.Context, r storage.Reader, after int) (int, error){
		"members":                            members(member.Query{}),
		"members of a workspace":             members(member.Query{Workspace: ws}),
		"members of a tenant":                members(member.Query{Tenant: ten}),
		"members of a workspace in a tenant": members(member.Query{Workspace: ws, Tenant: ten}),
		"members with a status":              members(member.Query{Workspace: ws, Now: at, Statuses: []member.Status{member.StatusActive}}),
		"members with a role":                members(member.Query{Tenant: ten, Roles: []rbac.Role{rbac.Developer}}),
		"members with a name":                members(member.Query{Workspace: ws, Name: "mo"}),
		"members with an account":            members(member.Query{Account: "same"}),
		"members with an e-mail":             members(member.Query{Email: "same", Tenant: ten}),
		"members of a mini program":          members(member.Query{MiniProgram: prog}),
		"active members of a mini program":   members(member.Query{MiniProgram: prog, Workspace: ws, Now: at, Statuses: []member.Status{member.StatusActive}}),
		"invitations that expire":            members(member.Query{ExpiresBefore: at}),
		"workspaces":                         workspaces(workspace.Query{}),
		"workspaces of a tenant":             workspaces(workspace.Query{Tenant: ten, Kind: workspace.Developer}),
		"workspaces with a status":           workspaces(workspace.Query{Statuses: open}),
		"mini programs":                      programs(miniprogram.Query{Filter: every}),
		"mini programs of a tenant":          programs(miniprogram.Query{Filter: own}),
		"mini programs of a workspace":       programs(miniprogram.Query{Filter: in}),
		"mini programs in a workspace":       programs(miniprogram.Query{Filter: own, Workspace: ws}),
		"mini programs of a creator":         programs(miniprogram.Query{Filter: made}),
		"mini programs by a creator":         programs(miniprogram.Query{Filter: own, Creator: "same"}),
		"mini programs with a status":        programs(miniprogram.Query{Filter: in, Statuses: []miniprogram.Status{miniprogram.Published}}),
		"mini programs with statuses":        programs(miniprogram.Query{Filter: own, Statuses: []miniprogram.Status{miniprogram.Published, miniprogram.Offline}}),
		"mini programs with a type":          programs(miniprogram.Query{Filter: own, Type: miniprogram.H5}),
		"mini programs by name":              programs(miniprogram.Query{Filter: own, Prefix: "till"}),
		"mini programs by name, everywhere":  programs(miniprogram.Query{Filter: every, Prefix: "till"}),
		"mini programs by name, in a tenant": programs(miniprogram.Query{Filter: every, Tenant: ten, Prefix: "till"}),
		"mini programs by a name that is rare": func(ctx context.Context, r storage.Reader, _ int) (int, error) {
			found, err := r.MiniPrograms(ctx, miniprogram.Query{Filter: every, Prefix: "till 1999", Limit: size})
			require.Len(t, found, 11)
			return size, err
		},
		"some mini programs by name": func(ctx context.Context, r storage.Reader, _ int) (int, error) {
			found, err := r.MiniPrograms(ctx, miniprogram.Query{Filter: some, Prefix: "till", Limit: size})
			require.Len(t, found, 2)
			return size, err
		},
		"admins": func(ctx context.Context, r storage.Reader, after int) (int, error) {
			found, err := r.Admins(ctx, ws, id.Member{UUID: nth(0x20, after)}, size)
			require.NotEmpty(t, found)
			return size, err
		},
		"the team of a mini program": func(ctx context.Context, r storage.Reader, after int) (int, error) {
			found, err := r.Team(ctx, prog, id.Member{UUID: nth(0x20, after)}, size)
			return len(found), err
		},
		"versions": func(ctx context.Context, r storage.Reader, after int) (int, error) {
			found, err := r.Versions(ctx, miniprogram.VersionQuery{MiniProgram: prog, After: id.Version{UUID: nth(0x40, after)}, Limit: size})
			return len(found), err
		},
		"QR codes": func(ctx context.Context, r storage.Reader, after int) (int, error) {
			found, err := r.QRCodes(ctx, qrcode.Query{MiniProgram: prog, After: id.QRCode{UUID: nth(0x50, after)}, Limit: size})
			return len(found), err
		},
		"deleted QR codes": func(ctx context.Context, r storage.Reader, after int) (int, error) {
			found, err := r.QRCodes(ctx, qrcode.Query{MiniProgram: prog, Deleted: true, After: id.QRCode{UUID: nth(0x50, after)}, Limit: size})
			return len(found), err
		},
		"the targets of a QR code": func(ctx context.Context, r storage.Reader, after int) (int, error) {
			found, err := r.Retargets(ctx, id.QRCode{UUID: nth(0x50, 1)}, many-after, size)
			return len(found), err
		},
		"a short code": func(ctx context.Context, r storage.Reader, after int) (int, error) {
			_, err := r.ShortCode(ctx, fmt.Sprint("s", after+1))
			return size, err
		},
		"requests":                       requests(approval.Query{Filter: &every}),
		"requests to decide":             requests(approval.Query{Statuses: inReview}),
		"requests of a tenant":           requests(approval.Query{Filter: &own}),
		"requests a tenant is to decide": requests(approval.Query{Filter: &own, Statuses: inReview}),
		"requests of a workspace":        requests(approval.Query{Filter: &in}),
		"requests in a workspace":        requests(approval.Query{Filter: &own, Workspace: ws, Statuses: inReview}),
		"requests of a submitter":        requests(approval.Query{Filter: &made}),
		"requests by a submitter":        requests(approval.Query{Submitter: "same", Kinds: []approval.Kind{approval.Removal}}),
		"requests about a mini program":  requests(approval.Query{Filter: &own, MiniProgram: prog}),
		"requests about an object":       requests(approval.Query{Tenant: ten, Object: rbac.OnMiniProgram(prog)}),
		"JSAPIs": func(ctx context.Context, r storage.Reader, after int) (int, error) {
			found, err := r.JSAPIs(ctx, ten, id.JSAPI{UUID: nth(0x70, after)}, size)
			return len(found), err
		},
		"features": func(ctx context.Context, r storage.Reader, after int) (int, error) {
			found, err := r.Features(ctx, feature.Query{Tenant: ten, After: id.Feature{UUID: nth(0x80, after)}, Limit: size})
			return len(found), err
		},
		"features that a workspace sees": func(ctx context.Context, r storage.Reader, after int) (int, error) {
			found, err := r.Features(ctx, feature.Query{Tenant: ten, SharedWith: ws, After: id.Feature{UUID: nth(0x80, after)}, Limit: size})
			return len(found), err
		},
		"versions with a status": func(ctx context.Context, r storage.Reader, after int) (int, error) {
			found, err := r.Versions(ctx, miniprogram.VersionQuery{
				MiniProgram: prog, Statuses: []miniprogram.VersionStatus{miniprogram.VersionNew}, After: id.Version{UUID: nth(0x40, after)}, Limit: size,
			})
			return len(found), err
		},
		"who may join a team": func(ctx context.Context, r storage.Reader, after int) (int, error) {
			found, err := r.Eligible(ctx, miniprogram.EligibleQuery{
				Workspace: ws, MiniProgram: prog, Roles: []rbac.Role{rbac.Developer}, After: id.Member{UUID: nth(0x20, after)}, Limit: size,
			})
			return len(found), err
		},
		"the history of an object": func(ctx context.Context, r storage.Reader, after int) (int, error) {
			found, err := r.Events(ctx, audit.Query{Workspace: ws, Object: rbac.Object{Kind: rbac.KindMember, ID: ws.UUID}, After: uint64(after), Limit: size})
			return len(found), err
		},
		"events": func(ctx context.Context, r storage.Reader, after int) (int, error) {
			found, err := r.Events(ctx, audit.Query{Workspace: ws, After: uint64(after), Limit: size})
			return len(found), err
		},
		"what a workspace published": func(ctx context.Context, r storage.Reader, _ int) (int, error) {
			_, err := r.Activity(ctx, ws)
			return size, err
		},
	} {
		t.Run(name, func(t *testing.T) {
			for _, after := range []int{0, deep} {
				rows, statements := 0, ""
				d := dialect(o)
				s := sqlstore.New(sqlstore.Config{Dialect: d, Migrations: all, Database: counted{
					sqlstore.NewPool(db, d, 0, time.Minute),
					func(sql string, n int) { rows, statements = rows+n, statements+fmt.Sprintln(n, "rows:", sql) },
				}})
				require.NoError(t, s.View(t.Context(), func(ctx context.Context, r storage.Reader) error {
					found, err := list(ctx, r, after)
					require.Equal(t, size, found, "a full page")
					return err
				}))
				require.Less(t, rows, 25*size, "behind %d it looks at too many rows:\n%s", after, statements)
			}
		})
	}
}
