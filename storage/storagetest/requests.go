package storagetest

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/workspace"
)

var requests = []testCase{
	{"a request comes back as it was stored", "every field is kept, of each kind and status; what was frozen is kept byte by byte, as its digest is of them", func(b *bench) {
		t := b.newTown()
		for _, k := range []approval.Kind{approval.VersionRelease, approval.Removal, approval.FeatureActivation, approval.DeveloperWorkspace, approval.WorkspaceChange} {
			for _, s := range []approval.Status{approval.InReview, approval.Approved, approval.Rejected, approval.Withdrawn, approval.Void} {
				r := b.request(t.developer, k, rbac.Object{Kind: rbac.KindFeature, ID: b.uuid()}, ofProgram(t.program))
				if s != approval.InReview {
					decided(s)(&r)
				}
				b.put(r)
				b.about("a request for %s that is %s", k, s)
				b.same("the request", b.caseOf(r.ID).Request, r)
			}
		}
		bare := approval.Request{ID: id.Request{UUID: b.uuid()}, Kind: approval.WorkspaceChange, Status: approval.InReview,
			Workspace: t.tenant.ID, Tenant: t.tenant.ID, Object: rbac.OnWorkspace(t.tenant.ID), SubmittedAt: now}
		long := b.request(t.tenant, approval.DeveloperWorkspace, rbac.OnWorkspace(t.tenant.ID), decided(approval.Rejected), func(r *approval.Request) {
			r.Frozen = json.RawMessage("{\"z\": 1.0,\t\"a\":\"\\u00e9\",\n \"a\":\"é👩‍👦\", \"big\":12345678901234567890, \"text\":\"" + strings.Repeat("ä", 100_000) + "\" }")
			r.Submitter, r.Decider = id.Account(strings.Repeat("ä", 127)+"1"), id.Account(strings.Repeat("ä", 127)+"2")
			r.Reason, r.Answer = strings.Repeat("\U00020000", 500), strings.Repeat("\U00020001", 500)
		})
		b.put(bare, long)
		b.about("one with nothing in it")
		b.same("the request", b.caseOf(bare.ID).Request, bare)
		b.about("one with long fields")
		b.same("the request", b.caseOf(long.ID).Request, long)
	}},
	{"a missing request is not found", "reading a request by an id that was never stored is approval.ErrNotFound", func(b *bench) {
		t := b.newTown()
		b.view(func(ctx context.Context, r storage.Reader) error {
			for _, u := range []id.UUID{b.uuid(), {}, t.version.ID.UUID} {
				_, err := r.Case(ctx, id.Request{UUID: u})
				b.is(err, approval.ErrNotFound)
			}
			return nil
		})
	}},
	{"an update says how it ended", "UpdateRequest stores status, decider, answer and time of the end; whatever else is given stays", func(b *bench) {
		t := b.newTown()
		want := t.request
		decided(approval.Approved)(&want)
		given := want
		given.Kind, given.Workspace, given.Tenant, given.MiniProgram = approval.Removal, t.tenant.ID, id.Workspace{UUID: b.uuid()}, id.MiniProgram{}
		given.Object, given.Submitter, given.Frozen = rbac.OnWorkspace(t.tenant.ID), "u-thief", json.RawMessage(`{}`)
		given.Digest, given.Reason, given.SubmittedAt = [32]byte{9}, "Other.", now.Add(time.Hour)
		b.do(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error { return tx.UpdateRequest(ctx, given) })
		b.same("the request", b.caseOf(want.ID).Request, want)
		b.same("what the mini program's rules depend on", b.dossier(t.program.ID).Requests, nil)
		want.Status, want.Decider, want.Answer, want.EndedAt = approval.InReview, "", "", time.Time{}
		b.do(on(t.developer.ID), func(ctx context.Context, tx storage.Tx) error { return tx.UpdateRequest(ctx, want) })
		b.about("fields that are zero again")
		b.same("the request", b.caseOf(want.ID).Request, want)
		b.same("what the mini program's rules depend on", b.dossier(t.program.ID).Requests, []approval.Request{want})
	}},
	{"a case has what decides about it", "Case tells the statuses of the workspace and of its tenant, and whether the tenant lets submitters decide; what the workspace itself sets says nothing", func(b *bench) {
		t := b.newTown()
		own := b.request(t.tenant, approval.WorkspaceChange, rbac.OnWorkspace(t.tenant.ID))
		b.put(own, set{t.developer.ID, workspace.Settings{OwnDecision: true}})
		check := func(allowed bool) {
			b.Helper()
			for _, want := range []approval.Case{
				{Request: t.request, OwnerStatus: t.developer.Status, TenantStatus: t.tenant.Status, OwnDecision: allowed},
				{Request: own, OwnerStatus: t.tenant.Status, TenantStatus: t.tenant.Status, OwnDecision: allowed},
			} {
				b.same("the case", b.caseOf(want.ID), want)
				b.same("the case in a list", b.requests(approval.Query{Workspace: want.Workspace, Limit: plenty}), []approval.Case{want})
			}
		}
		check(false)
		t.developer.Status, t.tenant.Status = workspace.Rejected, workspace.Disabled
		b.do(on(t.tenant.ID, t.developer.ID), func(ctx context.Context, tx storage.Tx) error {
			if err := tx.UpdateWorkspace(ctx, t.developer); err != nil {
				return err
			}
			return tx.UpdateWorkspace(ctx, t.tenant)
		})
		b.put(set{t.tenant.ID, workspace.Settings{OwnDecision: true}})
		check(true)
		b.put(set{t.tenant.ID, workspace.Settings{MaxBatch: 1}})
		check(false)
	}},
	{"every field of a query selects", "Requests lists exactly those that all fields of the query select, in the order of their ids, at most the limit; zero fields and nil lists select everything, a nil Filter too, and a list that is not nil what is in it", func(b *bench) {
		docket := b.docket()
		for range 200 {
			q, f := b.requestQuery(docket)
			b.about("query: %+v, filter: %+v", q, f)
			got := b.requests(q)
			want := kept(docket.cases, func(c approval.Case) bool { return selectsRequest(q, c) }, caseID)
			b.same("the requests", got, want[:min(len(want), q.Limit)])
		}
		b.about("a query for no kinds")
		b.same("the requests", b.requests(approval.Query{Kinds: []approval.Kind{}, Limit: plenty}), nil)
	}},
	{"each arm of a filter alone", "every arm of a filter lists exactly what Filter.Covers says, where the creator is who submitted; a filter without arms lists nothing (S4)", func(b *bench) {
		docket := b.docket()
		for range 12 {
			c, d := one(b, docket.cases), one(b, docket.cases)
			tenants, spaces := []id.Workspace{c.Tenant, d.Tenant}, []id.Workspace{c.Workspace, d.Workspace}
			for _, f := range []rbac.Filter{
				{}, {All: true}, {Tenants: tenants}, {Workspaces: spaces}, {OwnTenants: tenants, Creator: c.Submitter},
				{OwnWorkspaces: spaces, Creator: d.Submitter}, {MiniPrograms: []id.MiniProgram{one(b, docket.programs).ID, one(b, docket.programs).ID}},
			} {
				f.Statuses = allStatuses()
				f = docket.lawful(f)
				b.about("filter: %+v", f)
				want := kept(docket.cases, func(c approval.Case) bool { return f.Covers(requestTarget(c)) }, caseID)
				b.same("the requests", b.requests(approval.Query{Filter: &f, Limit: plenty}), want)
			}
		}
	}},
}

