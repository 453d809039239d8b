package superapp_test

import (
	"context"
	"maps"
	"reflect"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/storagetest"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/workspace"
)

// A verb is one exported method of the platform or of a service: how to call it
// with effect, and the events that it must append. No events: it only reads.
type verb struct {
	events []audit.Verb
	call   func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error
}

var business = workspace.Business{Company: "Night Market Ltd", Address: "3 Lake Lane", Scope: "food", Email: "office@market.example"}

// verbs is every exported method, by service. A method that is missing here
// fails TestVerbs.
var verbs = joined(coreVerbs, featureVerbs, approvalVerbs, releaseVerbs, informationVerbs, qrcodeVerbs, roleVerbs, signinVerbs, linkVerbs, bulkVerbs, trailVerbs)

func joined[V any](tables ...map[string]V) map[string]V {
	all := make(map[string]V)
	for _, t := range tables {
		maps.Copy(all, t)
	}
	return all
}

var coreVerbs = map[string]verb{
	"Platform.OpenTenant": {[]audit.Verb{workspace.EventOpened, member.EventInvited}, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, _, err := p.OpenTenant(ctx, superapptest.System, superapp.Open{
			Name:     "Second Wallet",
			Business: workspace.Business{Address: "4 Hill", Scope: "payments", Representative: "Bo", Email: "bo@second.example"},
			Admin:    member.First{Email: "bo@second.example", Name: "Bo"},
		})
		return err
	}},
	"Platform.OpenDeveloper": {[]audit.Verb{workspace.EventOpened, member.EventEntered}, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, _, err := p.OpenDeveloper(ctx, k.As(rbac.WorkspaceAdmin), k.Tenant, superapp.Open{
			Name: "Night Market", Business: business, Admin: member.First{Account: "acc-mo", Name: "Mo"},
		})
		return err
	}},
	"Platform.RemoveDeveloper": {
		[]audit.Verb{miniprogram.EventArchived, member.EventDeleted, member.EventDeleted, member.EventDeleted, workspace.EventRemoved},
		func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
			return p.RemoveDeveloper(ctx, k.As(rbac.WorkspaceAdmin), k.Merchant, "closed its shop")
		},
	},
	"Platform.Update": {nil, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		return p.Update(ctx, func(context.Context, *superapp.Platform) error { return nil })
	}},
	"Platform.DryRun": {nil, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.DryRun(ctx, func(context.Context, *superapp.Platform) error { return nil })
		return err
	}},
	"Platform.Confirm": {[]audit.Verb{member.EventBlocked}, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		block := func(ctx context.Context, p *superapp.Platform) error {
			_, err := p.Members.Block(ctx, k.As(rbac.DeveloperAdmin), k.Member(rbac.Developer).ID, "left")
			return err
		}
		effects, err := k.DryRun(ctx, block)
		if err != nil {
			return err
		}
		return p.Confirm(ctx, effects.Digest, block)
	}},
	"Platform.With": {nil, nil}, // makes a platform, asks nothing of a store

	// On gives a service another store, and asks nothing of it.
	"Members.On": {nil, nil}, "MiniPrograms.On": {nil, nil}, "QRCodes.On": {nil, nil},
	// Run calls FlushScans until its context is done.
	"QRCodes.Run": {nil, nil},
	// Links and Bulk make the services for links and for bulk invitations.
	"Members.Links": {nil, nil}, "Members.Bulk": {nil, nil},
	// EnterFirst is a part of opening a workspace, inside its unit.
	"Members.EnterFirst": {nil, nil},

	"Access.Matrix": {nil, nil},
	"Access.Check": {nil, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		return p.Access.Check(ctx, k.As(rbac.Developer), rbac.UploadVersion, rbac.OnMiniProgram(k.Shop))
	}},
	"Access.Explain": {nil, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Access.Explain(ctx, k.As(rbac.Developer), rbac.UploadVersion, rbac.OnMiniProgram(k.Shop))
		return err
	}},
	"Access.CheckAll": {nil, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Access.CheckAll(ctx, k.As(rbac.Developer), []rbac.Ask{{Permission: rbac.UploadVersion, Object: rbac.OnMiniProgram(k.Shop)}})
		return err
	}},

	"Workspaces.Get": {nil, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Workspaces.Get(ctx, k.As(rbac.WorkspaceAdmin), k.Merchant)
		return err
	}},
	"Workspaces.Admins": {nil, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Workspaces.Admins(ctx, k.As(rbac.WorkspaceAdmin), k.Tenant, page.Request{})
		return err
	}},
	"Workspaces.Developers": {nil, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Workspaces.Developers(ctx, k.As(rbac.WorkspaceAdmin), k.Tenant, page.Request{})
		return err
	}},
	"Workspaces.List": {nil, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Workspaces.List(ctx, superapptest.System, workspace.Filter{}, page.Request{})
		return err
	}},
	"Workspaces.SetStatus": {[]audit.Verb{workspace.EventStatusSet}, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		return p.Workspaces.SetStatus(ctx, superapptest.System, k.Tenant, workspace.Disabled, "unpaid")
	}},

	"Members.Invite": {[]audit.Verb{member.EventInvited}, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, _, err := p.Members.Invite(ctx, k.As(rbac.WorkspaceAdmin), newReviewer(k, "nia"))
		return err
	}},
	"Members.InviteAll": {[]audit.Verb{member.EventInvited, member.EventInvited}, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, _, err := p.Members.InviteAll(ctx, k.As(rbac.WorkspaceAdmin), member.InviteAll{
			Workspace: k.Tenant, Invitees: []member.Invite{newReviewer(k, "nia"), newReviewer(k, "oli")},
		})
		return err
	}},
	"Members.Inspect": {nil, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, token := k.Invite(rbac.Developer, "nia")
		_, err := p.Members.Inspect(ctx, token)
		return err
	}},
	"Members.Accept": {[]audit.Verb{member.EventAccepted}, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, token := k.Invite(rbac.Developer, "nia")
		_, err := p.Members.Accept(ctx, token, superapptest.Person("nia"))
		return err
	}},
	"Members.Resend": {[]audit.Verb{member.EventResent}, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		m, _ := k.Invite(rbac.Developer, "nia")
		_, _, err := p.Members.Resend(ctx, k.As(rbac.DeveloperAdmin), m.ID)
		return err
	}},
	"Members.Mint": {nil, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		m, _ := k.Invite(rbac.Developer, "nia")
		_, err := p.Members.Mint(ctx, superapptest.System, m.ID, m.Invitation.Generation)
		return err
	}},
	"Members.Withdraw": {[]audit.Verb{member.EventWithdrawn}, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		m, _ := k.Invite(rbac.Developer, "nia")
		_, err := p.Members.Withdraw(ctx, k.As(rbac.DeveloperAdmin), m.ID)
		return err
	}},
	"Members.SetFirstAdmin": {[]audit.Verb{member.EventWithdrawn, member.EventInvited}, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		opened, _, err := k.OpenDeveloper(ctx, k.As(rbac.WorkspaceAdmin), k.Tenant, superapp.Open{
			Name: "Night Market", Business: business, Admin: member.First{Email: "wrong@market.example", Name: "Mo"},
		})
		if err != nil {
			return err
		}
		_, _, err = p.Members.SetFirstAdmin(ctx, k.As(rbac.WorkspaceAdmin), opened.Workspace.ID, member.First{Email: "mo@market.example", Name: "Mo"})
		return err
	}},
	"Members.Block": {[]audit.Verb{member.EventBlocked}, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Members.Block(ctx, k.As(rbac.DeveloperAdmin), k.Member(rbac.Developer).ID, "left")
		return err
	}},
	"Members.Unblock": {[]audit.Verb{member.EventUnblocked}, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		if _, err := k.Members.Block(ctx, k.As(rbac.DeveloperAdmin), k.Member(rbac.Developer).ID, ""); err != nil {
			return err
		}
		_, err := p.Members.Unblock(ctx, k.As(rbac.DeveloperAdmin), k.Member(rbac.Developer).ID)
		return err
	}},
	"Members.Delete": {[]audit.Verb{member.EventDeleted}, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Members.Delete(ctx, k.As(rbac.DeveloperAdmin), k.Member(rbac.Developer).ID, "")
		return err
	}},
	"Members.SetRole": {[]audit.Verb{member.EventRoleSet}, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Members.SetRole(ctx, k.As(rbac.DeveloperAdmin), k.Member(rbac.Developer).ID, member.SetRole{Role: rbac.DeveloperAdmin})
		return err
	}},
	"Members.Leave": {[]audit.Verb{member.EventLeft}, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Members.Leave(ctx, k.As(rbac.Developer), k.Merchant)
		return err
	}},
	"Members.Get": {nil, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Members.Get(ctx, k.As(rbac.DeveloperAdmin), k.Member(rbac.Developer).ID)
		return err
	}},
	"Members.List": {nil, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Members.List(ctx, k.As(rbac.DeveloperAdmin), member.Filter{Workspace: k.Merchant}, page.Request{})
		return err
	}},
	"Members.Mine": {nil, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Members.Mine(ctx, k.As(rbac.Developer), page.Request{})
		return err
	}},
	"Members.Invitations": {nil, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Members.Invitations(ctx, superapptest.Person("nia"), page.Request{})
		return err
	}},

	"MiniPrograms.Create": {[]audit.Verb{miniprogram.EventCreated, miniprogram.EventTeamAdded}, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.MiniPrograms.Create(ctx, k.As(rbac.DeveloperAdmin), miniprogram.Create{
			Workspace: k.Merchant, Type: miniprogram.H5, Language: "zh-Hans", Name: "咖啡小店",
		})
		return err
	}},
	"MiniPrograms.UploadVersion": {[]audit.Verb{miniprogram.EventUploaded}, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.MiniPrograms.UploadVersion(ctx, k.As(rbac.Developer), upload(k.Shop, "1.0.0"))
		return err
	}},
	"MiniPrograms.Get": {nil, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.MiniPrograms.Get(ctx, k.As(rbac.Developer), k.Shop)
		return err
	}},
	"MiniPrograms.List": {nil, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.MiniPrograms.List(ctx, k.As(rbac.Developer), miniprogram.Filter{}, page.Request{})
		return err
	}},
	"MiniPrograms.Versions": {nil, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.MiniPrograms.Versions(ctx, k.As(rbac.Developer), miniprogram.VersionFilter{MiniProgram: k.Shop}, page.Request{})
		return err
	}},
	"MiniPrograms.Team": {nil, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.MiniPrograms.Team(ctx, k.As(rbac.Developer), k.Shop, page.Request{})
		return err
	}},

	"Audit.List": {nil, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Audit.List(ctx, k.As(rbac.DeveloperAdmin), audit.Filter{Workspace: k.Merchant}, page.Request{})
		return err
	}},
	"Audit.Verify": {nil, func(ctx context.Context, k *superapptest.Kit, p *superapp.Platform) error {
		_, err := p.Audit.Verify(ctx, k.As(rbac.DeveloperAdmin), k.Merchant)
		return err
	}},
}

