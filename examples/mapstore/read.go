package mapstore

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/workspace"
)

// A reader reads one state. What the port may gain later is answered by the
// embedded type, for the units built on the reader as well.
type reader struct {
	storage.UnimplementedTx
	state *state
}

func (r reader) Head(_ context.Context, w id.Workspace) (audit.Head, error) {
	return get(r.state.heads, w, audit.ErrWorkspace)
}

func (r reader) Events(_ context.Context, q audit.Query) ([]audit.Event, error) {
	return pick(r.state.events, q.Limit, func(e audit.Event) bool {
		return e.Workspace == q.Workspace && e.Seq > q.After && (q.Until == 0 || e.Seq <= q.Until) &&
			is(q.Object, e.Object) && in(q.Verbs, e.Verb) && is(q.Actor, e.Actor) && (q.Actor == "" || q.System == e.System)
	}, func(a, b audit.Event) int { return cmp.Compare(a.Seq, b.Seq) }, cloneEvent), nil
}

func (r reader) Denials(_ context.Context, q audit.DenialQuery) ([]audit.Denial, error) {
	return pick(r.state.denials, q.Limit, func(d audit.Denial) bool {
		return d.Workspace == q.Workspace && (q.Before == 0 || d.Seq < q.Before) &&
			is(q.Object, d.Object) && is(q.Actor, d.Actor) && (q.Actor == "" || q.System == d.System)
	}, func(a, b audit.Denial) int { return cmp.Compare(b.Seq, a.Seq) }, same), nil
}

func (r reader) Workspace(_ context.Context, w id.Workspace) (workspace.Workspace, error) {
	return get(r.state.workspaces, w, workspace.ErrNotFound)
}

func (r reader) Workspaces(_ context.Context, q workspace.Query) ([]workspace.Summary, error) {
	found := pick(r.state.workspaces, q.Limit, func(w workspace.Workspace) bool {
		return w.ID.Compare(q.After.UUID) > 0 && in(q.IDs, w.ID) && is(q.Tenant, w.Tenant) && is(q.Kind, w.Kind) &&
			in(q.Statuses, w.Status)
	}, func(a, b workspace.Workspace) int { return a.ID.Compare(b.ID.UUID) }, same)
	list := make([]workspace.Summary, len(found))
	for i, w := range found {
		list[i].Workspace = w
		for _, p := range r.state.programs {
			if p.Workspace == w.ID && p.Status != miniprogram.Archived {
				list[i].MiniPrograms++
			}
		}
	}
	return list, nil
}

func (r reader) Settings(ctx context.Context, w id.Workspace) (own, tenant workspace.Settings, err error) {
	found, err := r.Workspace(ctx, w)
	return r.state.settings[w], r.state.settings[found.Tenant], err
}

func (r reader) Admins(_ context.Context, w id.Workspace, after id.Member, limit int) ([]workspace.Admin, error) {
	var list []workspace.Admin
	for _, m := range pick(r.state.members, limit, func(m member.Member) bool {
		return m.ID.Compare(after.UUID) > 0 && m.Workspace == w && isAdmin(m)
	}, byMember, cloneMember) {
		list = append(list, workspace.Admin{Member: m.ID, Name: m.Name, Email: m.Email, JoinedAt: m.JoinedAt})
	}
	return list, nil
}

func isAdmin(m member.Member) bool {
	info, _ := m.Role.Info()
	return m.State == member.Active && info.Admin
}

func (r reader) Activity(_ context.Context, w id.Workspace) (a workspace.Activity, _ error) {
	for _, p := range pick(r.state.programs, 20, func(p program) bool {
		return p.Workspace == w && p.Status == miniprogram.Published
	}, byID, same) {
		a.Published = append(a.Published, p.Name)
	}
	for _, v := range pick(r.state.versions, 1, func(v miniprogram.Version) bool { return v.Workspace == w }, byUpload, same) {
		a.LastUpload, a.LastUploadTo = v.UploadedAt, r.state.programs[v.MiniProgram].Name
	}
	return a, nil
}

