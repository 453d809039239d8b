package member

import (
	"context"
	"time"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/internal/text"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

// Resend sends an invitation again: its validity starts anew, with a new token,
// and the older ones answer that a newer invitation was sent (M4). The token is ""
// if letters take it: see Options.Letters. The caller
// needs member.invite and becomes the sender whose rights count (M12). A first
// admin's invitation may also be resent by the platform operator and whoever
// holds developer_workspace.create (W5). Errors: a *[StateError] once it was
// accepted, withdrawn or deleted; a *[CeilingError]; [ErrRoleGone] if its own role
// was deleted, or takes other mini programs by now (M15).
func (s *Service) Resend(ctx context.Context, actor rbac.Actor, m id.Member) (sent Member, t Token, err error) {
	defer fault.Wrap(&err, "member: resend")
	t, hash := s.sendToken()
	err = s.store.Update(ctx, unit.On(actor, rbac.OnMember(m)), func(ctx context.Context, tx Tx) error {
		opener, facts, err := s.authorizeSend(ctx, tx, actor, m)
		if err != nil {
			return err
		}
		before, err := tx.Lookup(ctx, Lookup{Member: m, Workspace: facts.Owner, Admins: true, Settings: true})
		if err != nil {
			return err
		}
		if opener && !before.isFirst() {
			// He may open workspaces, but not invite into one that is in use.
			return s.env.Matrix.Check(actor, facts, rbac.InviteMember, rbac.OnMember(m))
		}
		now := s.env.Now()
		after := before.Member
		if err := after.may(ActionResend, now); err != nil {
			return err
		}
		if !before.isFirst() {
			if err := s.stillFits(ctx, tx, facts.Owner, facts.Tenant, after.Role, after.Programs); err != nil {
				return err
			}
			if err := s.ceiling(ctx, tx, actor, facts, after.Role, after.Programs); err != nil {
				return err
			}
		}
		after.UpdatedAt = now
		after.Invitation = Invitation{
			SentAt: now, ExpiresAt: now.Add(s.settings(&before).Validity),
			Generation: after.Invitation.Generation + 1, Sender: actor.Account(),
		}
		if err := keepToken(ctx, tx, hash, after); err != nil {
			return err
		}
		sent = after
		return save(ctx, tx, actor, EventResent, "", before.Member, after)
	})
	if err != nil {
		return Member{}, "", err
	}
	return sent, t, nil
}

// authorizeSend returns the actor's facts if he may send the invitation. opener
// says that he may for a first admin alone, because he could have opened the
// workspace (W5).
func (s *Service) authorizeSend(ctx context.Context, r Reader, actor rbac.Actor, m id.Member) (opener bool, facts rbac.Facts, err error) {
	facts, err = s.env.Authorize(ctx, r, actor, rbac.InviteMember, rbac.OnMember(m), ErrNotFound)
	if fault.KindOf(err) != fault.ErrDenied {
		return false, facts, err
	}
	opened, no := s.env.Authorize(ctx, r, actor, rbac.CreateDeveloperWorkspace, rbac.OnMember(m), ErrNotFound)
	if no != nil {
		return false, facts, err
	}
	return true, opened, nil
}

// isFirst reports whether the member is the first admin of a workspace that has
// had no admin yet: until then, and no longer, he is exempt from the ceiling
// (W5, M12).
func (f *Found) isFirst() bool { return f.Member.First && f.Admins == 0 }

// Withdraw ends an invitation that nobody has accepted; it is not to be resent
// (M5). The caller needs member.invite. Errors: a *[StateError] once it is over;
// [ErrFirstAdmin] for the first admin's while the workspace has no active admin
// (W5); a *[CeilingError] for the invitation of somebody who would hold more
// than the caller.
func (s *Service) Withdraw(ctx context.Context, actor rbac.Actor, m id.Member) (ended Member, err error) {
	defer fault.Wrap(&err, "member: withdraw")
	return s.change(ctx, actor, m, change{
		action: ActionWithdraw, verb: EventWithdrawn,
		apply: func(c *changing) error {
			if c.before.First && c.found.Admins == 0 {
				return ErrFirstAdmin
			}
			c.after = c.before.end(Withdrawn, c.now)
			return nil
		},
	})
}

// A First is who becomes the first admin of a workspace: a known account, which
// is active at once, or an e-mail, which is invited (W5).
type First struct {
	// Account enters at once. Default: none, the e-mail is invited.
	Account id.Account
	// Email is the address; optional with an account.
	Email string
	// Name is what he is called, 1 to 64 characters.
	Name string
}

// SetFirstAdmin names the first admin of a workspace that has had none yet, and
// withdraws the invitation of whoever was named before (W5). It is what opening
// a workspace does, and what helps when the first admin's address was wrong. It
// is for the platform operator, and for whoever holds
// developer_workspace.create. The token is "" for a known account. Errors:
// *fault.InvalidError; [ErrHasAdmin] once the workspace has an active admin; a
// *[PresentError] if the account is a member, or the e-mail a member's or
// invited otherwise.
func (s *Service) SetFirstAdmin(ctx context.Context, actor rbac.Actor, w id.Workspace, first First) (m Member, t Token, err error) {
	defer fault.Wrap(&err, "member: set first admin")
	fresh, err := s.newFirst(first, w)
	if err != nil {
		return m, "", err
	}
	on := rbac.OnWorkspace(w)
	err = s.store.Update(ctx, unit.On(actor, on), func(ctx context.Context, tx Tx) error {
		facts, err := s.env.Authorize(ctx, tx, actor, rbac.CreateDeveloperWorkspace, on, workspace.ErrNotFound)
		if err != nil {
			return err
		}
		if facts.Owner == facts.Tenant {
			if err := unit.OperatorOnly(actor); err != nil {
				return err
			}
		}
		now := s.env.Now()
		found, err := unseatFirst(ctx, tx, actor, fresh.Member, now)
		if err != nil {
			return err
		}
		m, err = s.seatFirst(ctx, tx, actor, fresh, facts.Tenant, s.settings(&found), now)
		return err
	})
	if err != nil {
		return Member{}, "", err
	}
	return m, fresh.given(), nil
}

// EnterFirst is for the platform: it stores the first admin of a workspace that
// the same unit has made, in which nobody can be yet. The unit has decided that
// the actor may.
func (s *Service) EnterFirst(ctx context.Context, tx Tx, actor rbac.Actor, w workspace.Workspace, first First) (Member, Token, error) {
	fresh, err := s.newFirst(first, w.ID)
	if err != nil {
		return Member{}, "", err
	}
	// Why not the new workspace's: it has set nothing yet, so that its tenant's hold.
	var found Found
	if w.Tenant != w.ID && fresh.State == Invited {
		if _, found.Above, err = tx.Settings(ctx, w.Tenant); err != nil {
			return Member{}, "", err
		}
	}
	m, err := s.seatFirst(ctx, tx, actor, fresh, w.Tenant, s.settings(&found), w.CreatedAt)
	if err != nil {
		return Member{}, "", err
	}
	return m, fresh.given(), nil
}

// seatFirst stores a first admin.
func (s *Service) seatFirst(ctx context.Context, tx Tx, actor rbac.Actor, fresh invitee, tenant id.Workspace,
	settings workspace.Settings, now time.Time) (Member, error) {
	made := fresh.Member
	made.Tenant, made.Role, made.CreatedAt, made.UpdatedAt = tenant, rbac.DeveloperAdmin, now, now
	if made.Workspace == tenant {
		made.Role = rbac.WorkspaceAdmin
	}
	verb := EventEntered
	if made.State == Active {
		made.JoinedAt = now
	} else {
		verb = EventInvited
		made.Invitation = Invitation{
			SentAt: now, ExpiresAt: now.Add(settings.Validity), Generation: 1, Sender: actor.Account(),
		}
	}
	return made, insert(ctx, tx, actor, verb, made, fresh.hash)
}

// given is the token that is handed out: a known account needs none.
func (f invitee) given() Token {
	if f.State == Active {
		return ""
	}
	return f.token
}

// Validate returns a *fault.InvalidError with all that is wrong with it.
func (first First) Validate() error {
	_, err := first.check()
	return err
}

// newFirst makes what does not depend on the store.
func (s *Service) newFirst(first First, w id.Workspace) (invitee, error) {
	f, err := first.check()
	f.ID, f.Workspace = id.Member{UUID: s.env.NewID()}, w
	f.token, f.hash = s.sendToken()
	return f, err
}

// check returns the first admin as he is stored, or all that is wrong with him.
func (first First) check() (invitee, error) {
	var p fault.Problems
	f := invitee{}
	f.First, f.State = true, Invited
	f.Name = text.Line(&p, "name", first.Name, 1, MaxName)
	f.NameKey = text.Fold(f.Name)
	if first.Email != "" || first.Account == "" {
		f.Email = text.Email(&p, "email", first.Email)
	}
	if first.Account != "" {
		f.State, f.Account = Active, first.Account
		if err := first.Account.Validate(); err != nil {
			p.Add("account", "malformed", err.Error())
		}
	}
	return f, p.Err()
}

// unseatFirst withdraws the first admin's invitation, if one is open, and
// refuses if the workspace has an active admin, or if whoever comes after him is
// there already. It returns what it found out.
func unseatFirst(ctx context.Context, tx Tx, actor rbac.Actor, next Member, now time.Time) (Found, error) {
	l := Lookup{Workspace: next.Workspace, Admins: true, Account: next.Account, First: true, Settings: true}
	if next.Email != "" {
		l.Emails = []string{next.Email}
	}
	found, err := tx.Lookup(ctx, l)
	if err != nil {
		return found, err
	}
	if found.Admins > 0 {
		return found, ErrHasAdmin
	}
	for _, o := range found.Open {
		switch {
		case o.First:
		case o.Status(now) == StatusExpired:
			if err := save(ctx, tx, actor, EventWithdrawn, "replaced by the first admin's", o, o.end(Withdrawn, now)); err != nil {
				return found, err
			}
		default:
			return found, &PresentError{Status: o.Status(now), Member: o.ID}
		}
	}
	if !found.Present.IsZero() {
		present, err := tx.Member(ctx, found.Present)
		if err != nil {
			return found, err
		}
		return found, &PresentError{Status: present.Status(now), Member: present.ID}
	}
	if found.First.ID.IsZero() {
		return found, nil
	}
	return found, save(ctx, tx, actor, EventWithdrawn, "replaced by another first admin", found.First, found.First.end(Withdrawn, now))
}
