package signin

import (
	"context"
	"time"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/unit"
	"github.com/superapp-go/superapp/workspace"
)

// ActionSetPassword and ActionResetPassword are what may be done about the password
// of an active member alone (M3).
const (
	ActionSetPassword   member.Action = "set_password"
	ActionResetPassword member.Action = "reset_password"
)

// ErrSet is the error for setting a first password where there is one.
var ErrSet = fault.Define(fault.ErrExists, "signin.set", "the member has a password already: change it, or have it reset")

// SetPassword sets the caller's first password in a workspace of which he is an
// active member: what a host asks for that has authenticated him otherwise, such as
// right after he accepted. The password is checked by what the workspace asks.
// Errors: *fault.InvalidError; [ErrSet] if he has one, so the second time;
// workspace.ErrNotFound if he is no member; member.ErrWorkspaceClosed while the
// workspace or its tenant is disabled, where members change nothing (W6); a
// *member.StateError if he is blocked.
func (s *Service) SetPassword(ctx context.Context, actor rbac.Actor, w id.Workspace, p Password) (err error) {
	defer fault.Wrap(&err, "signin: set password")
	if err := s.on(); err != nil {
		return err
	}
	if err := actor.Validate(); err != nil {
		return err
	}
	prepared, ok := p.prepared()
	if !ok {
		return unusable("password")
	}
	// Why first in a snapshot: what the policy refuses is not worth a hash, which is
	// made outside of the unit.
	err = s.store.View(ctx, func(ctx context.Context, r Reader) error {
		_, err := s.first(ctx, r, actor, w, prepared)
		return err
	})
	if err != nil {
		return err
	}
	c := Credential{}
	if c.Hash, err = s.options.Hasher.Hash(ctx, prepared); err != nil {
		return err
	}
	return s.store.Update(ctx, unit.On(actor, rbac.OnWorkspace(w)), func(ctx context.Context, tx Tx) error {
		m, err := s.first(ctx, tx, actor, w, prepared)
		if err != nil {
			return err
		}
		set := c
		set.Member, set.SetAt = m.ID, s.env.Now()
		if err := tx.PutCredential(ctx, set); err != nil {
			return err
		}
		return s.append(ctx, tx, actor, EventSet, m, "", set.SetAt, nil, set)
	})
}

// first returns the member whose first password this may be.
func (s *Service) first(ctx context.Context, r Reader, actor rbac.Actor, w id.Workspace, p Password) (m member.Member, err error) {
	facts, err := r.Facts(ctx, rbac.Query{Account: actor.Account(), Object: rbac.OnWorkspace(w)})
	if err != nil {
		return m, err
	}
	if facts = facts.For(actor); facts.Home.Presence == rbac.Absent {
		return m, workspace.ErrNotFound
	}
	for _, status := range []workspace.Status{facts.OwnerStatus, facts.TenantStatus} {
		if status == workspace.Disabled || status == workspace.Removed {
			return m, member.ErrWorkspaceClosed
		}
	}
	found, err := r.Lookup(ctx, member.Lookup{Member: facts.Home.Member, Workspace: w, Settings: true})
	if err != nil {
		return m, err
	}
	m = found.Member
	if err := active(m, ActionSetPassword, s.env.Now()); err != nil {
		return m, err
	}
	kept, err := r.Passwords(ctx, Query{Member: m.ID})
	switch {
	case err != nil:
		return m, err
	case kept.Credential.Hash != "":
		return m, ErrSet
	}
	var problems fault.Problems
	PolicyOf(s.security(found.Own, found.Above)).check(&problems, "password", p, wordsOf(m)...)
	return m, problems.Err()
}

// active returns a *member.StateError unless the member is active.
func active(m member.Member, a member.Action, now time.Time) error {
	if m.State == member.Active {
		return nil
	}
	st := m.Status(now)
	return &member.StateError{Action: a, Status: st, Open: member.OpenActions(st)}
}

// unusable is the error for a text that cannot be a password.
func unusable(field string) error {
	return fault.Invalid(field, "malformed", "want text without control characters, of at most 1,024 bytes")
}

// Change is a password for another.
type Change struct {
	// Workspace and Name are those of [SignIn].
	Workspace id.Workspace
	Name      string
	// Present is the password that he has, New the one that he wants.
	Present, New Password
	// Request is the host's id of the request, for the audit trail: one line of at
	// most rbac.MaxRequest bytes.
	Request string
}

// ChangePassword gives a member another password in exchange for the present one,
// which is tried as by [Service.SignIn]; a password that must be changed serves for
// this alone. He is signed in afterwards. In a disabled workspace too, where members
// may still look (W6): a password may have to be changed for that. Errors: [ErrWrong], also the second time;
// a *[LockedError]; [ErrExpired]; *fault.InvalidError if the new one is not what the
// workspace asks for, which only the present password is told; [ErrInUnit].
func (s *Service) ChangePassword(ctx context.Context, in Change) (who SignedIn, err error) {
	defer fault.Wrap(&err, "signin: change password")
	if err := s.outside(); err != nil {
		return who, err
	}
	if err := rbac.User("-").WithRequest(in.Request).Validate(); err != nil {
		return who, err
	}
	t, err := s.try(ctx, in.Workspace, in.Name, in.Present)
	if err != nil {
		return who, err
	}
	after := Credential{Member: t.member.ID}
	refused := s.exchange(t, in)
	if refused == nil {
		p, _ := in.New.prepared()
		if after.Hash, err = s.options.Hasher.Hash(ctx, p); err != nil {
			return who, err
		}
	}
	var verdict error
	err = s.settle(ctx, t, in.Present, func(ctx context.Context, tx Tx, before Credential, now time.Time) error {
		if verdict = before.verdict(t.security, now); verdict != ErrExpired {
			verdict = refused
		}
		if verdict != nil {
			return nil
		}
		set := after
		set.SetAt = now
		if err := tx.PutCredential(ctx, set); err != nil {
			return err
		}
		return s.append(ctx, tx, t.actor(in.Request), EventChanged, t.member, "", now, before.snapshot(), set)
	})
	if err == nil {
		err = verdict
	}
	if err != nil {
		return SignedIn{}, err
	}
	return SignedIn{Actor: t.actor(in.Request), Member: t.member}, nil
}

// exchange returns what speaks against the new password.
func (s *Service) exchange(t try, in Change) error {
	prepared, ok := in.New.prepared()
	if !ok {
		return unusable("new")
	}
	var problems fault.Problems
	PolicyOf(t.security).check(&problems, "new", prepared, wordsOf(t.member)...)
	if present, _ := in.Present.prepared(); present == prepared {
		problems.Add("new", "not_allowed", "it is the present one: want another")
	}
	return problems.Err()
}
