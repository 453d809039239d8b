package main

import (
	"context"
	"fmt"
	"io"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/approval"
	"github.com/superapp-go/superapp/feature"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/miniprogram"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/storage"
	"github.com/superapp-go/superapp/workspace"
)

// A story is told in chapters; each goes on from what those before it made.
type story struct {
	*superapp.Platform
	data *Data
	out  io.Writer

	operator, ada, rey, mira rbac.Actor

	wallet, bakery id.Workspace
	features       []id.Feature
	program        id.MiniProgram
	versions       []id.Version
	numbers        map[id.Version]string
}

// tell builds the platform over a store, and tells the whole story.
func tell(ctx context.Context, store storage.Store, data *Data, out io.Writer) error {
	p, err := superapp.New(store, nil)
	if err != nil {
		return err
	}
	s := &story{
		Platform: p, data: data, out: out, numbers: map[id.Version]string{},
		operator: rbac.System("lifecycle"), ada: rbac.User(data.Wallet.Admin.Account),
		rey: rbac.User(data.Wallet.Reviewer.Account), mira: rbac.User(data.Merchant.Admin.Account),
	}
	for n, chapter := range []struct {
		title string
		tell  func(context.Context) error
	}{
		{"The wallet opens its workspace and its catalogue of features", s.openWallet},
		{"The merchant applies for a workspace, and is approved", s.apply},
		{"The merchant creates a mini program and describes it", s.create},
		{"The mini program gets its features", s.attach},
		{"The first version is uploaded, reviewed, and released step by step", s.releaseFirst},
		{"The next version is released, and rolled back", s.releaseNext},
		{"The mini program is removed", s.remove},
		{"The trail", s.verify},
	} {
		s.say("\n%d. %s\n", n+1, chapter.title)
		if err := chapter.tell(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (s *story) say(format string, args ...any) { fmt.Fprintf(s.out, format, args...) }

// did tells a step.
func (s *story) did(format string, args ...any) { s.say("   "+format+"\n", args...) }

func (s *story) openWallet(ctx context.Context) error {
	w := s.data.Wallet
	opened, _, err := s.OpenTenant(ctx, s.operator, superapp.Open{
		Name: w.Name, Business: w.Business, Admin: member.First{Account: w.Admin.Account, Name: w.Admin.Name},
	})
	if err != nil {
		return err
	}
	s.wallet = opened.Workspace.ID
	if err := s.Workspaces.SetStatus(ctx, s.operator, s.wallet, workspace.Verified, "papers seen"); err != nil {
		return err
	}
	_, token, err := s.Members.Invite(ctx, s.ada, member.Invite{
		Workspace: s.wallet, Email: w.Reviewer.Email, Name: w.Reviewer.Name, Role: rbac.WorkspaceReviewer,
	})
	if err != nil {
		return err
	}
	if _, err := s.Members.Accept(ctx, token, member.Account{
		ID: w.Reviewer.Account, Email: w.Reviewer.Email, EmailVerified: true,
	}); err != nil {
		return err
	}
	s.did("%s is verified; %s is its admin, %s reviews.", w.Name, w.Admin.Name, w.Reviewer.Name)
	return s.defineFeatures(ctx)
}

func (s *story) defineFeatures(ctx context.Context) error {
	for _, f := range s.data.Features {
		for _, name := range f.JSAPIs {
			if _, err := s.Features.DefineJSAPI(ctx, s.ada, s.wallet, feature.DefineJSAPI{
				Name: name, Platforms: []feature.Platform{feature.Android, feature.IOS},
			}); err != nil {
				return err
			}
		}
		made, err := s.Features.Define(ctx, s.ada, s.wallet, feature.Define{Name: f.Name, JSAPIs: f.JSAPIs, Access: f.Access})
		if err != nil {
			return err
		}
		s.features = append(s.features, made.ID)
		s.did("Feature %s (%s): %v", f.Name, f.Access, made.JSAPIs)
	}
	return nil
}

func (s *story) apply(ctx context.Context) error {
	m := s.data.Merchant
	request, err := s.Apply(ctx, s.mira, s.wallet, superapp.Application{
		Name: m.Name, Business: m.Business, Applicant: m.Admin.Name, Email: m.Admin.Email,
	}, "we bake every day")
	if err != nil {
		return err
	}
	s.did("%s applies for %s: %s", m.Admin.Name, m.Name, request.Status)
	if err := s.decide(ctx, request.ID); err != nil {
		return err
	}
	developers, err := s.Workspaces.Developers(ctx, s.ada, s.wallet, everything)
	if err != nil {
		return err
	}
	s.bakery = developers.Items[len(developers.Items)-1].ID
	s.did("%s is a developer workspace under %s; %s is its admin.", m.Name, s.data.Wallet.Name, m.Admin.Name)
	return nil
}

// decide has the reviewer approve a request.
func (s *story) decide(ctx context.Context, r id.Request) error {
	decided, err := s.Approvals.Decide(ctx, s.rey, r, approval.Decision{Approve: true, Reason: "looks good"})
	if err != nil {
		return err
	}
	s.did("%s decides the request (%s): %s", s.data.Wallet.Reviewer.Name, decided.Kind, decided.Status)
	return nil
}

// create makes the mini program by quick setup, and fills in the rest.
func (s *story) create(ctx context.Context) error {
	p := s.data.MiniProgram
	made, err := s.MiniPrograms.Create(ctx, s.mira, miniprogram.Create{
		Workspace: s.bakery, Type: p.Type, Language: p.Language, Name: p.Information[0].Name,
	})
	if err != nil {
		return err
	}
	s.program = made.ID
	if err := s.missing(ctx); err != nil {
		return err
	}
	for _, i := range p.Information {
		if _, err := s.MiniPrograms.SetInformation(ctx, s.mira, s.program, miniprogram.Information{
			Language: i.Language, Name: i.Name, Tagline: i.Tagline, Description: i.Description, Keywords: i.Keywords,
		}); err != nil {
			return err
		}
	}
	if _, err := s.MiniPrograms.SetProfile(ctx, s.mira, s.program, miniprogram.ProfileEdit{
		Category: p.Category, Regions: p.Regions, Contacts: p.Contacts, Entrance: p.Entrance,
	}); err != nil {
		return err
	}
	if _, err := s.MiniPrograms.SetLogo(ctx, s.mira, s.program, logo()); err != nil {
		return err
	}
	if _, err := s.MiniPrograms.Configure(ctx, s.mira, s.program, miniprogram.Configuration{
		ClientID: p.ClientID, MerchantID: p.MerchantID, Servers: p.Servers, WebViews: p.WebViews, Testers: p.Testers,
	}); err != nil {
		return err
	}
	if err := s.missing(ctx); err != nil {
		return err
	}
	return s.readers(ctx)
}

func (s *story) attach(ctx context.Context) error {
	for _, f := range s.features {
		attached, err := s.MiniPrograms.AttachFeature(ctx, s.mira, s.program, f, "customers pay by it")
		if err != nil {
			return err
		}
		if attached.Attached {
			continue
		}
		if err := s.decide(ctx, attached.Request.ID); err != nil {
			return err
		}
	}
	return s.show(ctx)
}
