package signin

import (
	"context"
	"time"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
	"github.com/superapp-go/superapp/workspace"
)

// An upon is the member whose password a verb is about.
type upon struct {
	member.Member
	security workspace.Security
	now      time.Time
}

// key is under which his attempts are counted.
func (u upon) key() [32]byte { return keyOf(u.Workspace, u.ID, "") }

// subject reads a member of whom the facts are; member.ErrNotFound if there is none.
func (s *Service) subject(ctx context.Context, r Reader, facts rbac.Facts, m id.Member) (u upon, err error) {
	found, err := r.Lookup(ctx, member.Lookup{Member: m, Workspace: facts.Owner, Settings: true})
	switch {
	case err != nil:
		return u, err
	case found.Member.ID.IsZero():
		return u, member.ErrNotFound
	}
	return upon{found.Member, s.security(found.Own, found.Above), s.env.Now()}, nil
}

// A Status is how it stands with a member's password.
type Status struct {
	// Now is the moment.
	Now time.Time
	// Set says that there is a password, since SetAt.
	Set   bool
	SetAt time.Time
	// MustChange says that it serves only to set another: until ExpiresAt if it was
	// reset, and for any time, ExpiresAt being zero, if it is too old.
	MustChange bool
	ExpiresAt  time.Time
	// Expired says that it was reset, and that its time is over.
	Expired bool
	// Failures counts the attempts that failed in a row; LockedUntil is when they
	// stop locking him out, zero if they do not.
	Failures    int
	LockedUntil time.Time
}

// Status returns how it stands with a member's password. The caller needs
// member.password.reset. [member.ErrNotFound] for anyone who is in neither the
// workspace nor its tenant.
func (s *Service) Status(ctx context.Context, actor rbac.Actor, m id.Member) (st Status, err error) {
	defer fault.Wrap(&err, "signin: status")
	if err := s.on(); err != nil {
		return st, err
	}
	err = s.store.View(ctx, func(ctx context.Context, r Reader) error {
		facts, err := s.env.Authorize(ctx, r, actor, rbac.ResetMemberPassword, rbac.OnMember(m), member.ErrNotFound)
		if err != nil {
			return err
		}
		on, err := s.subject(ctx, r, facts, m)
		if err != nil {
			return err
		}
		found, err := r.Passwords(ctx, Query{Member: m, Workspace: on.Workspace, Key: on.key()})
		if err != nil {
			return err
		}
		c, a := found.Credential, found.Attempts.live(on.now)
		verdict := c.verdict(on.security, on.now)
		st = Status{
			Now: on.now, Set: c.Hash != "", SetAt: c.SetAt, ExpiresAt: c.ExpiresAt,
			MustChange: c.Hash != "" && verdict == ErrMustChange, Expired: verdict == ErrExpired, Failures: a.Failures,
		}
		if a.Failures >= on.security.Failures {
			st.LockedUntil = a.Until
		}
		return nil
	})
	if err != nil {
		return Status{}, err
	}
	return st, nil
}
