package member_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

// The people most tests act as.
var (
	system        = superapptest.System
	tenantAdmin   = rbac.User(superapptest.Account(rbac.WorkspaceAdmin))
	merchantAdmin = rbac.User(superapptest.Account(rbac.DeveloperAdmin))
)

// kit makes a kit whose invitations follow the options.
func kit(t *testing.T, o *member.Options) *superapptest.Kit {
	t.Helper()
	return superapptest.New(t, &superapptest.Options{Platform: superapp.Options{Members: o}})
}

// stored is everything that a verb upon members could change.
type stored struct {
	Workspaces []workspace.Summary
	Members    []member.Member
	Heads      []audit.Head
	Events     [][]audit.Event
}

// all reads everything, to see whether something changed.
func all(t *testing.T, k *superapptest.Kit) (s stored) {
	t.Helper()
	const plenty = 10_000
	err := k.Store.View(t.Context(), func(ctx context.Context, r storage.Reader) (err error) {
		if s.Workspaces, err = r.Workspaces(ctx, workspace.Query{Limit: plenty}); err != nil {
			return err
		}
		if s.Members, err = r.Members(ctx, member.Query{Limit: plenty}); err != nil {
			return err
		}
		for _, w := range s.Workspaces {
			head, err := r.Head(ctx, w.ID)
			if err != nil {
				return err
			}
			events, err := r.Events(ctx, audit.Query{Workspace: w.ID, Limit: plenty})
			if err != nil {
				return err
			}
			s.Heads, s.Events = append(s.Heads, head), append(s.Events, events)
		}
		return nil
	})
	require.NoError(t, err)
	return s
}

// get returns a member as the platform operator sees him.
func get(t *testing.T, k *superapptest.Kit, m id.Member) member.Details {
	t.Helper()
	d, err := k.Members.Get(t.Context(), system, m)
	require.NoError(t, err)
	return d
}

// unknown makes an id that nothing has.
func unknown() id.UUID { return id.New() }

// archive archives a mini program, as the removal of its workspace would.
func archive(t *testing.T, k *superapptest.Kit, p id.MiniProgram) {
	t.Helper()
	on := unit.Scope{Query: rbac.Query{Object: rbac.OnMiniProgram(p)}}
	require.NoError(t, k.Store.Update(t.Context(), on, func(ctx context.Context, tx storage.Tx) error {
		before, err := tx.MiniProgram(ctx, p)
		if err != nil {
			return err
		}
		after, err := before.Archive(k.Clock.Now())
		if err != nil {
			return err
		}
		return tx.UpdateMiniProgram(ctx, after, nil)
	}))
}

// A place is a workspace with an admin, a mini program, a member and an
// invitation in it.
type place struct {
	Workspace id.Workspace
	Admin     rbac.Actor
	Program   id.MiniProgram
	Member    member.Member
	Invited   member.Member
	Token     member.Token
}

// merchant opens another developer workspace under a tenant. The handle names
// its people.
func merchant(t *testing.T, k *superapptest.Kit, tenant id.Workspace, by rbac.Actor, handle string) place {
	t.Helper()
	opened, _, err := k.OpenDeveloper(t.Context(), by, tenant, superapp.Open{
		Name:     "Merchant " + handle,
		Business: workspace.Business{Company: "Merchant Ltd", Address: "3 Long Lane", Scope: "books", Email: "office@merchant.example"},
		Admin:    member.First{Account: id.Account("admin-" + handle), Name: "Merchant Admin"},
	})
	require.NoError(t, err)
	return furnish(t, k, opened, handle, rbac.Developer)
}

// rival opens another tenant.
func rival(t *testing.T, k *superapptest.Kit) place {
	t.Helper()
	opened, _, err := k.OpenTenant(t.Context(), system, superapp.Open{
		Name:     "Rival Wallet",
		Business: workspace.Business{Address: "9 Far Street", Scope: "payments", Representative: "Rita", Email: "rita@rival.example"},
		Admin:    member.First{Account: "admin-rival", Name: "Rival Admin"},
	})
	require.NoError(t, err)
	require.NoError(t, k.Workspaces.SetStatus(t.Context(), system, opened.Workspace.ID, workspace.Verified, ""))
	return furnish(t, k, opened, "rival", rbac.WorkspaceDeveloper)
}

func furnish(t *testing.T, k *superapptest.Kit, opened superapp.Opened, handle string, role rbac.Role) place {
	t.Helper()
	p := place{Workspace: opened.Workspace.ID, Admin: rbac.User(opened.Admin.Account)}
	made, err := k.MiniPrograms.Create(t.Context(), p.Admin, miniprogram.Create{
		Workspace: p.Workspace, Type: miniprogram.DSL, Language: "en", Name: "Program of " + handle,
	})
	require.NoError(t, err)
	p.Program = made.ID
	invite := func(name string) (member.Member, member.Token) {
		m, token, err := k.Members.Invite(t.Context(), p.Admin, member.Invite{
			Workspace: p.Workspace, Email: name + "@people.example", Name: name, Role: role, MiniPrograms: []id.MiniProgram{p.Program},
		})
		require.NoError(t, err)
		return m, token
	}
	_, token := invite("member-" + handle)
	p.Member, err = k.Members.Accept(t.Context(), token, superapptest.Person("member-"+handle))
	require.NoError(t, err)
	p.Invited, p.Token = invite("invited-" + handle)
	return p
}

// orphan opens a developer workspace whose first admin is invited.
func orphan(t *testing.T, k *superapptest.Kit) (superapp.Opened, member.Token) {
	t.Helper()
	opened, token, err := k.OpenDeveloper(t.Context(), tenantAdmin, k.Tenant, superapp.Open{
		Name:     "Orphan Bakery",
		Business: workspace.Business{Company: "Orphan Ltd", Address: "4 Short Lane", Scope: "bread", Email: "office@orphan.example"},
		Admin:    member.First{Email: "first@people.example", Name: "First"},
	})
	require.NoError(t, err)
	return opened, token
}

// entry is a developer of the kit's merchant in some status, with the token of
// his first invitation.
type entry struct {
	member.Member
	Token member.Token
}

// statuses are all statuses, in the order of a member's life.
var statuses = []member.Status{
	member.StatusSent, member.StatusExpired, member.StatusActive, member.StatusInactive, member.StatusWithdrawn, member.StatusDeleted,
}

// become makes somebody who is in the status.
func become(t *testing.T, k *superapptest.Kit, st member.Status) (e entry) {
	t.Helper()
	var err error
	e.Member, e.Token = k.Invite(rbac.Developer, "dee")
	switch st {
	case member.StatusSent:
		return e
	case member.StatusExpired:
		k.Clock.Set(e.Invitation.ExpiresAt)
		return e
	case member.StatusWithdrawn:
		e.Member, err = k.Members.Withdraw(t.Context(), merchantAdmin, e.ID)
		require.NoError(t, err)
		return e
	}
	e.Member, err = k.Members.Accept(t.Context(), e.Token, superapptest.Person("dee"))
	require.NoError(t, err)
	switch st {
	case member.StatusInactive:
		e.Member, err = k.Members.Block(t.Context(), merchantAdmin, e.ID, "")
	case member.StatusDeleted:
		e.Member, err = k.Members.Delete(t.Context(), merchantAdmin, e.ID, "")
	}
	require.NoError(t, err)
	return e
}

// errorAs finds an error of a type in another.
func errorAs[T error](err error) (T, bool) { return errors.AsType[T](err) }
