package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/superapp-go/superapp"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/workspace"
)

// listMembers shows the members of each workspace as its admin sees them.
func (s *story) listMembers(ctx context.Context) error {
	s.out.chapter("The member lists, with what each admin may do")
	for _, w := range s.data.workspaces() {
		members, err := page.Collect(page.All(ctx, s.Members.List, w.Admin.actor(), member.Filter{Workspace: s.workspaces[w.Name]}))
		if err != nil {
			return err
		}
		s.out.say("%s, seen by %s", w.Name, w.Admin.Name)
		for _, m := range members {
			s.out.row("", m.Name, string(m.Role), string(m.Status), join(m.Actions))
		}
	}
	return nil
}

// askQuestions asks who may do what, and why.
func (s *story) askQuestions(ctx context.Context) error {
	s.out.chapter("Who may do what?")
	for i, q := range s.data.Questions {
		permission, err := s.Access.Matrix().ParsePermission(q.May)
		if err != nil {
			return at(fmt.Sprintf("questions[%d].may", i), err)
		}
		on := rbac.OnWorkspace(s.workspaces[q.On])
		if program, ok := s.programs[q.On]; ok {
			on = rbac.OnMiniProgram(program)
		}
		d, err := s.Access.Explain(ctx, rbac.User(q.Who), permission, on)
		if err != nil {
			return at(fmt.Sprintf("questions[%d]", i), err)
		}
		answer := "no"
		if d.Allowed {
			answer = "yes"
		}
		s.out.say("%-3s  May %s do %s on %s?", answer, s.data.nameOf(q.Who), q.May, q.On)
		s.out.say("     %s", d)
	}
	return nil
}

// errOnlyTried rolls back what was only tried.
var errOnlyTried = errors.New("only tried")

// tryRemoval lets the wallet's admin try to remove a merchant. It happens in a
// unit of work that is rolled back whatever comes of it: the day will come when
// nothing stands in the way any more, and the next run needs the merchant.
func (s *story) tryRemoval(ctx context.Context) error {
	s.out.chapter("The wallet tries to remove a merchant")
	admin, merchant := s.data.Wallet.Admin, s.workspaces[s.data.Removal.Merchant]
	var refusal error
	err := s.Update(ctx, func(ctx context.Context, p *superapp.Platform) error {
		refusal = p.RemoveDeveloper(ctx, admin.actor(), merchant, s.data.Removal.Reason)
		return errOnlyTried
	}, merchant)
	if !errors.Is(err, errOnlyTried) {
		return err
	}
	s.out.say("%s asks to remove %s (%s).", admin.Name, s.data.Removal.Merchant, s.data.Removal.Reason)
	guard, guarded := errors.AsType[*workspace.RemovalError](refusal)
	switch {
	case refusal == nil:
		s.out.say("Nothing stands in the way any more; it was only tried, so nothing is removed.")
	case guarded:
		s.out.say("Refused: %v.", guard)
	default:
		return at("removal", refusal)
	}
	return nil
}

// verifyTrails proves that nobody has edited the audit trails.
func (s *story) verifyTrails(ctx context.Context) error {
	s.out.chapter("Every change stands in an audit trail, which nobody can edit unseen")
	for _, w := range s.data.workspaces() {
		head, err := s.Audit.Verify(ctx, w.Admin.actor(), s.workspaces[w.Name])
		if err != nil {
			return err
		}
		s.out.row("", string(w.Name), fmt.Sprintf("%d events, unbroken; the last on %s", head.Seq, date(head.At)))
	}
	return nil
}

// nameOf returns the name of whoever has an account.
func (d *Data) nameOf(account id.Account) string {
	for _, w := range d.workspaces() {
		if w.Admin.Account == account {
			return w.Admin.Name
		}
	}
	for _, p := range d.everybody() {
		if p.Account == account {
			return p.Name
		}
	}
	return string(account)
}
