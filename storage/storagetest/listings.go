package storagetest

import (
	"context"
	"math"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/feature"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
)

// requestLists are the lists of requests.
func (b *bench) requestLists(t town) (all []list) {
	tenant, space, submitter := []id.Workspace{t.tenant.ID}, []id.Workspace{t.developer.ID}, t.request.Submitter
	filter := func(f rbac.Filter) approval.Query {
		f.Statuses = allStatuses()
		return approval.Query{Filter: &f}
	}
	for name, q := range map[string]approval.Query{
		"all":            {},
		"of a workspace": {Workspace: t.developer.ID}, "of a tenant": {Tenant: t.tenant.ID},
		"about a mini program": {MiniProgram: t.program.ID}, "about a version": {Object: t.request.Object, MiniProgram: t.program.ID},
		"by submitter": {Submitter: submitter}, "by kind": {Kinds: []approval.Kind{approval.VersionRelease, approval.Removal}},
		"by status":           {Statuses: []approval.Status{approval.InReview, approval.Void}},
		"by most of it":       {Workspace: t.developer.ID, MiniProgram: t.program.ID, Submitter: submitter, Statuses: []approval.Status{approval.InReview, approval.Void}},
		"of everybody":        filter(rbac.Filter{All: true}),
		"of tenants":          filter(rbac.Filter{Tenants: tenant}),
		"of workspaces":       filter(rbac.Filter{Workspaces: space}),
		"of mini programs":    filter(rbac.Filter{MiniPrograms: []id.MiniProgram{t.program.ID}}),
		"made in tenants":     filter(rbac.Filter{OwnTenants: tenant, Creator: submitter}),
		"made in workspaces":  filter(rbac.Filter{OwnWorkspaces: space, Creator: submitter}),
		"of overlapping arms": filter(rbac.Filter{Tenants: tenant, Workspaces: space, MiniPrograms: []id.MiniProgram{t.program.ID}, OwnTenants: tenant, OwnWorkspaces: space, Creator: submitter}),
	} {
		all = append(all, list{"requests " + name, func(ctx context.Context, r storage.Reader, after cursor, limit int) ([]cursor, error) {
			q.After, q.Limit = id.Request{UUID: after.id}, limit
			found, err := r.Requests(ctx, q)
			return cursors(found, caseID), err
		}, func() {
			b.put(b.request(t.developer, approval.VersionRelease, t.request.Object, ofProgram(t.program), decided(approval.Void)))
		}})
	}
	return all
}

// codeList is a list of QR codes.
func (b *bench) codeList(t town, name string, gone bool) list {
	return list{name, func(ctx context.Context, r storage.Reader, after cursor, limit int) ([]cursor, error) {
		found, err := r.QRCodes(ctx, qrcode.Query{MiniProgram: t.program.ID, Deleted: gone, After: id.QRCode{UUID: after.id}, Limit: limit})
		return cursors(found, codeID), err
	}, func() { b.put(b.code(t.program), b.short(t.program, deleted)) }}
}

// targetList is the list of the targets of a code, which is in the order of their
// revisions from the last on.
func (b *bench) targetList(t town) list {
	next := t.target
	return list{"targets of a QR code", func(ctx context.Context, r storage.Reader, after cursor, limit int) ([]cursor, error) {
		below := 0
		if after.seq > 0 {
			below = int(math.MaxInt64 - after.seq)
		}
		found, err := r.Retargets(ctx, t.short.ID, below, limit)
		var cs []cursor
		for _, r := range found {
			cs = append(cs, cursor{seq: math.MaxInt64 - uint64(r.Revision)})
		}
		return cs, err
	}, func() { next.Revision++; b.put(next) }}
}

// catalogueLists are the lists of a tenant's catalogue.
func (b *bench) catalogueLists(t town) (all []list) {
	for name, q := range map[string]feature.Query{
		"of a tenant": {Tenant: t.tenant.ID}, "that a workspace sees": {Tenant: t.tenant.ID, SharedWith: t.developer.ID},
	} {
		all = append(all, list{"features " + name, func(ctx context.Context, r storage.Reader, after cursor, limit int) ([]cursor, error) {
			q.After, q.Limit = id.Feature{UUID: after.id}, limit
			found, err := r.Features(ctx, q)
			return cursors(found, func(f feature.Feature) id.UUID { return f.ID.UUID }), err
		}, func() {
			with := func(w ...id.Workspace) func(*feature.Feature) { return func(f *feature.Feature) { f.Shared = w } }
			b.put(b.feature(t.tenant), b.feature(t.tenant, with(t.developer.ID)), b.feature(t.tenant, with(t.tenant.ID)))
		}})
	}
	return append(all, list{"JSAPIs", func(ctx context.Context, r storage.Reader, after cursor, limit int) ([]cursor, error) {
		found, err := r.JSAPIs(ctx, t.tenant.ID, id.JSAPI{UUID: after.id}, limit)
		return cursors(found, func(j feature.JSAPI) id.UUID { return j.ID.UUID }), err
	}, func() { b.put(b.jsapi(t.tenant)) }})
}
