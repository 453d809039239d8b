package main

import (
	"context"
	"slices"

	"github.com/superapp-go/superapp/audit"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
)

// block bars members, and lets some of them in again.
func (s *story) block(ctx context.Context) error {
	s.out.chapter("Members are blocked and unblocked")
	for w, p := range s.data.everybody() {
		if p.Outcome != Blocked && p.Outcome != Unblocked {
			continue
		}
		if err := s.blockPerson(ctx, w, p); err != nil {
			return at(p.path, err)
		}
	}
	return nil
}

func (s *story) blockPerson(ctx context.Context, w *Workspace, p *Person) error {
	m, err := s.record(ctx, s.workspaces[w.Name], p.Email, p.Account)
	if err != nil {
		return err
	}
	// Why: an active member looks the same before and after; what has been done
	// to him stands in the audit trail.
	unblocked, err := s.happened(ctx, w, member.EventUnblocked, m.ID)
	if err != nil {
		return err
	}
	note, what := s.out.kept, "blocked by "+w.Admin.Name
	if m.State == member.Active && !unblocked {
		note = s.out.did
		if m, err = s.Members.Block(ctx, w.Admin.actor(), m.ID, "lost the phone"); err != nil {
			return err
		}
	}
	if p.Outcome == Unblocked {
		what += " for a lost phone, unblocked when it was found"
		if m.State == member.Inactive {
			note = s.out.did
			if _, err = s.Members.Unblock(ctx, w.Admin.actor(), m.ID); err != nil {
				return err
			}
		}
	}
	note(p.Name, "of "+string(w.Name), what)
	return nil
}

// happened reports whether the trail has an event about a member.
func (s *story) happened(ctx context.Context, w *Workspace, verb audit.Verb, m id.Member) (bool, error) {
	events, err := page.Collect(page.All(ctx, s.Audit.List, w.Admin.actor(), audit.Filter{Workspace: s.workspaces[w.Name]}))
	return slices.ContainsFunc(events, func(e audit.Event) bool {
		return e.Verb == verb && e.Object == rbac.OnMember(m)
	}), err
}
