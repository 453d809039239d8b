package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/storage/memory"
	"github.com/superapp-go/superapp/workspace"
)

// night is when the job runs in the demo.
var night = time.Date(2026, time.March, 10, 2, 0, 0, 0, time.UTC)

// invitations are those of the demo, the oldest first; each is valid for three
// days. The first one of a workspace opens it.
var invitations = []struct {
	ago       time.Duration // before the night
	workspace string
	name      string
	role      rbac.Role
}{
	{290 * time.Hour, "Riverbank Wallet", "Ada", rbac.WorkspaceAdmin},     // accepts, see below
	{280 * time.Hour, "Riverbank Wallet", "Olga", rbac.WorkspaceOperator}, // expired long ago
	{120 * time.Hour, "Tea House", "Tom", rbac.DeveloperAdmin},
	{119 * time.Hour, "Shady Deals", "Sid", rbac.DeveloperAdmin}, // disabled, see below
	{100 * time.Hour, "Riverbank Wallet", "Rey", rbac.WorkspaceReviewer},
	{65 * time.Hour, "Tea House", "Dee", rbac.DeveloperAdmin},
	{60 * time.Hour, "Riverbank Wallet", "Ines", rbac.MiniProgramInspector},
	{55 * time.Hour, "Harbour Pay", "Hal", rbac.WorkspaceAdmin},
	{50 * time.Hour, "Harbour Pay", "Pam", rbac.WorkspaceReviewer},
	{1 * time.Hour, "Riverbank Wallet", "Neo", rbac.WorkspaceReviewer}, // valid for days
}

// runDemo runs the job on the demo's data.
func runDemo(ctx context.Context, w io.Writer) error {
	j, err := newDemo(ctx, memory.New())
	if err != nil {
		return err
	}
	j.mail = func(_ context.Context, m member.Member, t member.Token) error {
		_, err := fmt.Fprintf(w, "  (mail to %s, token %s)\n", m.Email, t) // prints [redacted], as it would in a log
		return err
	}
	return j.run(ctx, w)
}

// newDemo fills an empty store and returns a job for the night.
func newDemo(ctx context.Context, store storage.Store) (*job, error) {
	now := night
	clock := func() time.Time { return now }
	p, err := superapp.New(store, &superapp.Options{Clock: clock, Members: &member.Options{Validity: 72 * time.Hour}})
	if err != nil {
		return nil, err
	}
	opened := map[string]id.Workspace{}
	for _, in := range invitations {
		now = night.Add(-in.ago)
		email := in.name + "@people.example"
		if w, ok := opened[in.workspace]; ok {
			_, _, err := p.Members.Invite(ctx, operator, member.Invite{Workspace: w, Email: email, Name: in.name, Role: in.role})
			if err != nil {
				return nil, err
			}
			continue
		}
		open := superapp.Open{Name: in.workspace, Admin: member.First{Email: email, Name: in.name},
			Business: workspace.Business{Address: "1 River Street", Scope: "trade", Email: email}}
		var o superapp.Opened
		var token member.Token
		if in.role == rbac.WorkspaceAdmin {
			open.Business.Representative = in.name
			o, token, err = p.OpenTenant(ctx, operator, open)
		} else {
			open.Business.Company = in.workspace + " Ltd"
			o, token, err = p.OpenDeveloper(ctx, operator, opened["Riverbank Wallet"], open)
		}
		switch {
		case err != nil:
		case in.name == "Ada":
			_, err = p.Members.Accept(ctx, token, member.Account{ID: "acc-ada", Email: email, EmailVerified: true})
			if err == nil {
				err = p.Workspaces.SetStatus(ctx, operator, o.Workspace.ID, workspace.Verified, "")
			}
		case in.name == "Sid":
			err = p.Workspaces.SetStatus(ctx, operator, o.Workspace.ID, workspace.Disabled, "complaints")
		}
		if err != nil {
			return nil, err
		}
		opened[in.workspace] = o.Workspace.ID
	}
	now = night
	return &job{platform: p, now: clock}, nil
}