// A docket is a world with requests of all kinds.
type docket struct {
	world
	cases []approval.Case
}

// docket makes and stores one.
func (b *bench) docket() docket {
	b.Helper()
	d := docket{world: b.world()}
	kinds := []approval.Kind{approval.VersionRelease, approval.Removal, approval.FeatureActivation}
	var records []any
	add := func(r approval.Request) {
		r.Submitter = one(b, d.accounts)
		if s := one(b, []approval.Status{approval.InReview, approval.Approved, approval.Withdrawn}); s != approval.InReview {
			decided(s)(&r)
		}
		records = append(records, r)
		d.cases = append(d.cases, approval.Case{Request: r, OwnerStatus: d.spaces[r.Workspace].Status, TenantStatus: d.spaces[r.Tenant].Status})
	}
	for _, p := range d.programs {
		if b.sometimes() {
			for range 2 {
				add(b.request(d.spaces[p.Workspace], one(b, kinds), rbac.OnVersion(id.Version{UUID: b.uuid()}), ofProgram(p)))
			}
		}
	}
	for _, o := range d.objects {
		w, is := d.spaces[id.Workspace{UUID: o.ID}]
		if !is {
			continue
		}
		add(b.request(w, approval.WorkspaceChange, rbac.OnWorkspace(w.ID)))
	}
	b.put(records...)
	return d
}

// requestQuery makes a query about a docket, and tells its filter, if any.
func (b *bench) requestQuery(d docket) (approval.Query, rbac.Filter) {
	q, c, other := approval.Query{Limit: plenty}, one(b, d.cases), one(b, d.cases)
	if b.sometimes() {
		q.Workspace = c.Workspace
	}
	if b.sometimes() {
		q.Tenant = c.Tenant
	}
	if b.sometimes() {
		q.MiniProgram = c.MiniProgram
	}
	if b.sometimes() {
		q.Submitter = c.Submitter
	}
	if b.sometimes() {
		q.Kinds = []approval.Kind{c.Kind, other.Kind}
	}
	if b.sometimes() {
		q.Statuses = []approval.Status{c.Status, other.Status}
	}
	switch b.rand.IntN(6) {
	case 0:
		q.Object = c.Object
	case 1:
		q.After = other.ID
	case 2:
		q.Limit = 3
	}
	if b.sometimes() {
		f := b.filter(d.world)
		q.Filter = &f
		return q, f
	}
	return q, rbac.Filter{}
}

// selectsRequest is what an approval.Query means.
func selectsRequest(q approval.Query, c approval.Case) bool {
	return zeroOr(q.Workspace, c.Workspace) && zeroOr(q.Tenant, c.Tenant) && zeroOr(q.MiniProgram, c.MiniProgram) &&
		zeroOr(q.Object, c.Object) && zeroOr(q.Submitter, c.Submitter) && nilOr(q.Kinds, c.Kind) && nilOr(q.Statuses, c.Status) &&
		c.ID.Compare(q.After.UUID) > 0 && (q.Filter == nil || q.Filter.Covers(requestTarget(c)))
}

// requestTarget is a request as a filter sees it.
func requestTarget(c approval.Case) rbac.Target {
	return rbac.Target{Owner: c.Workspace, Tenant: c.Tenant, MiniProgram: c.MiniProgram, Creator: c.Submitter,
		OwnerStatus: c.OwnerStatus, TenantStatus: c.TenantStatus}
}

func caseID(c approval.Case) id.UUID { return c.ID.UUID }

// caseOf reads one request.
func (b *bench) caseOf(r id.Request) approval.Case {
	b.Helper()
	return read(b, func(ctx context.Context, s storage.Reader) (approval.Case, error) { return s.Case(ctx, r) })
}

// requests lists requests.
func (b *bench) requests(q approval.Query) []approval.Case {
	b.Helper()
	return read(b, func(ctx context.Context, r storage.Reader) ([]approval.Case, error) { return r.Requests(ctx, q) })
}