func (r reader) Contents(ctx context.Context, w id.Workspace) (c storage.Contents, err error) {
	if c.Workspace, err = r.Workspace(ctx, w); err != nil {
		return c, err
	}
	c.Activity, err = r.Activity(ctx, w)
	for _, p := range pick(r.state.programs, len(r.state.programs), func(p program) bool {
		return p.Workspace == w && p.Status != miniprogram.Archived
	}, byID, same) {
		c.MiniPrograms = append(c.MiniPrograms, p.MiniProgram)
	}
	c.Members = pick(r.state.members, len(r.state.members), func(m member.Member) bool {
		return m.Workspace == w && m.State.Open()
	}, byMember, cloneMember)
	c.Links = pick(r.state.links, len(r.state.links), func(l member.Link) bool {
		return l.Workspace == w && l.RevokedAt.IsZero() && l.Uses < l.MaxUses
	}, byLink, cloneLink)
	c.Requests = pick(r.state.requests, len(r.state.requests), func(q approval.Request) bool {
		return q.Workspace == w && q.Status == approval.InReview
	}, byRequest, cloneRequest)
	c.Versions = pick(r.state.versions, len(r.state.versions), func(v miniprogram.Version) bool {
		return r.state.programs[v.MiniProgram].Workspace == w && live(v) &&
			r.state.programs[v.MiniProgram].Status != miniprogram.Archived
	}, byVersion, cloneVersion)
	c.Own, c.Above = r.state.settings[w], r.state.settings[c.Workspace.Tenant]
	return c, err
}

func byID(a, b program) int { return a.ID.Compare(b.ID.UUID) }

// byUpload orders the last upload first.
func byUpload(a, b miniprogram.Version) int {
	return cmp.Or(b.UploadedAt.Compare(a.UploadedAt), b.ID.Compare(a.ID.UUID))
}

func (r reader) MiniProgram(_ context.Context, p id.MiniProgram) (miniprogram.MiniProgram, error) {
	found, err := get(r.state.programs, p, miniprogram.ErrNotFound)
	return found.MiniProgram, err
}

func (r reader) MiniPrograms(_ context.Context, q miniprogram.Query) ([]miniprogram.Hit, error) {
	var hits []miniprogram.Hit
	last := miniprogram.Hit{Term: q.AfterTerm, MiniProgram: miniprogram.MiniProgram{ID: q.After}}
	for _, p := range r.state.programs {
		hit := miniprogram.Hit{
			MiniProgram: p.MiniProgram,
			OwnerStatus: r.state.workspaces[p.Workspace].Status, TenantStatus: r.state.workspaces[p.Tenant].Status,
		}
		if q.Prefix != "" {
			hit.Term = leastTerm(p.terms, q.Prefix)
		}
		if (hit.Term == "") == (q.Prefix == "") && byTerm(hit, last) > 0 && visible(q.Filter, hit) &&
			is(q.Workspace, p.Workspace) && is(q.Tenant, p.Tenant) && is(q.ID, p.ID) &&
			is(q.Creator, p.Creator) && is(q.Type, p.Type) && in(q.Statuses, p.Status) {
			hits = append(hits, hit)
		}
	}
	slices.SortFunc(hits, byTerm)
	return hits[:min(q.Limit, len(hits))], nil
}

// visible asks the filter itself. A store with a query language writes each arm
// of the filter as a query instead.
func visible(f rbac.Filter, h miniprogram.Hit) bool {
	return f.Covers(rbac.Target{
		Owner: h.Workspace, Tenant: h.Tenant, OwnerStatus: h.OwnerStatus, TenantStatus: h.TenantStatus,
		MiniProgram: h.ID, Creator: h.Creator,
	})
}

// leastTerm returns the least term that begins with the prefix, "" for none.
func leastTerm(terms []string, prefix string) (least string) {
	for _, t := range terms {
		if strings.HasPrefix(t, prefix) && (least == "" || t < least) {
			least = t
		}
	}
	return least
}

func byTerm(a, b miniprogram.Hit) int {
	return cmp.Or(strings.Compare(a.Term, b.Term), a.ID.Compare(b.ID.UUID))
}

func get[K comparable, V any](from map[K]V, key K, notFound error) (V, error) {
	v, ok := from[key]
	if !ok {
		return v, notFound
	}
	return v, nil
}

// same is the copy of a record that holds no slice or map.
func same[V any](v V) V { return v }

func byMember(a, b member.Member) int { return a.ID.Compare(b.ID.UUID) }
