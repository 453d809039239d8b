package approval_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/storagetest"
	"github.com/superapp-go/superapp/superapptest"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

var (
	system   = superapptest.System
	stranger = rbac.User("acc-stranger")
	foreign  = rbac.User("acc-bo") // the admin of another tenant
	business = workspace.Business{Company: "Night Market Ltd", Address: "3 Lake Lane", Scope: "food", Email: "office@market.example"}
)

// part is a store as package approval sees it.
type part struct{ storage.Store }

func (p part) View(ctx context.Context, fn func(context.Context, approval.Reader) error) error {
	return p.Store.View(ctx, func(ctx context.Context, r storage.Reader) error { return fn(ctx, r) })
}

func (p part) Update(ctx context.Context, s unit.Scope, fn func(context.Context, approval.Tx) error) error {
	return p.Store.Update(ctx, s, func(ctx context.Context, tx storage.Tx) error { return fn(ctx, tx) })
}

// A bench is a platform, and a service over its store for which every request is
// about the bench itself.
type bench struct {
	*superapptest.Kit
	*approval.Service
	t *testing.T
	// now is the digest of what the requests are about, as things stand.
	now [32]byte
	// ended is the last request that ended, and fails what its effect answers.
	ended approval.Request
	fails error
}

func (b *bench) Digest() [32]byte { return b.now }

func (b *bench) End(_ context.Context, r approval.Request) error {
	b.ended = r
	return b.fails
}

func newBench(t *testing.T) *bench {
	b := &bench{Kit: superapptest.New(t, nil), t: t}
	load := func(context.Context, approval.Tx, rbac.Actor, approval.Request, time.Time) (approval.Matter, error) {
		return b, nil
	}
	b.Service = approval.New(part{storagetest.Rerun(b.Store)}, &unit.Env{
		Matrix: rbac.BuiltIn(), Clock: b.Clock.Now, NewID: id.New, Log: slog.New(slog.DiscardHandler),
	}, map[approval.Kind]approval.Spec{
		approval.VersionRelease:     {Decide: rbac.DecideApproval, Submit: rbac.SubmitVersion, Load: load},
		approval.Removal:            {Decide: rbac.DecideApproval, Submit: rbac.RemoveMiniProgram, Load: load},
		approval.DeveloperWorkspace: {Decide: rbac.DecideApproval, Load: load},
		approval.WorkspaceChange:    {Submit: rbac.RequestWorkspaceChange, Load: load},
	})
	_, _, err := b.OpenTenant(t.Context(), system, superapp.Open{
		Name:     "Harbour Pay",
		Business: workspace.Business{Address: "9 Sea Road", Scope: "payments", Representative: "Bo", Email: "bo@other.example"},
		Admin:    member.First{Account: "acc-bo", Name: "Bo"},
	})
	require.NoError(t, err)
	return b
}

// submit submits a request of a kind: about the merchant or its mini program, or
// about the tenant or its.
func (b *bench) submit(by rbac.Actor, kind approval.Kind, w id.Workspace) approval.Request {
	b.t.Helper()
	r := approval.Request{
		ID: id.Request{UUID: id.New()}, Kind: kind, Workspace: w, Tenant: b.Tenant, Object: rbac.OnWorkspace(w),
		Status: approval.InReview, Submitter: by.Account(), Frozen: []byte(`{"a":1}`), Digest: b.now, Reason: "please", SubmittedAt: b.Clock.Now(),
	}
	if kind == approval.Removal || kind == approval.VersionRelease {
		r.MiniProgram = b.Shop
		if w == b.Tenant {
			r.MiniProgram = b.App
		}
		r.Object = rbac.OnMiniProgram(r.MiniProgram)
	}
	require.NoError(b.t, part{b.Store}.Update(b.t.Context(), unit.On(by, r.Object), func(ctx context.Context, tx approval.Tx) error {
		return approval.Submit(ctx, tx, by, r)
	}))
	return r
}

// stored returns a request as it is stored.
func (b *bench) stored(r approval.Request) approval.Request {
	b.t.Helper()
	var c approval.Case
	require.NoError(b.t, part{b.Store}.View(b.t.Context(), func(ctx context.Context, tx approval.Reader) (err error) {
		c, err = tx.Case(ctx, r.ID)
		return err
	}))
	return c.Request
}

// events returns what the trail tells of a request.
func (b *bench) events(r approval.Request) []audit.Event {
	b.t.Helper()
	var found []audit.Event
	all, err := b.Audit.List(b.t.Context(), system, audit.Filter{Workspace: r.Workspace}, page.Request{Size: page.MaxSize})
	require.NoError(b.t, err)
	for _, e := range all.Items {
		if e.Object == rbac.OnRequest(r.ID) {
			found = append(found, e)
		}
	}
	return found
}

// block blocks the person in a role.
func (b *bench) block(role rbac.Role) rbac.Actor {
	b.t.Helper()
	_, err := b.Members.Block(b.t.Context(), system, b.Member(role).ID, "")
	require.NoError(b.t, err)
	return b.As(role)
}
