package superapp_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/signin"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/sqlite"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/workspace"
)

var nowhere = id.Workspace{UUID: id.UUID{15: 255}}

// hostDB is a host's own database, with a table of its orders, and the store on
// it.
func hostDB(t *testing.T) (*sql.DB, *sqlite.Store) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "host.db")
	db, err := sql.Open("sqlite", "file:"+filepath.ToSlash(file)+"?_pragma=foreign_keys(1)&_pragma=journal_mode(WAL)")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	store, err := sqlite.New(db, nil)
	require.NoError(t, err)
	require.NoError(t, store.Migrate(t.Context()))
	_, err = db.ExecContext(t.Context(), "CREATE TABLE orders (what TEXT)")
	require.NoError(t, err)
	return db, store
}

// stored prints all that a store holds, to see whether a verb left a trace.
func stored(t *testing.T, s storage.Store) (all []string) {
	t.Helper()
	require.NoError(t, s.View(t.Context(), func(ctx context.Context, r storage.Reader) error {
		all = nil
		const limit = 1000
		note := func(found any, err error) {
			require.NoError(t, err)
			all = append(all, fmt.Sprintf("%T %+v", found, found))
		}
		spaces, err := r.Workspaces(ctx, workspace.Query{Limit: limit})
		note(spaces, err)
		for _, w := range spaces {
			denials, err := r.Denials(ctx, audit.DenialQuery{Workspace: w.ID, Limit: limit})
			note(denials, err)
			head, err := r.Head(ctx, w.ID)
			note(head, err)
			events, err := r.Events(ctx, audit.Query{Workspace: w.ID, Limit: limit})
			note(events, err)
			standard, err := r.Passwords(ctx, signin.Query{Workspace: w.ID, Default: true})
			note(standard, err)
		}
		people, err := r.Members(ctx, member.Query{Limit: limit})
		note(people, err)
		for _, m := range people {
			password, err := r.Passwords(ctx, signin.Query{Member: m.ID})
			note(password, err)
		}
		programs, err := r.MiniPrograms(ctx, miniprogram.Query{Filter: rbac.BuiltIn().Filter(superapptest.System, nil, rbac.ViewAudit), Limit: limit})
		note(programs, err)
		for _, p := range programs {
			versions, err := r.Versions(ctx, miniprogram.VersionQuery{MiniProgram: p.ID, Limit: limit})
			note(versions, err)
			for _, deleted := range []bool{false, true} {
				codes, err := r.QRCodes(ctx, qrcode.Query{MiniProgram: p.ID, Deleted: deleted, Limit: limit})
				note(codes, err)
				for _, c := range codes {
					targets, err := r.Retargets(ctx, c.ID, 0, limit)
					note(targets, err)
					scans, err := r.ScanCount(ctx, c.ID)
					note(scans, err)
				}
			}
		}
		return nil
	}))
	return all
}

// market is a developer workspace to open.
func market(admin member.First) superapp.Open {
	return superapp.Open{Name: "Night Market", Business: business, Admin: admin}
}

// secondWallet is a tenant workspace to open.
func secondWallet(admin member.First) superapp.Open {
	return superapp.Open{
		Name:     "Harbour Pay",
		Business: workspace.Business{Address: "9 Sea Road", Scope: "payments", Representative: "Bo", Email: "bo@other.example"},
		Admin:    admin,
	}
}

// create makes a mini program as the platform operator.
func create(t *testing.T, k *superapptest.Kit, w id.Workspace, name string) id.MiniProgram {
	t.Helper()
	p, err := k.MiniPrograms.Create(t.Context(), superapptest.System, miniprogram.Create{
		Workspace: w, Type: miniprogram.DSL, Language: "en", Name: name,
	})
	require.NoError(t, err)
	return p.ID
}
