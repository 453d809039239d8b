package mapstore

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/qrcode"
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
	var events []audit.Event
	for seq := q.After + 1; len(events) < q.Limit; seq++ {
		e, ok := r.state.events[place{q.Workspace, seq}]
		if !ok {
			break
		}
		events = append(events, cloneEvent(e))
	}
	return events, nil
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

func (r reader) NameTaken(_ context.Context, tenant id.Workspace, language, key string) (bool, error) {
	for _, p := range r.state.programs {
		if p.Tenant == tenant && p.Language == language && p.NameKey == key && p.Status != miniprogram.Archived {
			return true, nil
		}
	}
	return false, nil
}

func (r reader) Versions(_ context.Context, p id.MiniProgram, after id.Version, limit int) ([]miniprogram.Version, error) {
	return pick(r.state.versions, limit, func(v miniprogram.Version) bool {
		return v.MiniProgram == p && v.ID.Compare(after.UUID) > 0
	}, func(a, b miniprogram.Version) int { return a.ID.Compare(b.ID.UUID) }, cloneVersion), nil
}

func (r reader) Team(_ context.Context, p id.MiniProgram, after id.Member, limit int) ([]miniprogram.TeamMember, error) {
	var list []miniprogram.TeamMember
	for _, m := range pick(r.state.members, limit, func(m member.Member) bool {
		h, _ := held(m, p)
		return h.Team != 0 && m.State.Present() && m.ID.Compare(after.UUID) > 0
	}, byMember, cloneMember) {
		h, _ := held(m, p)
		list = append(list, miniprogram.TeamMember{
			Member: m.ID, Name: m.Name, WorkspaceRole: m.Role, Role: h.Team.Role(), Blocked: m.State == member.Inactive,
		})
	}
	return list, nil
}

// held returns how a member holds a mini program.
func held(m member.Member, p id.MiniProgram) (rbac.HeldProgram, bool) {
	for _, h := range m.Programs {
		if h.MiniProgram == p && !p.IsZero() {
			return h, true
		}
	}
	return rbac.HeldProgram{}, false
}

func (r reader) QRCode(_ context.Context, c id.QRCode) (qrcode.Definition, error) {
	d, err := get(r.state.codes, c, qrcode.ErrNotFound)
	return cloneCode(d), err
}

func (r reader) QRCodes(_ context.Context, p id.MiniProgram, after id.QRCode, limit int) ([]qrcode.Definition, error) {
	return pick(r.state.codes, limit, func(d qrcode.Definition) bool {
		return d.MiniProgram == p && d.ID.Compare(after.UUID) > 0
	}, func(a, b qrcode.Definition) int { return a.ID.Compare(b.ID.UUID) }, cloneCode), nil
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
