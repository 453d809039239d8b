package main

import (
	"context"
	"errors"
	"time"

	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/page"
	"github.com/superapp-go/superapp/rbac"
)

// invite sends the invitations; some are accepted, some withdrawn.
func (s *story) invite(ctx context.Context) error {
	s.out.chapter("People are invited")
	s.out.say("Each mail carries a link such as %s?token=%s:", s.data.Link, member.Token("never printed"))
	s.out.say("a token is handed out once, and the store keeps only its hash.")
	for w, p := range s.data.everybody() {
		if err := s.invitePerson(ctx, w, p); err != nil {
			return at(p.path, err)
		}
	}
	return nil
}

func (s *story) invitePerson(ctx context.Context, w *Workspace, p *Person) error {
	admin := w.Admin.actor()
	note := func(print func(...string), what string) error {
		print(p.Name, "as "+string(p.Role), "of "+string(w.Name), what)
		return nil
	}
	m, err := s.record(ctx, s.workspaces[w.Name], p.Email, p.Account)
	if err != nil {
		return err
	}
	switch {
	case m.State.Present():
		return note(s.out.kept, "invited, accepted")
	case m.State == member.Withdrawn && p.Outcome == Withdrawn:
		return note(s.out.kept, "invited, withdrawn")
	case m.State == member.Invited && p.Outcome == Resent:
		return note(s.out.kept, "invited")
	}

	var token member.Token
	if m.State != member.Invited {
		m, token, err = s.Members.Invite(ctx, admin, member.Invite{
			Workspace: s.workspaces[w.Name], Email: p.Email, Name: p.Name, Role: p.Role, MiniPrograms: s.programsOf(p),
		})
		if err != nil {
			return err
		}
	}
	switch p.Outcome {
	case Resent:
		return note(s.out.did, "invited; no answer yet")
	case Withdrawn:
		if _, err := s.Members.Withdraw(ctx, admin, m.ID); err != nil {
			return err
		}
		return note(s.out.did, "invited, withdrawn by "+w.Admin.Name)
	}
	if err := s.accept(ctx, admin, m, token, p.Account); err != nil {
		return err
	}
	return note(s.out.did, "invited, accepted")
}

// accept lets an account accept an invitation. A token that an earlier run has
// taken with it is replaced: the sender sends the invitation again.
func (s *story) accept(ctx context.Context, sender rbac.Actor, m member.Member, token member.Token, account id.Account) (err error) {
	if token == "" {
		if _, token, err = s.Members.Resend(ctx, sender, m.ID); err != nil {
			return err
		}
	}
	_, err = s.Members.Accept(ctx, token, member.Account{ID: account, Email: m.Email, EmailVerified: true})
	return err
}

// record returns the latest record with an e-mail in a workspace, ended ones
// included; the zero Member if there is none.
func (s *story) record(ctx context.Context, w id.Workspace, email string, account id.Account) (latest member.Member, err error) {
	found, err := page.Collect(page.All(ctx, s.Members.List, operator,
		member.Filter{Workspace: w, Email: email, Statuses: member.Statuses()}))
	if err != nil || len(found) == 0 {
		return latest, err
	}
	latest = found[len(found)-1].Member
	if latest.Account != "" && latest.Account != account {
		err = errors.New("stored is another account with this e-mail: use another directory for other people")
	}
	return latest, err
}

// resend waits until the invitations that nobody has answered are over, and
// sends them again.
func (s *story) resend(ctx context.Context) error {
	s.out.chapter("Some invitations get no answer: they expire, and are sent again")
	if err := s.await(ctx); err != nil {
		return err
	}
	for w, p := range s.data.everybody() {
		if p.Outcome != Resent {
			continue
		}
		m, err := s.record(ctx, s.workspaces[w.Name], p.Email, p.Account)
		if err != nil {
			return at(p.path, err)
		}
		note := s.out.kept
		if unanswered(m) {
			note = s.out.did
			if m, _, err = s.Members.Resend(ctx, w.Admin.actor(), m.ID); err != nil {
				return at(p.path, err)
			}
		}
		note(p.Name, "of "+string(w.Name), "expired, sent again by "+w.Admin.Name, "valid until "+date(m.Invitation.ExpiresAt))
	}
	return nil
}

// await puts the clock forward to when the last unanswered invitation expires.
func (s *story) await(ctx context.Context) error {
	var last time.Time
	for w, p := range s.data.everybody() {
		m, err := s.record(ctx, s.workspaces[w.Name], p.Email, p.Account)
		if err != nil {
			return at(p.path, err)
		}
		if expiry := m.Invitation.ExpiresAt; p.Outcome == Resent && unanswered(m) && expiry.After(last) {
			last = expiry
		}
	}
	if s.clock.now().Before(last) {
		s.clock.reach(last)
		s.out.say("Days pass: the clock of this example is put forward to %s.", date(last))
	}
	return nil
}

// unanswered reports whether an invitation was sent once, and not accepted.
func unanswered(m member.Member) bool {
	return m.State == member.Invited && m.Invitation.Generation == 1
}

// programsOf returns the ids of the mini programs that are assigned to somebody.
func (s *story) programsOf(p *Person) (ids []id.MiniProgram) {
	for _, name := range p.MiniPrograms {
		ids = append(ids, s.programs[name])
	}
	return ids
}
