package signin

import (
	"context"
	"time"

	"github.com/superapp-go/superapp/fault"
	"github.com/superapp-go/superapp/id"
	"github.com/superapp-go/superapp/member"
	"github.com/superapp-go/superapp/rbac"
)

// SignIn is what somebody signs in with.
type SignIn struct {
	// Workspace is where: a password is that of one membership.
	Workspace id.Workspace
	// Name is the member's e-mail address, as he was invited, or his account.
	Name     string
	Password Password
	// Request is the host's id of the request, for the actor: one line of at most
	// rbac.MaxRequest bytes.
	Request string
}

// A SignedIn is who signed in.
type SignedIn struct {
	// Actor is bound to the workspace: rbac.User(account).Within(workspace).
	Actor rbac.Actor
	// Member is the membership.
	Member member.Member
}

// SignIn signs a member in (M14). Nothing is stored of it but that there were no
// failures since. Whoever is blocked, has no password or does not exist is answered
// alike, and in the same time; in a disabled workspace members may still look, and
// so sign in.
//
// Errors: [ErrWrong]; a *[LockedError] after too many failures; [ErrMustChange] and
// [ErrExpired], which only the right password is told; [ErrInUnit]; rbac.ErrRequest.
func (s *Service) SignIn(ctx context.Context, in SignIn) (who SignedIn, err error) {
	defer fault.Wrap(&err, "signin: sign in")
	if err := s.outside(); err != nil {
		return who, err
	}
	if err := rbac.User("-").WithRequest(in.Request).Validate(); err != nil {
		return who, err
	}
	t, err := s.try(ctx, in.Workspace, in.Name, in.Password)
	if err != nil {
		return who, err
	}
	stronger := ""
	if p, ok := in.Password.prepared(); ok && t.stale {
		if stronger, err = s.options.Hasher.Hash(ctx, p); err != nil {
			return who, err
		}
	}
	var verdict error
	err = s.settle(ctx, t, in.Password, func(ctx context.Context, tx Tx, c Credential, now time.Time) error {
		// Why not twice: who compares the hash that another sign-in has just made would
		// find it made anew again.
		if verdict = c.verdict(t.security, now); stronger == "" || c.Hash != t.credential.Hash {
			return nil
		}
		c.Hash = stronger
		return tx.PutCredential(ctx, c)
	})
	if err == nil {
		err = verdict
	}
	if err != nil {
		return SignedIn{}, err
	}
	return SignedIn{Actor: t.actor(in.Request), Member: t.member}, nil
}
