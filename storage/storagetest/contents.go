package storagetest

import (
	"context"
	"slices"
	"time"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/workspace"
)

var contents = []testCase{
	{"all that ends with a workspace", "Contents holds the workspace, its activity, its mini programs that are not archived and its open members with what they hold, in the order of their ids, and nothing of another workspace", func(b *bench) {
		t, other := b.newTown(), b.newTown()
		programs := []program{t.program}
		members := []member.Member{t.admin, t.guest}
		for i := range 12 {
			p := b.program(t.developer)
			if i%3 == 0 {
				archived(&p)
			}
			if i%3 == 1 {
				published(&p)
			}
			b.put(p)
			programs = append(programs, p)
			m := b.member(t.developer, rbac.Developer, holding(rbac.MiniProgramDeveloper.Key(), t.program, p))
			if m.State = []member.State{member.Active, member.Inactive, member.Deleted, member.Withdrawn}[i%4]; i%5 == 0 {
				invited(&m)
			}
			b.put(m)
			members = append(members, m)
		}
		b.put(b.program(t.tenant), b.program(other.developer), b.member(t.tenant, rbac.WorkspaceReviewer))
		want := storage.Contents{Workspace: t.developer, Activity: b.activity(t.developer.ID)}
		for _, p := range kept(programs, func(p program) bool { return p.Status != miniprogram.Archived }, func(p program) id.UUID { return p.ID.UUID }) {
			want.MiniPrograms = append(want.MiniPrograms, p.MiniProgram)
		}
		want.Members = kept(members, func(m member.Member) bool { return m.State.Open() }, func(m member.Member) id.UUID { return m.ID.UUID })
		got, err := b.contents(t.developer.ID)
		b.ok(err)
		b.same("the workspace", got.Workspace, want.Workspace)
		b.same("the activity", got.Activity, want.Activity)
		b.same("the mini programs", got.MiniPrograms, want.MiniPrograms)
		b.same("the members", got.Members, want.Members)
	}},
	{"reviews, releases and settings", "Contents holds the workspace's requests in review, the versions of its mini programs that are under review, approved, given to users or offline, but not those of archived ones, and what it and its tenant set", func(b *bench) {
		t, other := b.newTown(), b.newTown()
		gone := b.program(t.developer, archived)
		ended := b.request(t.developer, approval.Removal, rbac.OnMiniProgram(t.program.ID), ofProgram(t.program), decided(approval.Approved))
		open := b.request(t.developer, approval.WorkspaceChange, rbac.OnWorkspace(t.developer.ID))
		b.put(gone, ended, open, b.request(t.tenant, approval.WorkspaceChange, rbac.OnWorkspace(t.tenant.ID)),
			b.version(gone, versionStatus(miniprogram.Released)), b.version(other.program, versionStatus(miniprogram.Released)),
			set{t.tenant.ID, workspace.Settings{MaxBatch: 5}})
		second := b.program(t.developer)
		records, versions := []any{second}, []miniprogram.Version(nil)
		for i, s := range versionStatuses {
			v := b.version([]program{t.program, second}[i%2], versionStatus(s))
			records, versions = append(records, v), append(versions, v)
		}
		b.put(records...)
		got, err := b.contents(t.developer.ID)
		b.ok(err)
		b.same("the requests", got.Requests, kept([]approval.Request{t.request, open}, func(approval.Request) bool { return true },
			func(r approval.Request) id.UUID { return r.ID.UUID }))
		b.same("the versions", got.Versions, kept(versions, func(v miniprogram.Version) bool { return slices.Contains(liveStatuses, v.Status) }, versionID))
		b.same("what it sets", got.Own, t.set.Settings)
		b.same("what its tenant sets", got.Above, workspace.Settings{MaxBatch: 5})
		got, err = b.contents(t.tenant.ID)
		b.ok(err)
		b.same("what the tenant sets", []workspace.Settings{got.Own, got.Above}, slices.Repeat([]workspace.Settings{{MaxBatch: 5}}, 2))
	}},
	{"the links that end with a workspace", "Contents holds the workspace's links that are neither used up nor revoked, expired ones too, in the order of their ids", func(b *bench) {
		t, other := b.newTown(), b.newTown()
		expired := b.link(t.developer, func(l *member.Link) { l.ExpiresAt = now.Add(-time.Hour) })
		b.put(expired, b.link(t.developer, func(l *member.Link) { l.Uses = l.MaxUses }), b.link(t.developer, func(l *member.Link) { l.RevokedAt = now }),
			b.link(t.tenant), b.link(other.developer))
		got, err := b.contents(t.developer.ID)
		b.ok(err)
		b.same("the links", got.Links, kept([]member.Link{t.link.Link, expired}, func(member.Link) bool { return true }, func(l member.Link) id.UUID { return l.ID.UUID }))
	}},
	{"a workspace with nothing in it", "Contents of a workspace in which nobody is are empty, and of none at all an error", func(b *bench) {
		w := b.tenant()
		b.put(w)
		got, err := b.contents(w.ID)
		b.ok(err)
		b.same("what is in it", got, storage.Contents{Workspace: w})
		_, err = b.contents(id.Workspace{UUID: b.uuid()})
		b.is(err, workspace.ErrNotFound)
	}},
}

func (b *bench) contents(w id.Workspace) (c storage.Contents, err error) {
	b.view(func(ctx context.Context, r storage.Reader) error {
		c, err = r.Contents(ctx, w)
		return nil
	})
	return c, err
}
