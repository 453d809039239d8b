package main

import (
	"context"
	"errors"
	"slices"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/workspace"
)

// openWallet opens the tenant workspace with an admin whose account is known,
// and verifies it.
func (s *story) openWallet(ctx context.Context) error {
	s.out.chapter("The wallet opens its workspace")
	w := &s.data.Wallet
	found, err := s.find(ctx, w, workspace.Filter{Kind: workspace.Tenant})
	if err != nil {
		return err
	}
	if found == nil {
		opened, _, err := s.OpenTenant(ctx, operator, superapp.Open{
			Name: string(w.Name), Business: w.Business,
			Admin: member.First{Account: w.Admin.Account, Email: w.Admin.Email, Name: w.Admin.Name},
		})
		if err != nil {
			return at(w.path, err)
		}
		found = &opened.Workspace
		s.out.did(string(w.Name), "opened by the platform operator; its admin is "+w.Admin.Name)
	} else if _, err := s.admin(ctx, found.ID, w); err != nil {
		return err
	} else {
		s.out.kept(string(w.Name), "is open; its admin is "+w.Admin.Name)
	}
	s.workspaces[w.Name] = found.ID
	if found.Status != workspace.Pending {
		s.out.kept(string(w.Name), "is "+found.Status.String())
		return nil
	}
	if err := s.Workspaces.SetStatus(ctx, operator, found.ID, workspace.Verified, ""); err != nil {
		return err
	}
	s.out.did(string(w.Name), "verified by the platform operator: mini programs may be created now")
	return nil
}

// openMerchants opens a developer workspace for each merchant. Its admin is
// invited by e-mail, and accepts.
func (s *story) openMerchants(ctx context.Context) error {
	s.out.chapter("The wallet's merchants get theirs")
	wallet := &s.data.Wallet
	tenant := s.workspaces[wallet.Name]
	for i := range s.data.Merchants {
		w := &s.data.Merchants[i]
		found, err := s.find(ctx, w, workspace.Filter{Kind: workspace.Developer, Tenant: tenant})
		if err != nil {
			return err
		}
		var opened superapp.Opened
		var token member.Token
		if found == nil {
			opened, token, err = s.OpenDeveloper(ctx, wallet.Admin.actor(), tenant, superapp.Open{
				Name: string(w.Name), Business: w.Business,
				Admin: member.First{Email: w.Admin.Email, Name: w.Admin.Name},
			})
			err = at(w.path, err)
		} else {
			opened.Workspace = *found
			opened.Admin, err = s.admin(ctx, found.ID, w)
		}
		if err != nil {
			return err
		}
		s.workspaces[w.Name] = opened.Workspace.ID
		if opened.Admin.State != member.Invited {
			s.out.kept(string(w.Name), "is open; its admin is "+w.Admin.Name)
			continue
		}
		if err := s.accept(ctx, wallet.Admin.actor(), opened.Admin, token, w.Admin.Account); err != nil {
			return at(w.path+".admin", err)
		}
		s.out.did(string(w.Name), "opened by "+wallet.Admin.Name+"; "+w.Admin.Name+" was invited and is its admin")
	}
	return nil
}

// admin returns the record of a stored workspace's admin.
func (s *story) admin(ctx context.Context, stored id.Workspace, w *Workspace) (member.Member, error) {
	m, err := s.record(ctx, stored, w.Admin.Email, w.Admin.Account)
	if err == nil && m.ID.IsZero() {
		err = errors.New("the stored workspace has another admin: use another directory for another admin")
	}
	return m, at(w.path+".admin", err)
}

// find returns the stored workspace of that name, nil if there is none.
func (s *story) find(ctx context.Context, w *Workspace, f workspace.Filter) (*workspace.Workspace, error) {
	stored, err := s.stored(ctx, f)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(stored, func(d workspace.Details) bool {
		return d.Name == string(w.Name) && d.Status != workspace.Removed
	})
	if i < 0 {
		return nil, nil
	}
	return &stored[i].Workspace, nil
}