func newReviewer(k *superapptest.Kit, handle string) member.Invite {
	return member.Invite{Workspace: k.Tenant, Email: handle + "@people.example", Name: handle, Role: rbac.WorkspaceReviewer}
}

func upload(p id.MiniProgram, number string) miniprogram.Upload {
	return miniprogram.Upload{
		MiniProgram: p, Number: number, JSAPIs: []string{"pay", "scan"},
		Package: miniprogram.Package{Reference: "packages/" + number + ".zip", Size: 1 << 20, SHA256: [32]byte{1}},
	}
}

// methods lists the exported methods of the platform and its services.
func methods() []string {
	var all []string
	platform := reflect.TypeFor[*superapp.Platform]()
	for m := range platform.Methods() {
		all = append(all, "Platform."+m.Name)
	}
	for f := range platform.Elem().Fields() {
		for m := range f.Type.Methods() {
			if f.IsExported() {
				all = append(all, f.Name+"."+m.Name)
			}
		}
	}
	return all
}

// TestVerbs holds every verb to E1: one event for each change of state, in the
// same unit of work, and none for a verb that only reads.
func TestVerbs(t *testing.T) {
	t.Parallel()
	require.ElementsMatch(t, methods(), slices.Collect(maps.Keys(verbs)), "the table of verbs is not complete")
	for name, v := range verbs {
		if v.call == nil {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := verbKit(t, superapptest.Options{NoRerun: true})
			var writes, appended int
			spied := k.Over(storagetest.Spy(k.Store, func(c storagetest.Call) error {
				switch {
				case c.Method == "AppendEvent":
					appended++
				case c.Write:
					writes++
				}
				return nil
			}))
			before := trails(t, k.Store)
			require.NoError(t, v.call(t.Context(), k, spied))
			require.Equal(t, len(v.events), appended, "events appended")
			require.Equal(t, len(v.events) > 0 && !notices[name] || counts[name], writes > 0, "the verb writes %d records", writes)

			var added []audit.Verb
			for w, all := range trails(t, k.Store) {
				added = append(added, all[len(before[w]):]...)
			}
			// Others may be there by what led to the call.
			require.Subset(t, added, append([]audit.Verb{}, v.events...))
			verifyAll(t, k)
		})
	}
}

// trails returns the verbs of the events of every workspace.
func trails(t *testing.T, s storage.Store) map[id.Workspace][]audit.Verb {
	t.Helper()
	verbs := make(map[id.Workspace][]audit.Verb)
	require.NoError(t, s.View(t.Context(), func(ctx context.Context, r storage.Reader) error {
		all, err := r.Workspaces(ctx, workspace.Query{Limit: 100})
		if err != nil {
			return err
		}
		for _, w := range all {
			events, err := r.Events(ctx, audit.Query{Workspace: w.ID, Limit: 100})
			if err != nil {
				return err
			}
			for _, e := range events {
				verbs[w.ID] = append(verbs[w.ID], e.Verb)
			}
		}
		return nil
	}))
	return verbs
}

// verifyAll verifies every chain.
func verifyAll(t *testing.T, k *superapptest.Kit) {
	t.Helper()
	all, err := k.Workspaces.List(t.Context(), superapptest.System, workspace.Filter{}, page.Request{})
	require.NoError(t, err)
	for _, w := range all.Items {
		_, err := k.Audit.Verify(t.Context(), superapptest.System, w.ID)
		require.NoError(t, err)
	}
}
