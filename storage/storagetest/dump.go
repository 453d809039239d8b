package storagetest

import (
	"context"
	"fmt"

	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/feature"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/qrcode"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/signin"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/workspace"
)

// plenty is more than any case stores.
const plenty = 1000

// everything is the filter that covers all.
func everything() rbac.Filter {
	return rbac.Filter{All: true, Statuses: allStatuses()}
}

func allStatuses() []rbac.WorkspaceStatus {
	return []rbac.WorkspaceStatus{rbac.Pending, rbac.Verified, rbac.Rejected, rbac.Disabled, rbac.Removed}
}

// dump prints all that is stored, to see whether a unit left a trace.
func (b *bench) dump() (all []string) {
	b.Helper()
	b.view(func(ctx context.Context, r storage.Reader) (err error) {
		all, err = dump(ctx, r, b.hashes)
		return err
	})
	return all
}

func dump(ctx context.Context, r storage.Reader, hashes [][32]byte) (all []string, err error) {
	d := dumper{ctx: ctx, r: r}
	spaces, err := r.Workspaces(ctx, workspace.Query{Limit: plenty})
	d.note(err, spaces)
	for _, w := range spaces {
		d.workspace(w.ID)
	}
	people, err := r.Members(ctx, member.Query{Limit: plenty})
	d.note(err, people)
	for _, p := range people {
		grants, err := r.Grants(ctx, p.Account)
		d.note(err, grants)
		password, err := r.Passwords(ctx, signin.Query{Member: p.ID})
		d.note(err, password)
	}
	programs, err := r.MiniPrograms(ctx, miniprogram.Query{Filter: everything(), Limit: plenty})
	d.note(err, programs)
	for _, p := range programs {
		d.program(p.ID)
	}
	for _, h := range hashes {
		found, err := r.Lookup(ctx, member.Lookup{Token: h, Admins: true})
		d.note(err, found)
		found, err = r.Lookup(ctx, member.Lookup{LinkToken: h})
		d.note(err, found)
	}
	return d.all, d.err
}

type dumper struct {
	ctx context.Context
	r   storage.Reader
	all []string
	err error
}

func (d *dumper) note(err error, found any) {
	if d.err == nil {
		d.err = err
	}
	for _, l := range lines(found) {
		d.all = append(d.all, fmt.Sprintf("%T %s", found, l))
	}
}

func (d *dumper) workspace(w id.Workspace) {
	head, err := d.r.Head(d.ctx, w)
	d.note(err, head)
	events, err := d.r.Events(d.ctx, audit.Query{Workspace: w, Limit: plenty})
	d.note(err, events)
	denials, err := d.r.Denials(d.ctx, audit.DenialQuery{Workspace: w, Limit: plenty})
	d.note(err, denials)
	admins, err := d.r.Admins(d.ctx, w, id.Member{}, plenty)
	d.note(err, admins)
	activity, err := d.r.Activity(d.ctx, w)
	d.note(err, activity)
	own, tenant, err := d.r.Settings(d.ctx, w)
	d.note(err, []workspace.Settings{own, tenant})
	standard, err := d.r.Passwords(d.ctx, signin.Query{Workspace: w, Default: true})
	d.note(err, standard)
	links, err := d.r.Links(d.ctx, member.LinkQuery{Workspace: w, Limit: plenty})
	d.note(err, links)
	requests, err := d.r.Requests(d.ctx, approval.Query{Workspace: w, Limit: plenty})
	d.note(err, requests)
	features, err := d.r.Features(d.ctx, feature.Query{Tenant: w, Limit: plenty})
	d.note(err, features)
	apis, err := d.r.JSAPIs(d.ctx, w, id.JSAPI{}, plenty)
	d.note(err, apis)
}

func (d *dumper) program(p id.MiniProgram) {
	versions, err := d.r.Versions(d.ctx, miniprogram.VersionQuery{MiniProgram: p, Limit: plenty})
	d.note(err, versions)
	team, err := d.r.Team(d.ctx, p, id.Member{}, plenty)
	d.note(err, team)
	for _, deleted := range []bool{false, true} {
		codes, err := d.r.QRCodes(d.ctx, qrcode.Query{MiniProgram: p, Deleted: deleted, Limit: plenty})
		d.note(err, codes)
		for _, c := range codes {
			d.code(c)
		}
	}
	dossier, err := d.r.Dossier(d.ctx, miniprogram.Subject{MiniProgram: p})
	d.note(err, dossier)
	logo, err := d.r.Logo(d.ctx, p)
	d.note(err, string(logo))
}

func (d *dumper) code(c qrcode.Definition) {
	targets, err := d.r.Retargets(d.ctx, c.ID, 0, plenty)
	d.note(err, targets)
	n, err := d.r.ScanCount(d.ctx, c.ID)
	d.note(err, n)
	if c.Short != "" {
		scanned, err := d.r.ShortCode(d.ctx, c.Short)
		d.note(err, scanned)
	}
	if c.Default {
		found, err := d.r.DefaultQRCode(d.ctx, c.MiniProgram)
		d.note(err, found)
	}
}
