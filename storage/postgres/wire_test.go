package postgres_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/dbtest"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage/postgres"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/workspace"
)

var business = workspace.Business{Company: "Night Market Ltd", Address: "3 Lake Lane", Scope: "food", Email: "office@market.example"}

// mutating are the verbs that change something: k prepares, p is counted.
var mutating = map[string]func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error{
	"OpenTenant": func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, _, err := p.OpenTenant(ctx, superapptest.System, superapp.Open{
			Name:     "Second Wallet",
			Business: workspace.Business{Address: "4 Hill", Scope: "payments", Representative: "Bo", Email: "bo@second.example"},
			Admin:    member.First{Email: "bo@second.example", Name: "Bo"},
		})
		return err
	},
	"OpenDeveloper": func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, _, err := p.OpenDeveloper(ctx, k.As(rbac.WorkspaceAdmin), k.Tenant, superapp.Open{
			Name: "Night Market", Business: business, Admin: member.First{Account: "acc-mo", Name: "Mo"},
		})
		return err
	},
	"RemoveDeveloper": func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		return p.RemoveDeveloper(ctx, k.As(rbac.WorkspaceAdmin), k.Merchant, "closed its shop")
	},
	"Workspaces.SetStatus": func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		return p.Workspaces.SetStatus(ctx, superapptest.System, k.Tenant, workspace.Disabled, "unpaid")
	},
	"Members.Invite": func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, _, err := p.Members.Invite(ctx, k.As(rbac.DeveloperAdmin), member.Invite{
			Workspace: k.Merchant, Email: "nia@people.example", Name: "Nia", Role: rbac.Developer, MiniPrograms: []id.MiniProgram{k.Shop},
		})
		return err
	},
	"Members.InviteAll": func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, _, err := p.Members.InviteAll(ctx, k.As(rbac.WorkspaceAdmin), member.InviteAll{
			Workspace: k.Tenant, Invitees: []member.Invite{reviewer(k, "nia"), reviewer(k, "oli"), reviewer(k, "pam")},
		})
		return err
	},
	"Members.Accept": func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, token := k.Invite(rbac.Developer, "nia")
		_, err := p.Members.Accept(ctx, token, superapptest.Person("nia"))
		return err
	},
	"Members.Resend": func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		m, _ := k.Invite(rbac.Developer, "nia")
		_, _, err := p.Members.Resend(ctx, k.As(rbac.DeveloperAdmin), m.ID)
		return err
	},
	"Members.Withdraw": func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		m, _ := k.Invite(rbac.Developer, "nia")
		_, err := p.Members.Withdraw(ctx, k.As(rbac.DeveloperAdmin), m.ID)
		return err
	},
	"Members.SetFirstAdmin": func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		opened, _, err := k.OpenDeveloper(ctx, k.As(rbac.WorkspaceAdmin), k.Tenant, superapp.Open{
			Name: "Night Market", Business: business, Admin: member.First{Email: "wrong@market.example", Name: "Mo"},
		})
		if err != nil {
			return err
		}
		_, _, err = p.Members.SetFirstAdmin(ctx, k.As(rbac.WorkspaceAdmin), opened.Workspace.ID, member.First{Email: "mo@market.example", Name: "Mo"})
		return err
	},
	"Members.Block": func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Members.Block(ctx, k.As(rbac.DeveloperAdmin), k.Member(rbac.Developer).ID, "left")
		return err
	},
	"Members.Unblock": func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		if _, err := k.Members.Block(ctx, k.As(rbac.DeveloperAdmin), k.Member(rbac.Developer).ID, ""); err != nil {
			return err
		}
		_, err := p.Members.Unblock(ctx, k.As(rbac.DeveloperAdmin), k.Member(rbac.Developer).ID)
		return err
	},
	"Members.Delete": func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Members.Delete(ctx, k.As(rbac.DeveloperAdmin), k.Member(rbac.Developer).ID, "")
		return err
	},
	"Members.SetRole": func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Members.SetRole(ctx, k.As(rbac.DeveloperAdmin), k.Member(rbac.Operator).ID, member.SetRole{
			Role: rbac.Developer, MiniPrograms: []id.MiniProgram{k.Shop},
		})
		return err
	},
	"Members.Leave": func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Members.Leave(ctx, k.As(rbac.Developer), k.Merchant)
		return err
	},
	"Workspaces.SetSettings": func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Workspaces.SetSettings(ctx, k.As(rbac.DeveloperAdmin), k.Merchant, workspace.Settings{MaxBatch: 5})
		return err
	},
	"Workspaces.RequestChange": func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Workspaces.RequestChange(ctx, k.As(rbac.DeveloperAdmin), k.Merchant, workspace.Change{Name: "Corner Coffee", Business: business}, "")
		return err
	},
	"Apply": func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Apply(ctx, rbac.User("acc-mo"), k.Tenant, superapp.Application{Name: "Night Market", Business: business, Applicant: "Mo"}, "")
		return err
	},
	"Approvals.Decide": func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		r, err := k.Apply(ctx, rbac.User("acc-mo"), k.Tenant, superapp.Application{Name: "Night Market", Business: business, Applicant: "Mo"}, "")
		if err != nil {
			return err
		}
		_, err = p.Approvals.Decide(ctx, k.As(rbac.WorkspaceReviewer), r.ID, approval.Decision{Approve: true})
		return err
	},
	"Approvals.Withdraw": func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		r, err := k.Apply(ctx, rbac.User("acc-mo"), k.Tenant, superapp.Application{Name: "Night Market", Business: business, Applicant: "Mo"}, "")
		if err != nil {
			return err
		}
		_, err = p.Approvals.Withdraw(ctx, rbac.User("acc-mo"), r.ID, "")
		return err
	},
	"MiniPrograms.Create": func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.MiniPrograms.Create(ctx, k.As(rbac.DeveloperAdmin), miniprogram.Create{
			Workspace: k.Merchant, Type: miniprogram.H5, Language: "zh-Hans", Name: "咖啡小店",
		})
		return err
	},
	"MiniPrograms.UploadVersion": func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.MiniPrograms.UploadVersion(ctx, k.As(rbac.Developer), miniprogram.Upload{
			MiniProgram: k.Shop, Number: "1.0.0", JSAPIs: []string{"pay", "scan"},
			Package: miniprogram.Package{Reference: "packages/1.0.0.zip", Size: 1 << 20, SHA256: [32]byte{1}},
		})
		return err
	},
	"QRCodes.Define": func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.QRCodes.Define(ctx, k.As(rbac.DeveloperAdmin), qrcode.Define{MiniProgram: k.Shop, Name: "Table 1", Page: "pages/table"})
		return err
	},
}

func reviewer(k *superapptest.Kit, handle string) member.Invite {
	return member.Invite{Workspace: k.Tenant, Email: handle + "@people.example", Name: handle, Role: rbac.WorkspaceReviewer}
}

// counted makes a kit, and its platform over a store whose round trips the
// proxy counts. In this mode nothing is ever prepared, so that the first call
// takes the trips of every other.
func counted(t *testing.T, s dbtest.Schema, mode string) (*superapptest.Kit, *superapp.Platform, *dbtest.Proxy) {
	t.Helper()
	o := &postgres.Options{Schema: s.Name}
	k := superapptest.New(t, &superapptest.Options{Store: open(t, pool(t, s.DSN), o), NoRerun: true})
	proxy := dbtest.PostgresProxy(t, inMode(s.DSN, mode))
	store := open(t, pool(t, proxy.DSN), o)
	require.NoError(t, store.Validate(t.Context()))
	return k, k.Over(store), proxy
}

// TestTrips: a verb takes three round trips (lock and facts, a look-up, writes
// and commit).
func TestTrips(t *testing.T) {
	t.Parallel()
	const most = 3
	schemas := migrated(t, postgres.Options{})
	counts := map[string]int{}
	var tooMany []string
	maps.Copy(mutating, featureMutating)
	maps.Copy(mutating, releaseMutating)
	maps.Copy(mutating, informationMutating)
	for name, verb := range mutating {
		t.Run(name, func(t *testing.T) {
			k, p, proxy := counted(t, schemas(t), "exec")
			var err error
			trips := proxy.Trips(func() { err = verb(t.Context(), k, p) })
			require.NoError(t, err)
			require.NotEmpty(t, trips)
			counts[name] = len(trips)
			if len(trips) > most {
				tooMany = append(tooMany, fmt.Sprintf("%s:\n%s", name, describe(trips)))
			}
		})
	}
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		t.Logf("%d %s", counts[name], name)
	}
	require.Empty(t, tooMany, "verbs of more than %d trips", most)
}

// describe prints trips, a line for each statement.
func describe(trips []dbtest.Trip) string {
	var b strings.Builder
	for i, trip := range trips {
		for _, s := range trip {
			fmt.Fprintf(&b, "  %d  %.150s\n", i+1, s)
		}
	}
	return b.String()
}

// TestCheckTrips: a check is one round trip and no transaction, in every mode,
// also where the tenant's roles count.
func TestCheckTrips(t *testing.T) {
	t.Parallel()
	schemas := migrated(t, postgres.Options{})
	for _, mode := range []string{"cache_statement", "cache_describe", "exec", "simple_protocol"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			k, p, proxy := counted(t, schemas(t), mode)
			check := func() {
				require.NoError(t, p.Access.Check(t.Context(), k.As(rbac.Developer), rbac.UploadVersion, rbac.OnMiniProgram(k.Shop)))
			}
			above := func() {
				require.NoError(t, p.Access.Check(t.Context(), k.As(rbac.WorkspaceAdmin), rbac.ViewMiniProgram, rbac.OnMiniProgram(k.Shop)))
			}
			check() // the connection is warm
			for _, ask := range []func(){check, above} {
				trips := proxy.Trips(ask)
				require.Len(t, trips, 1, describe(trips))
				require.Len(t, trips[0], 1, describe(trips))
				require.True(t, strings.HasPrefix(trips[0][0], "SELECT"), describe(trips))
			}
		})
	}
}

// TestWarmTrips: what is prepared once needs no further trip.
func TestWarmTrips(t *testing.T) {
	t.Parallel()
	schemas := migrated(t, postgres.Options{})
	for _, mode := range []string{"cache_statement", "cache_describe"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			k, p, proxy := counted(t, schemas(t), mode)
			admin, m := k.As(rbac.DeveloperAdmin), k.Member(rbac.Developer).ID
			change := func() {
				_, err := p.Members.Block(t.Context(), admin, m, "")
				require.NoError(t, err)
				_, err = p.Members.Unblock(t.Context(), admin, m)
				require.NoError(t, err)
			}
			change()
			trips := proxy.Trips(change)
			require.Len(t, trips, 6, describe(trips))
			require.Contains(t, trips[2][len(trips[2])-1], "COMMIT", "which goes with the writes")
		})
	}
}
